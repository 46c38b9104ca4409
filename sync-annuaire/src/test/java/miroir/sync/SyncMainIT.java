package miroir.sync;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoDatabase;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import miroir.simulator.Kind;
import miroir.simulator.fault.Fault;
import miroir.simulator.fault.FaultRule;
import miroir.simulator.http.Simulator;
import miroir.simulator.http.SimulatorSettings;
import miroir.simulator.life.Event;
import miroir.storage.MongoStoreSettings;
import miroir.storage.ledger.Lease;
import miroir.storage.ledger.Ledger;
import miroir.storage.testing.MongoExtension;
import miroir.storage.testing.TestDatabase;
import miroir.sync.testing.Mirroring;
import org.bson.Document;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** The commands, and what they end with. */
@ExtendWith(MongoExtension.class)
class SyncMainIT {
    private static final Path ROOT = Path.of(System.getProperty("miroir.root"));

    private final Simulator upstream = Simulator.start(
            SimulatorSettings.standard().withSize(311).withPace(0).withKey("k3y"));
    private final Map<String, String> environment = new HashMap<>();
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final TestDatabase database;
    private final Path configuration;

    SyncMainIT(TestDatabase database, @TempDir Path folder) throws Exception {
        this.database = database;
        this.configuration = folder.resolve("sync.yaml");
        Mirroring.empty(database);
        configure("", "4s");
        environment.put("MONGODB_URI", database.uri());
        environment.put("MIROIR_DATABASE", database.name());
        environment.put("MIROIR_TYPES", "Organization,Device");
        environment.put("MIROIR_SEARCH_CONF", ROOT.resolve("conf/search").toString());
        environment.put("MIROIR_SYNC_CONFIG", configuration.toString());
        environment.put("ANNUAIRE_API_KEY", "k3y");
    }

    private void configure(String ofSource, String lease) throws Exception {
        Files.writeString(configuration, """
                sources:
                  sim: {url: "%s", keyVariable: ANNUAIRE_API_KEY, quota: 10000, patience: 1s%s}
                synchronisations:
                  - {source: sim, type: Organization}
                  - {source: sim, type: Device}
                daemon: {lease: %s, metricsPort: 0}
                """.formatted(upstream.base(), ofSource, lease));
    }

    @AfterEach
    void close() {
        upstream.close();
    }

    private SyncMain command() {
        PrintStream to = new PrintStream(out, true, UTF_8);
        return new SyncMain(environment, to, to);
    }

    private ExitCode sync(String... arguments) {
        return command().run(List.of(arguments));
    }

    private String said() {
        return out.toString(UTF_8);
    }

    @ParameterizedTest
    @ValueSource(strings = {"run", "once", "check", "status", "start sim/Device", "load --show FILE", "load FILE"})
    void everyCommand_databaseInANewerFormat_isRefused(String line) throws Exception {
        Path file = Files.writeString(
                configuration.resolveSibling("one.ndjson"), "{\"resourceType\":\"Device\",\"id\":\"d\"}\n");
        environment.put("MIROIR_DATABASE", database.name() + "_newer");
        Document newer = new Document("_id", "format")
                .append("number", 99)
                .append("writers", 98)
                .append("complete", 99);
        try (MongoClient client = MongoClients.create(database.uri())) {
            MongoDatabase inside = client.getDatabase(database.name() + "_newer");
            inside.drop();
            inside.getCollection("miroir_state").insertOne(newer);

            assertThat(sync(line.replace("FILE", file.toString()).split(" ", -1)))
                    .isEqualTo(ExitCode.USAGE);

            assertThat(said()).contains("what is stored is of format 99", "Start the version of Miroir");
            assertThat(inside.listCollectionNames()).containsExactly("miroir_state");
        }
    }

