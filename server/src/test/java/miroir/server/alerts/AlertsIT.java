package miroir.server.alerts;

import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import miroir.index.Refusal;
import miroir.index.store.Readiness;
import miroir.server.TestServer;
import miroir.server.configuration.AlertsConfiguration.Thresholds;
import miroir.server.configuration.ServerConfiguration;
import miroir.server.subscriptions.KnownSubscriptions.Known;
import miroir.storage.DiskSpace;
import miroir.storage.ledger.Change;
import miroir.storage.ledger.Lease;
import miroir.storage.ledger.Ledger;
import miroir.storage.sync.Cause;
import miroir.storage.sync.Definition;
import miroir.storage.sync.Register;
import miroir.storage.testing.MongoExtension;
import miroir.storage.testing.TestDatabase;
import org.bson.BsonDocument;
import org.bson.BsonString;
import org.bson.Document;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Who is told what, and when, by a register in a real database, a webhook and a server for mail. */
@ExtendWith(MongoExtension.class)
final class AlertsIT {
    private static final String NAME = "up/Organization";
    private static final Thresholds THRESHOLDS = new Thresholds(5, Duration.ofSeconds(5), 10);

    private final List<Document> posted = new ArrayList<>();
    private final List<String> signatures = new ArrayList<>();
    private volatile int status = 204;
    private volatile Readiness readiness = new Readiness(true, "");
    private List<Known> subscriptions = List.of();
    private Optional<DiskSpace> disk = Optional.empty();
    private List<Problem> own = List.of();
    private boolean areSubscriptionsAway;

    /** Later than what the database holds by its own clock. */
    private final Instant begin = Instant.now().plus(Duration.ofHours(1)).truncatedTo(ChronoUnit.SECONDS);

    private Instant now = begin;
    private HttpServer chat;
    private Ledger ledger;
    private Register register;
    private KeepWatch watch;

    @BeforeEach
    void start(TestDatabase database) throws Exception {
        chat = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        chat.createContext("/", exchange -> {
            byte[] body = exchange.getRequestBody().readAllBytes();
            if (status == 204) {
                posted.add(Document.parse(new String(body, StandardCharsets.UTF_8)));
                signatures.add(exchange.getRequestHeaders().getFirst(Webhook.SIGNATURE) + " "
                        + Webhook.signature("secret", body));
            }
            exchange.sendResponseHeaders(status, -1);
            exchange.close();
        });
        chat.start();
        try (MongoClient client = MongoClients.create(database.uri())) {
            client.getDatabase(database.name()).drop();
        }
        ledger = Ledger.open(TestServer.settings(database));
        register = new Register(ledger);
        register.prepare();
        Lease lease = lease();
        register.publish(lease, List.of(), List.of(Definition.of("up", "Organization")));
        ledger.giveBack(lease);
        watch = watch(List.of(webhook()));
    }

    @AfterEach
    void stop() {
        chat.stop(0);
        watch.close();
        ledger.close();
    }

    private Lease lease() {
        return ledger.take(Register.JOB, "daemon", Duration.ofDays(400)).orElseThrow();
    }

    private Webhook webhook() {
        return new Webhook(URI.create("http://127.0.0.1:" + chat.getAddress().getPort() + "/hook"), "secret");
    }

    private KeepWatch watch(List<Channel> channels) {
        return new KeepWatch(
                ledger,
                new FindProblems(register, () -> readiness, List::of, this::subscriptions, () -> disk, THRESHOLDS),
                (at, isAway) -> own,
                new ToldProblems(ledger, Duration.ofHours(24)),
                channels,
                "http://localhost/admin",
                () -> now);
    }

    private List<Known> subscriptions() {
        if (areSubscriptionsAway) {
            throw new Refusal(Refusal.Reason.NOT_READY, "the search of them took too long");
        }
        return subscriptions;
    }

    /** What cannot be looked at is neither over, nor is the database away for that; and the rest is told. */
    @Test
    void subscriptions_thatCannotBeLookedAt_areAsTheyWere() {
        lease();
        subscriptions = List.of(known("s2", "error"));
        look(Duration.ZERO);
        look(Duration.ofMinutes(1));
        assertThat(kinds(posted.get(0), "begun")).containsExactly("subscription s2");

        areSubscriptionsAway = true;
        readiness = new Readiness(false, "an index is built");
        look(Duration.ofMinutes(1));
        look(Duration.ofMinutes(1));
        look(Duration.ofMinutes(1));
        assertThat(posted).hasSize(2);
        assertThat(kinds(posted.get(1), "begun")).containsExactly("not-ready ");
        assertThat(kinds(posted.get(1), "over")).isEmpty();

        areSubscriptionsAway = false;
        subscriptions = List.of();
        look(Duration.ofMinutes(1));
        assertThat(kinds(posted.get(2), "over")).containsExactly("subscription s2");
    }