    @Test
    void once_thenStatusAndCheck_endWell() {
        environment.put("MIROIR_TERMINAL", "true");
        assertThat(sync("once")).isEqualTo(ExitCode.DONE);
        assertThat(said()).as("a bar at its end").contains("[########################] 100 %");
        assertThat(said().substring(said().lastIndexOf("[####")))
                .as("no bar is drawn over the report")
                .contains("sim/Organization  ", "sim/Device  ");
        assertThat(sync("status")).isEqualTo(ExitCode.DONE);
        assertThat(sync("check", "--complete")).isEqualTo(ExitCode.DONE);
        assertThat(sync("check", "--sample", "20", "--types", "Organization")).isEqualTo(ExitCode.DONE);

        long count = upstream.count(Kind.ORGANIZATION);
        assertThat(said())
                .containsPattern("sim/Organization +OK +complete as at \\d{4}-\\d\\d-\\d\\dT[\\d:]+Z\n"
                        + "    last run \\S+Z, everything, done: \\d+ received: " + count
                        + " created, 0 updated, \\d+ unchanged; 0 removed, 0 rejected\n")
                .containsPattern("sim/Organization +equal: " + count + " there, " + count + " here, " + count
                        + " compared, 0 differ\n")
                .containsPattern(
                        "sim/Organization +equal: " + count + " there, " + count + " here, 20 compared, 0 differ\n")
                .doesNotContain("k3y");
    }

    @Test
    void check_afterAChange_namesWhatDiffers() {
        assertThat(sync("once", "--types", "Organization")).isEqualTo(ExitCode.DONE);
        upstream.happen(Kind.ORGANIZATION, Event.CHANGE, 0.1);

        assertThat(sync("check", "--complete", "--types", "Organization")).isEqualTo(ExitCode.DONE);
        assertThat(said()).containsPattern("[1-9]\\d* changed or gone there since");
    }

    @Test
    void check_ofWhatWasNeverCopied_differs() {
        assertThat(sync("check", "--complete", "--types", "Device")).isEqualTo(ExitCode.NOT_ALL);
        assertThat(said()).contains("DIFFERS", "is there and not here");
    }

    @Test
    void check_failures_endWithTheirCode() {
        environment.put("ANNUAIRE_API_KEY", "wrong");
        assertThat(sync("check")).isEqualTo(ExitCode.KEY_REFUSED);
        environment.remove("ANNUAIRE_API_KEY");
        assertThat(sync("check")).isEqualTo(ExitCode.KEY_REFUSED);
        assertThat(sync("check", "--url", "http://127.0.0.1:1/fhir")).isEqualTo(ExitCode.UPSTREAM_AWAY);
        assertThat(sync("check", "--sample", "many")).isEqualTo(ExitCode.USAGE);
        assertThat(said())
                .contains(
                        "no key was sent: the environment variable ANNUAIRE_API_KEY is not set", "many is not a whole");
    }

    @Test
    void check_toldToStop_stops() {
        SyncMain check = command();
        check.tell();

        assertThat(check.run(List.of("check", "--complete"))).isEqualTo(ExitCode.STOPPED);
    }

    @Test
    void rejections_ofTheLastRun_areShownWithWhatCame() {
        upstream.faults().add(FaultRule.atRate(Fault.UNSTORABLE_RESOURCE, 1));
        sync("once", "--types", "Organization");

        assertThat(sync("rejections", "sim/Organization")).isEqualTo(ExitCode.DONE);
        assertThat(said()).contains("are kept:", "{\"resourceType\":\"Organization\"");
        assertThat(sync("rejections", "sim/Nothing")).isEqualTo(ExitCode.USAGE);
    }

    @Test
    void confirm_whereNothingWaits_isRefused() {
        assertThat(sync("once", "--types", "Device")).isEqualTo(ExitCode.DONE);

        assertThat(sync("confirm", "sim/Device")).isEqualTo(ExitCode.USAGE);
        assertThat(said()).contains("waits to be confirmed");
    }

    /** Its collections are not prepared, as opening the store would do. */
    @Test
    void status_ofAnEmptyDatabase_makesNothing() {
        try (MongoClient client = MongoClients.create(database.uri())) {
            environment.put("MIROIR_DATABASE", database.name() + "-looked-at");
            assertThat(sync("status")).isEqualTo(ExitCode.DONE);

            assertThat(client.getDatabase(database.name() + "-looked-at").listCollectionNames())
                    .isEmpty();
        }
    }

    @Test
    void key_afterSuccessAndRefusal_isInNoLogAndNoDocument() {
        Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        Logger ours = (Logger) LoggerFactory.getLogger("miroir");
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        log.start();
        root.addAppender(log);
        Level before = ours.getLevel();
        ours.setLevel(Level.DEBUG);
        try {
            environment.put("ANNUAIRE_API_KEY", "k3y-that-nobody-knows");
            assertThat(sync("once")).isEqualTo(ExitCode.KEY_REFUSED);
            environment.put("ANNUAIRE_API_KEY", "k3y\nbroken");
            assertThat(sync("once")).isEqualTo(ExitCode.USAGE);
            environment.put("ANNUAIRE_API_KEY", "k3y");
            upstream.faults().add(FaultRule.atRate(Fault.BAD_GATEWAY, 0.2));
            sync("once", "--types", "Device");
        } finally {
            ours.setLevel(before);
            root.detachAppender(log);
        }

        assertThat(List.copyOf(log.list))
                .isNotEmpty()
                .noneMatch(event -> String.valueOf(event.getFormattedMessage()).contains("k3y"));
        assertThat(said()).doesNotContain("k3y");
        assertThat(documents()).isNotEmpty().noneMatch(document -> document.contains("k3y"));
    }

    private List<String> documents() {
        List<String> all = new ArrayList<>();
        try (MongoClient client = MongoClients.create(database.uri())) {
            MongoDatabase in = client.getDatabase(database.name());
            for (String name : in.listCollectionNames()) {
                in.getCollection(name).find().map(document -> document.toJson()).into(all);
            }
        }
        return all;
    }

    @Test
    void load_asCopies_isGoneOnWithByOnce(@TempDir Path folder) throws Exception {
        Files.writeString(
                folder.resolve("a.ndjson"), "{\"resourceType\":\"Device\",\"id\":\"gone\",\"lotNumber\":\"1\"}\n");

        assertThat(sync("load", "--source", "sim", folder.toString())).isEqualTo(ExitCode.DONE);
        assertThat(sync("once", "--types", "Device")).isEqualTo(ExitCode.DONE);
        assertThat(said()).contains("1 removed");
        assertThat(sync("check", "--complete", "--types", "Device")).isEqualTo(ExitCode.DONE);
    }

    @Test
    void once_failures_endWithTheirCode() {
        environment.put("ANNUAIRE_API_KEY", "wrong");
        assertThat(sync("once")).isEqualTo(ExitCode.KEY_REFUSED);
        environment.put("ANNUAIRE_API_KEY", "k3y");
        assertThat(sync("once", "--url", "http://127.0.0.1:1/fhir")).isEqualTo(ExitCode.UPSTREAM_AWAY);
        upstream.faults().add(FaultRule.atRate(Fault.WRONG_TOTAL, 1));
        assertThat(sync("once", "--types", "Device")).isEqualTo(ExitCode.UPSTREAM_WRONG);
        upstream.faults().clear();
        assertThat(sync("status")).as("one is KO").isEqualTo(ExitCode.NOT_ALL);
        assertThat(said())
                .containsPattern(
                        "sim/Device +KO +complete as at no time yet\n    last run .*, failed \\(reading\\): .*\n"
                                + "    40 windows in a row were not complete");
        assertThat(sync("once")).as("and goes on").isEqualTo(ExitCode.DONE);
    }