    /** Whoever watches next takes a disk for almost full until it is well again, as who watched before. */
    @Test
    void diskThatIsALittleBetter_isNotOver_forWhoWatchesNext() {
        lease();
        disk = Optional.of(new DiskSpace(9, 100));
        look(Duration.ZERO);
        look(Duration.ofMinutes(1));
        ledger.change(lease(), List.of(Change.remove(Ledger.JOBS, "alerts")));
        disk = Optional.of(new DiskSpace(11, 100));
        KeepWatch other = watch(List.of(webhook()));
        now = now.plus(Duration.ofMinutes(1));
        other.look();
        assertThat(posted).hasSize(1);
        disk = Optional.of(new DiskSpace(13, 100));
        other.look();
        assertThat(kinds(posted.get(1), "over")).containsExactly("database-disk ");
        other.close();
    }

    /** A server that was set back to an older version has such a kind in its database. */
    @Test
    void kind_thatIsNotKnown_isForgotten() {
        lease();
        readiness = new Readiness(false, "an index is built");
        look(Duration.ZERO);
        look(Duration.ofMinutes(1));
        ledger.change(
                lease(),
                List.of(Change.set(
                        ToldProblems.COLLECTION,
                        "webhook:not-ready:",
                        new BsonDocument("kind", new BsonString("OF_A_LATER_VERSION")))));
        readiness = new Readiness(true, "");
        fail("the upstream answers 503");
        look(Duration.ofMinutes(1));
        look(Duration.ofMinutes(1));

        assertThat(kinds(posted.get(1), "begun")).containsExactly("failed " + NAME);
        assertThat(kinds(posted.get(1), "over")).isEmpty();
    }

    private void look(Duration later) {
        now = now.plus(later);
        watch.look();
    }

    private void fail(String cause) {
        Lease lease = lease();
        register.fail(lease, NAME, null, Cause.unknown(cause), now);
    }

    private static List<String> kinds(Document posted, String when) {
        return posted.getList(when, Document.class).stream()
                .map(each -> each.getString("kind") + " " + each.getString("subject"))
                .toList();
    }

    @Test
    void problem_isToldOnTheSecondLook_onceADay_andWhenItIsOver() {
        fail("the upstream answers 503");

        look(Duration.ZERO);
        assertThat(posted).isEmpty();
        look(Duration.ofMinutes(1));
        look(Duration.ofMinutes(1));
        assertThat(posted).hasSize(1);
        assertThat(kinds(posted.get(0), "begun")).containsExactly("failed " + NAME);
        assertThat(posted.get(0).getString("text")).contains("La synchronisation up/Organization est en échec");
        assertThat(posted.get(0).toString()).contains("the upstream answers 503", begin.toString());
        assertThat(signatures).allSatisfy(each -> assertThat(each).matches("sha256=([0-9a-f]{64}) \\1"));

        look(Duration.ofHours(24));
        assertThat(posted).hasSize(2);
        assertThat(kinds(posted.get(1), "lasting")).contains("failed " + NAME);

        ledger.change(
                lease(),
                List.of(Change.set(Ledger.SYNCHRONISATIONS, NAME, new BsonDocument("state", new BsonString("OK")))));
        look(Duration.ofMinutes(1));
        look(Duration.ofMinutes(1));
        assertThat(kinds(posted.get(2), "over")).containsExactly("failed " + NAME);
        assertThat(posted).hasSize(3);
    }

    @Test
    void problem_thatIsGoneOnTheSecondLook_isNotTold() {
        lease();
        readiness = new Readiness(false, "an index is built");
        look(Duration.ZERO);
        readiness = new Readiness(true, "");

        look(Duration.ofMinutes(1));
        look(Duration.ofMinutes(1));

        assertThat(posted).isEmpty();
    }

    @Test
    void nobodySynchronises_isTold() {
        look(Duration.ZERO);
        look(Duration.ofMinutes(1));

        assertThat(kinds(posted.get(0), "begun")).containsExactly("nobody-synchronises ");
    }