    @Test
    void once_fifthGone_waitsForConfirmation() {
        assertThat(sync("once", "--types", "Organization")).isEqualTo(ExitCode.DONE);
        upstream.happen(Kind.ORGANIZATION, Event.VANISH, 0.2);

        assertThat(sync("once", "--full", "--types", "Organization")).isEqualTo(ExitCode.GUARD);
        assertThat(sync("once", "--types", "Organization"))
                .as("as long as it waits")
                .isEqualTo(ExitCode.GUARD);
        assertThat(sync("confirm", "sim/Organization")).isEqualTo(ExitCode.DONE);
        assertThat(sync("once", "--types", "Organization")).isEqualTo(ExitCode.DONE);
        assertThat(sync("check", "--complete", "--types", "Organization")).isEqualTo(ExitCode.DONE);
    }

    @Test
    void once_moreRejectedThanAllowed_isNotAll() throws Exception {
        configure(", pageSize: 2", "4s");
        upstream.faults().add(FaultRule.atRate(Fault.UNSTORABLE_RESOURCE, 1));

        assertThat(sync("once", "--types", "Organization")).isEqualTo(ExitCode.NOT_ALL);
        assertThat(said()).contains("resources cannot be stored, more than 1.0 %");
    }

    @Test
    void once_windowsOfMoreThanThirtyDaysRefused_isCompleteAndEqual() throws Exception {
        try (Simulator strict = Simulator.start(SimulatorSettings.standard()
                .withSize(622)
                .withLivedDays(90)
                .withKey("k3y")
                .withLongestDelta(Duration.ofDays(30)))) {
            String url = strict.base().toString();
            assertThat(sync("once", "--url", url)).isEqualTo(ExitCode.DONE);
            assertThat(sync("check", "--complete", "--url", url)).isEqualTo(ExitCode.DONE);
            strict.clock().advance(Duration.ofDays(1));
            assertThat(sync("once", "--url", url)).isEqualTo(ExitCode.DONE);
        }
    }

    @Test
    void once_severalFail_endsWithTheWorst() throws Exception {
        configure(", pageSize: 2", "4s");
        upstream.faults().add(FaultRule.atRate(Fault.UNSTORABLE_RESOURCE, 1).ofType("Organization"));
        upstream.faults().add(FaultRule.atRate(Fault.WRONG_TOTAL, 1).ofType("Device"));

        assertThat(sync("once")).isEqualTo(ExitCode.UPSTREAM_WRONG);
    }

    @Test
    void once_upstreamAway_isWaitedForOnce() {
        assertThat(sync("once", "--url", "http://127.0.0.1:1/fhir")).isEqualTo(ExitCode.UPSTREAM_AWAY);

        assertThat(said()).containsPattern("sim/Organization +KO").containsPattern("sim/Device +OK");
    }

    @Test
    void once_databaseAway_endsWithItsCode() {
        environment.put("MONGODB_URI", "mongodb://127.0.0.1:1");

        assertThat(sync("status")).isEqualTo(ExitCode.DATABASE_AWAY);
        assertThat(said()).contains("miroir: the database");
    }

    @Test
    void once_whileAnotherLeads_endsWithItsCode() throws Exception {
        configure("", "2s");
        try (Ledger ledger =
                Ledger.open(MongoStoreSettings.of(database.uri(), database.name(), Set.of("Organization", "Device")))) {
            Lease lease = ledger.take("synchronisation", "another", Duration.ofMinutes(5))
                    .orElseThrow();

            assertThat(sync("once")).isEqualTo(ExitCode.LED_ELSEWHERE);
            ledger.giveBack(lease);
        }
        assertThat(said()).contains("another process leads");
        assertThat(sync("once")).isEqualTo(ExitCode.DONE);
    }

    @Test
    void once_toldToStop_endsWithItsCodeAndGoesOn() {
        SyncMain told = command();
        told.tell();

        assertThat(told.run(List.of("once"))).isEqualTo(ExitCode.STOPPED);
        assertThat(sync("once")).isEqualTo(ExitCode.DONE);
    }

    @Test
    void status_ofWhatNobodyCanRead_isOurMistake() {
        try (MongoClient client = MongoClients.create(database.uri())) {
            client.getDatabase(database.name())
                    .getCollection("miroir_synchronisations")
                    .insertOne(new Document("_id", "sim/Device"));
            client.getDatabase(database.name())
                    .getCollection("miroir_runs")
                    .insertOne(new Document("_id", "r")
                            .append("synchronisation", "sim/Device")
                            .append("phase", "exploding"));
        }

        assertThat(sync("status")).isEqualTo(ExitCode.UNEXPECTED);
        assertThat(said()).contains("this should not have happened");
    }

    @Test
    void once_anotherAddress_isRefusedUntilItIsSaidToBeTheSame() throws Exception {
        String other = upstream.base().toString().replace("/v2", "");
        assertThat(sync("once", "--types", "Device")).isEqualTo(ExitCode.DONE);

        assertThat(sync("once", "--types", "Device", "--url", other)).isEqualTo(ExitCode.USAGE);
        assertThat(sync("run", "--url", other)).as("at once").isEqualTo(ExitCode.USAGE);
        assertThat(said()).contains("write 'formerly: " + upstream.base() + "' beside it");
        configure(", formerly: \"" + upstream.base() + "\"", "4s");
        assertThat(sync("once", "--types", "Device", "--url", other)).isEqualTo(ExitCode.DONE);
        assertThat(sync("check", "--complete", "--types", "Device", "--url", other))
                .isEqualTo(ExitCode.DONE);
    }

    @Test
    void once_afterTheCommandFull_readsEverything() {
        assertThat(sync("once", "--types", "Organization")).isEqualTo(ExitCode.DONE);
        assertThat(sync("full", "sim/Organization")).isEqualTo(ExitCode.DONE);
        assertThat(sync("stop", "sim/Organization")).isEqualTo(ExitCode.DONE);
        out.reset();

        assertThat(sync("once", "--types", "Organization")).isEqualTo(ExitCode.DONE);
        assertThat(said()).contains("OK", "everything, done");
    }

    @Test
    void once_typeThatIsNotServed_isAMistakeOfTheConfiguration() {
        environment.put("MIROIR_TYPES", "Organization");

        assertThat(sync("once")).isEqualTo(ExitCode.USAGE);
        assertThat(said()).contains("sim/Device", "fhir.types");
    }

    @Test
    void load_toldToStop_stops(@TempDir Path folder) throws Exception {
        Files.writeString(
                folder.resolve("a.ndjson"), "{\"resourceType\":\"Device\",\"id\":\"own\",\"lotNumber\":\"1\"}\n");
        SyncMain told = command();
        told.tell();

        assertThat(told.run(List.of("load", folder.toString()))).isEqualTo(ExitCode.STOPPED);
        assertThat(said()).contains("told to stop before", "loaded 0");
    }

    @Test
    void load_fromASourceThatIsNotConfigured_isRefusedByName(@TempDir Path folder) throws Exception {
        Files.writeString(folder.resolve("a.ndjson"), "");

        assertThat(sync("load", "--source", "sin", folder.toString())).isEqualTo(ExitCode.USAGE);
        assertThat(said()).contains("there is no source sin; there are: [sim]");
    }

    @Test
    void load_bundlesAndLines_areThisServersOwn(@TempDir Path folder) throws Exception {
        Files.writeString(
                folder.resolve("a.ndjson"), "{\"resourceType\":\"Device\",\"id\":\"own\",\"lotNumber\":\"1\"}\n");

        assertThat(sync("load", folder.toString())).isEqualTo(ExitCode.DONE);
        Files.writeString(folder.resolve("b.json"), "{\"resourceType\":\"Device\",\"id\":\"a b\"}");
        assertThat(sync("load", folder.toString())).isEqualTo(ExitCode.NOT_ALL);
        assertThat(sync("load", folder.resolve("none").toString())).isEqualTo(ExitCode.USAGE);
        assertThat(said()).contains("1 created", "1 rejected");
        assertThat(sync("load", Files.createDirectory(folder.resolve("empty")).toString()))
                .isEqualTo(ExitCode.USAGE);
        assertThat(said()).contains("no such file", "holds no file that ends in .json");
    }