    @Test
    void subscriptionsInError_andTheDiskOfTheDatabase_areTold() {
        lease();
        subscriptions = List.of(known("s1", "active"), known("s2", "error"));
        disk = Optional.of(new DiskSpace(9, 100));
        look(Duration.ZERO);
        look(Duration.ofMinutes(1));

        assertThat(kinds(posted.get(0), "begun")).containsExactlyInAnyOrder("subscription s2", "database-disk ");
        assertThat(posted.get(0).toString()).contains("answered with 500", "9.0 % are free");

        // A little more is free, which is not enough to say that it is over.
        disk = Optional.of(new DiskSpace(11, 100));
        subscriptions = List.of();
        look(Duration.ofMinutes(1));
        assertThat(kinds(posted.get(1), "over")).containsExactly("subscription s2");
        disk = Optional.of(new DiskSpace(13, 100));
        look(Duration.ofMinutes(1));
        assertThat(kinds(posted.get(2), "over")).containsExactly("database-disk ");
    }

    private static Known known(String id, String status) {
        return new Known(
                id,
                1,
                status,
                "Organization",
                "https://app.example.org",
                "local",
                true,
                true,
                0,
                null,
                null,
                0,
                0,
                null,
                "answered with 500");
    }

    /** They are of each alone, and so each tells its own, whoever tells what is in the database. */
    @Test
    void problemsOfAServer_areToldByIt_onTheSecondLook_onceADay_andWhenTheyAreOver() {
        lease();
        KeepWatch other = watch(List.of(webhook()));
        own = List.of(new Problem(Kind.ERRORS, "one", "7.0 % of 200 requests in ten minutes failed (5xx)"));
        other.look();
        status = 500;
        now = now.plus(Duration.ofMinutes(1));
        other.look();
        assertThat(posted).isEmpty();
        status = 204;
        other.look();
        other.look();
        assertThat(kinds(posted.get(0), "begun")).containsExactly("errors one");
        assertThat(posted).hasSize(1);
        now = now.plus(Duration.ofHours(24));
        other.look();
        assertThat(kinds(posted.get(1), "lasting")).containsExactly("errors one");

        own = List.of();
        other.look();
        other.look();
        assertThat(kinds(posted.get(2), "over")).containsExactly("errors one");
        assertThat(posted).hasSize(3);
        other.close();
    }

    @Test
    void webhookThatFails_isAskedAgain_andTellsNothingTwice() {
        lease();
        readiness = new Readiness(false, "an index is built");
        status = 500;
        look(Duration.ZERO);
        look(Duration.ofMinutes(1));
        status = 204;

        look(Duration.ofMinutes(1));
        look(Duration.ofMinutes(1));

        assertThat(posted).hasSize(1);
    }

    @Test
    void ofTwoServers_oneTells_andTheOtherGoesOnFromThere() {
        lease();
        readiness = new Readiness(false, "an index is built");
        KeepWatch other = watch(List.of(webhook()));
        look(Duration.ZERO);
        other.look();
        look(Duration.ofMinutes(1));
        other.look();
        assertThat(posted).hasSize(1);

        ledger.change(lease(), List.of(Change.remove(Ledger.JOBS, "alerts")));
        readiness = new Readiness(true, "");
        now = now.plus(Duration.ofMinutes(1));
        other.look();

        assertThat(kinds(posted.get(1), "over")).containsExactly("not-ready ");
    }

    @Test
    void letters_saveWhatIsWrong_inFrenchAndEnglish() throws Exception {
        try (MailServer mail = MailServer.start()) {
            ServerConfiguration configuration = ServerConfiguration.read(
                    "test.yaml",
                    "alerts: {mail: {server: 'smtp://127.0.0.1:" + mail.port()
                            + "', from: miroir@h.example, to: 'it@h.example, boss@h.example'}}",
                    Map.<String, String>of()::get);
            watch.close();
            watch = watch(List.of(new Mail(configuration.alerts().mail().orElseThrow(), ZoneOffset.UTC)));
            fail("the upstream answers 503\r\nBcc: evil@example.org");

            look(Duration.ZERO);
            look(Duration.ofMinutes(1));

            String letter = mail.taken();
            assertThat(letter)
                    .contains("RCPT TO:<it@h.example>", "RCPT TO:<boss@h.example>", "MAIL FROM:<miroir@h.example>")
                    .contains("Auto-Submitted: auto-generated")
                    .doesNotContainPattern("(?m)^Bcc:");
            assertThat(MailServer.text(letter))
                    .contains("La synchronisation up/Organization est en échec ("
                            + begin.toString().replace('T', ' ').substring(0, 16) + " Z)")
                    .contains("The synchronisation up/Organization has failed", "503 Bcc: evil@example.org")
                    .contains("http://localhost/admin");
        }
    }
}