    @Test
    void loadForShow_emptyDatabase_isDoneOnceAndKnownAgain(@TempDir Path folder) throws Exception {
        Files.writeString(folder.resolve("a.ndjson"), "{\"resourceType\":\"Patient\",\"id\":\"not-served\"}\n");
        assertThat(sync("load", "--show", folder.toString())).isEqualTo(ExitCode.DONE);
        assertThat(said()).as("an empty database has not begun").contains("1 skipped");
        Path device = folder.resolve("b.ndjson");
        Files.writeString(device, "{\"resourceType\":\"Device\",\"id\":\"shown\",\"lotNumber\":\"1\"}\n");
        assertThat(sync("load", "--show", folder.toString())).isEqualTo(ExitCode.DONE);
        assertThat(said()).contains("1 created");
        Files.writeString(device, "{\"resourceType\":\"Device\",\"id\":\"later\",\"lotNumber\":\"1\"}\n");

        assertThat(sync("load", "--show", folder.toString())).isEqualTo(ExitCode.DONE);

        assertThat(said()).contains("loaded before");
        assertThat(sync("load", folder.toString())).isEqualTo(ExitCode.DONE);
        assertThat(said())
                .as("nothing of a second load was stored")
                .contains("1 created, 0 updated, 0 unchanged; 1 skipped");
    }

    /** Whatever is stored: a type that is not served here, history, a collection of another program, a copy that is to be made. */
    @ParameterizedTest
    @ValueSource(strings = {"Patient", "Organization_history", "invoices", "miroir_synchronisations"})
    void loadForShow_databaseOfSomebody_isRefused(String collection, @TempDir Path folder) throws Exception {
        Files.writeString(
                folder.resolve("a.ndjson"), "{\"resourceType\":\"Device\",\"id\":\"own\",\"lotNumber\":\"1\"}\n");
        try (MongoClient client = MongoClients.create(database.uri())) {
            client.getDatabase(database.name()).getCollection(collection).insertOne(new Document("_id", "x"));
        }

        assertThat(sync("load", "--show", folder.toString())).isEqualTo(ExitCode.USAGE);
        assertThat(said()).contains("is not empty: it holds " + collection).doesNotContain("created");
        assertThat(sync("load", "--show", "--source", "sim", folder.toString())).isEqualTo(ExitCode.USAGE);
    }

    @Test
    void usage_wrong_isRefusedByName() {
        assertThat(sync()).isEqualTo(ExitCode.USAGE);
        assertThat(sync("onec")).isEqualTo(ExitCode.USAGE);
        assertThat(sync("once", "--ful")).isEqualTo(ExitCode.USAGE);
        assertThat(sync("once", "--types", "Patient")).isEqualTo(ExitCode.USAGE);
        assertThat(sync("once", "--url", "nowhere")).isEqualTo(ExitCode.USAGE);
        assertThat(sync("stop", "sim/Nothing")).isEqualTo(ExitCode.USAGE);
        environment.put("MIROIR_TYPES", "Devise");
        assertThat(sync("status")).isEqualTo(ExitCode.USAGE);
        environment.put("MIROIR_TYPES", "Device");
        environment.put("MONGODB_URI", "postgres://x");
        assertThat(sync("status")).isEqualTo(ExitCode.USAGE);
        environment.put("MIROIR_SYNC_CONFIG", "/no/such/file");
        assertThat(sync("once")).isEqualTo(ExitCode.USAGE);
        assertThat(said()).contains("'onec'", "--full", "Patient", "nowhere", "no such synchronisation");
    }
}
