package miroir.server.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.parser.IParser;
import ca.uhn.fhir.parser.StrictErrorHandler;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import miroir.index.Refusal;
import miroir.index.json.ReadLimits;
import miroir.index.json.ResourceReader;
import miroir.index.store.Caller;
import miroir.index.store.ForwardingStore;
import miroir.index.store.KeptAudit;
import miroir.index.store.KeptAudit.Note;
import miroir.index.store.NoteId;
import miroir.index.store.Precondition;
import miroir.index.store.ResourceKey;
import miroir.index.store.ResourceStore;
import miroir.index.store.Written;
import miroir.index.structure.Structures;
import miroir.server.Http;
import miroir.server.TestServer;
import miroir.server.access.AdminClient;
import miroir.storage.MongoResourceStore;
import miroir.storage.audit.AuditDocuments;
import miroir.storage.testing.MongoExtension;
import miroir.storage.testing.TestDatabase;
import org.bson.BsonDocument;
import org.bson.BsonString;
import org.bson.Document;
import org.bson.RawBsonDocument;
import org.hl7.fhir.r4.model.AuditEvent;
import org.hl7.fhir.r4.model.Bundle;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who did what, over HTTP, on a real database. */
@ExtendWith(MongoExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class AuditIT {
    private static final String PASSWORD = "correct horse battery";
    private static final FhirContext CONTEXT = FhirContext.forR4Cached();
    private static final ResourceReader READER = new ResourceReader(Structures.r4(), ReadLimits.standard());

    private TestDatabase database;
    private TestServer server;
    private AdminClient admin;

    @BeforeAll
    void start(TestDatabase testDatabase) throws Exception {
        database = testDatabase;
        server = server("access: {mode: token}");
        admin = AdminClient.local(server);
    }

    private TestServer server(String yaml) throws Exception {
        ResourceStore store = store();
        return TestServer.withAccess(yaml, database, store, AuditDocuments.open(TestServer.settings(database)));
    }

    private ResourceStore store() {
        ResourceStore store =
                MongoResourceStore.open(TestServer.settings(database), TestServer.REGISTRY, TestServer.FIELDS);
        await().atMost(Duration.ofSeconds(60)).until(() -> store.readiness().ready());
        return store;
    }

    @AfterAll
    void stop() {
        server.close();
    }

    private static HttpResponse<String> send(
            TestServer to, String token, String method, String path, String body, String... headers) throws Exception {
        List<String> all = new ArrayList<>(List.of(headers));
        if (!all.contains("Content-Type")) {
            all.addAll(List.of("Content-Type", "application/fhir+json"));
        }
        if (!token.isEmpty()) {
            all.addAll(List.of("Authorization", "Bearer " + token));
        }
        return Http.send(
                method, to.uri("/fhir/" + path), body.getBytes(StandardCharsets.UTF_8), all.toArray(String[]::new));
    }

    /** All that a filter finds, page by page, the newest first. */
    private List<AuditEvent> events(TestServer of, String filter) {
        try {
            List<AuditEvent> events = new ArrayList<>();
            URI next = of.uri("/admin/api/audit?" + filter);
            while (next != null) {
                HttpResponse<String> page = Http.send("GET", next, "Authorization", "Bearer " + TestServer.TOKEN);
                assertThat(page.statusCode()).as(page.body()).isEqualTo(200);
                assertThat(READER.read(page.body().getBytes(StandardCharsets.UTF_8)))
                        .as("its structure is that of the tables")
                        .isNotNull();
                Bundle bundle = parser().parseResource(Bundle.class, page.body());
                bundle.getEntry().forEach(entry -> events.add((AuditEvent) entry.getResource()));
                next = bundle.getLink("next") == null
                        ? null
                        : URI.create(bundle.getLink("next").getUrl());
            }
            return events;
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private List<AuditEvent> events(String filter) {
        return events(server, filter);
    }

    /** As soon as there are so many, each with its outcome. */
    private List<AuditEvent> ended(int count, String filter) {
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(events(filter)).hasSize(count).allMatch(AuditEvent::hasOutcome));
        return events(filter);
    }

    private static IParser parser() {
        return CONTEXT.newJsonParser().setParserErrorHandler(new StrictErrorHandler());
    }

    private static List<String> versions(AuditEvent event) {
        return event.getEntity().stream()
                .map(entity -> entity.getWhat().getReference())
                .filter(reference -> reference != null && reference.contains("/_history/"))
                .toList();
    }

    private static String detail(AuditEvent event, String type) {
        return event.getEntityFirstRep().getDetail().stream()
                .filter(detail -> detail.getType().equals(type))
                .map(detail -> detail.getValueStringType().getValue())
                .findFirst()
                .orElse("");
    }

    private static String device(String id, String identifier) {
        return "{\"resourceType\":\"Device\"," + (id.isEmpty() ? "" : "\"id\":\"" + id + "\",")
                + "\"identifier\":[{\"value\":\"" + identifier + "\"}]}";
    }

    private record Asked(String method, String path, String body, List<String> headers) {
        Asked(String method, String path, String body) {
            this(method, path, body, List.of());
        }
    }

    private static final String META =
            "{\"resourceType\":\"Parameters\",\"parameter\":[{\"name\":\"meta\",\"valueMeta\":"
                    + "{\"tag\":[{\"system\":\"http://x.org\",\"code\":\"a\"}]}}]}";
    private static final String PATCH = "[{\"op\":\"add\",\"path\":\"/lotNumber\",\"value\":\"%s\"}]";
    private static final String JSON_PATCH = "application/json-patch+json";

    @Test
    void everyWrite_leavesOneNote_withWhatCameOfIt() throws Exception {
        String token = admin.consumer("writes", "READ, SEARCH, CREATE, UPDATE, DELETE, ERASE on *");
        Map<String, Asked> asked = new LinkedHashMap<>();
        asked.put("update", new Asked("PUT", "Device/w1", device("w1", "w1")));
        asked.put("create", new Asked("POST", "Device", device("", "w2")));
        asked.put(
                "conditional-create",
                new Asked("POST", "Device", device("", "w3"), List.of("If-None-Exist", "identifier=w3")));
        asked.put("conditional-update", new Asked("PUT", "Device?identifier=w4", device("", "w4")));
        asked.put(
                "patch",
                new Asked("PATCH", "Device/w1", String.format(PATCH, "x"), List.of("Content-Type", JSON_PATCH)));
        asked.put(
                "conditional-patch",
                new Asked(
                        "PATCH",
                        "Device?identifier=w3",
                        String.format(PATCH, "y"),
                        List.of("Content-Type", JSON_PATCH)));
        asked.put("meta-add", new Asked("POST", "Device/w1/$meta-add", META));
        asked.put("meta-delete", new Asked("POST", "Device/w1/$meta-delete", META));
        asked.put("conditional-delete", new Asked("DELETE", "Device?identifier=w4", ""));
        asked.put("delete", new Asked("DELETE", "Device/w1", ""));
        asked.put("erase", new Asked("POST", "Device/w1/$erase", ""));

        for (Map.Entry<String, Asked> each : asked.entrySet()) {
            Asked request = each.getValue();
            List<String> headers = new ArrayList<>(request.headers());
            headers.addAll(List.of("X-Request-Id", "it-" + each.getKey()));
            HttpResponse<String> answer = send(
                    server, token, request.method(), request.path(), request.body(), headers.toArray(String[]::new));
            assertThat(answer.statusCode()).as(each.getKey() + answer.body()).isLessThan(300);

            AuditEvent event =
                    ended(1, "consumer=writes&interaction=" + each.getKey()).get(0);
            assertThat(versions(event)).as(each.getKey()).hasSize(1);
            assertThat(event.getOutcome().toCode()).isEqualTo("0");
            assertThat(event.getOutcomeDesc()).isEqualTo(String.valueOf(answer.statusCode()));
            assertThat(detail(event, "request")).isEqualTo("it-" + each.getKey());
            assertThat(detail(event, "token")).isEqualTo("consumer");
            assertThat(event.getAgentFirstRep().getWho().getIdentifier().getValue())
                    .isEqualTo("consumer/writes");
            assertThat(event.getAgentFirstRep().getNetwork().getAddress()).isEqualTo("127.0.0.1");
            assertThat(event.getEntityFirstRep().hasQuery()).isFalse();
        }
        ended(asked.size(), "consumer=writes");
        assertThat(versions(events("consumer=writes&interaction=update").get(0)))
                .containsExactly("Device/w1/_history/1");
        assertThat(events("consumer=writes&interaction=erase").get(0).getAction())
                .isEqualTo(AuditEvent.AuditEventAction.D);
    }

    @Test
    void writes_thatChangeNothing_orAreRefused_areNotedAsThat() throws Exception {
        String token = admin.consumer("changes-nothing", "CREATE, UPDATE on Device");
        // Another server has room for refusals, whatever the other tests were refused.
        try (TestServer own = server("access: {mode: token}")) {
            send(own, token, "PUT", "Device/same", device("same", "s"));
            send(own, token, "PUT", "Device/same", device("same", "s"));
            send(own, token, "PUT", "Device/same", "{\"resourceType\":\"Device\",\"id\":\"same\",\"nonsense\":1}");
            send(own, token, "DELETE", "Device/same", "");
            send(own, token, "GET", "Device/same", "");
        }

        List<AuditEvent> events = ended(5, "consumer=changes-nothing");
        assertThat(events).extracting(AuditEvent::getOutcomeDesc).containsExactly("403", "403", "422", "200", "201");
        assertThat(versions(events.get(3))).isEmpty();
        assertThat(versions(events.get(4))).containsExactly("Device/same/_history/1");
        assertThat(events("consumer=changes-nothing&outcome=refused")).hasSize(3);
        assertThat(events("consumer=changes-nothing&outcome=success")).hasSize(2);
        assertThat(events("consumer=changes-nothing&outcome=failed")).isEmpty();
    }

    @Test
    void batches_ofWhoMayNotWrite_leaveSmallNotesAndFew() throws Exception {
        String entry = "{\"request\":{\"method\":\"POST\",\"url\":\"Device\"},\"resource\":" + device("", "1") + "}";
        String batch = "{\"resourceType\":\"Bundle\",\"type\":\"batch\",\"entry\":["
                + String.join(",", Collections.nCopies(200, entry)) + "]}";
        try (TestServer open = server("access: {mode: open}")) {
            for (int i = 0; i < 40; i++) {
                assertThat(send(open, "", "POST", "", batch).statusCode()).isEqualTo(200);
            }
            await().atMost(Duration.ofSeconds(30)).until(() -> ofNobody(open).size() >= 10);
            assertThat(ofNobody(open)).allSatisfy(event -> {
                assertThat(event.getEntity()).hasSizeLessThan(12);
                assertThat(detail(event, "status")).isEqualTo("200");
            });
        }
        assertThat(events(server, "interaction=batch").stream()
                        .filter(event -> !event.getAgentFirstRep().hasName()))
                .as("those that were counted are noted together")
                .hasSizeLessThan(40);
    }

    private List<AuditEvent> ofNobody(TestServer of) {
        return events(of, "interaction=batch").stream()
                .filter(event -> !event.getAgentFirstRep().hasName())
                .toList();
    }

    @Test
    void bundle_thatWrites_isOneNoteWithItsEntries() throws Exception {
        String token = admin.consumer("bundles", "READ, CREATE, UPDATE on Device");
        String entries = "{\"resourceType\":\"Bundle\",\"type\":\"%s\",\"entry\":["
                + "{\"request\":{\"method\":\"PUT\",\"url\":\"Device/b1\"},\"resource\":" + device("b1", "%s") + "},"
                + "{\"request\":{\"method\":\"GET\",\"url\":\"Device/b1?_format=json\"}}%s]}";
        String deletion = ",{\"request\":{\"method\":\"DELETE\",\"url\":\"Device/b2\"}}";
        send(server, token, "POST", "", String.format(entries, "transaction", "1", ""));
        send(server, token, "POST", "", String.format(entries, "batch", "2", deletion));
        String reads = "{\"resourceType\":\"Bundle\",\"type\":\"batch\",\"entry\":["
                + "{\"request\":{\"method\":\"GET\",\"url\":\"Device/b1\"}}]}";
        assertThat(send(server, token, "POST", "", reads).statusCode()).isEqualTo(200);

        List<AuditEvent> events = ended(2, "consumer=bundles");
        AuditEvent batch = events.get(0);
        AuditEvent transaction = events.get(1);
        assertThat(transaction.getSubtypeFirstRep().getCode()).isEqualTo("transaction");
        assertThat(batch.getSubtypeFirstRep().getCode()).isEqualTo("batch");
        assertThat(transaction.getEntity())
                .extracting(AuditEvent.AuditEventEntityComponent::getDescription)
                .containsExactly(null, "PUT Device/b1", "GET Device/b1");
        assertThat(versions(transaction)).containsExactly("Device/b1/_history/1");
        assertThat(versions(batch)).containsExactly("Device/b1/_history/2");
        assertThat(batch.getEntity().stream()
                        .skip(1)
                        .map(entity ->
                                entity.getDetailFirstRep().getValueStringType().getValue()))
                .containsExactly("200", "200", "403");
    }

    @Test
    void whatCannotBeNoted_isNotDone() throws Exception {
        admin.done("PUT", "administrators/unnoted", administrator("viewer"));
        BrokenAudit audit = new BrokenAudit(AuditDocuments.open(TestServer.settings(database)));
        try (TestServer broken = TestServer.withAccess("", database, store(), audit)) {
            audit.broken = true;
            HttpResponse<String> update =
                    send(broken, TestServer.TOKEN, "PUT", "Device/unnoted", device("unnoted", "u"));
            assertThat(update.statusCode()).isEqualTo(503);
            assertThat(update.headers().firstValue("Retry-After")).isPresent();
            String bundle = "{\"resourceType\":\"Bundle\",\"type\":\"%s\",\"entry\":["
                    + "{\"request\":{\"method\":\"PUT\",\"url\":\"Device/unnoted\"},\"resource\":"
                    + device("unnoted", "u") + "}]}";
            assertThat(send(broken, TestServer.TOKEN, "POST", "", String.format(bundle, "transaction"))
                            .statusCode())
                    .isEqualTo(503);
            assertThat(send(broken, TestServer.TOKEN, "POST", "", String.format(bundle, "batch"))
                            .body())
                    .contains("\"status\":\"503");
            AdminClient local = AdminClient.local(broken);
            assertThat(local.send("PUT", "roles/unnoted", "{\"permissions\":[]}")
                            .statusCode())
                    .isEqualTo(503);
            assertThat(local.send("POST", "session", logIn("unnoted")).statusCode())
                    .isEqualTo(503);
            assertThat(local.send("POST", "setup-link", "").statusCode()).isEqualTo(503);
            assertThat(setUpByPage(broken, code(admin), "unnoted-first").statusCode())
                    .isEqualTo(503);
            assertThat(local.get("administrators/unnoted-first").statusCode()).isEqualTo(404);
            assertThat(send(broken, TestServer.TOKEN, "GET", "Device/unnoted", "")
                            .statusCode())
                    .isEqualTo(404);
            assertThat(local.get("roles/unnoted").statusCode()).isEqualTo(404);

            audit.broken = false;
            assertThat(send(broken, TestServer.TOKEN, "PUT", "Device/unnoted", device("unnoted", "u"))
                            .statusCode())
                    .isEqualTo(201);
        }
        try (MongoClient client = MongoClients.create(database.uri())) {
            assertThat(client.getDatabase(database.name())
                            .getCollection("miroir_sessions")
                            .countDocuments(new Document("content.name", "unnoted")))
                    .isZero();
        }
    }

    @Test
    void whatHasNoOutcome_isShownAsNotKnown() throws Exception {
        HeldStore store = new HeldStore(store());
        try (TestServer held =
                TestServer.withAccess("", database, store, AuditDocuments.open(TestServer.settings(database)))) {
            Thread asks = new Thread(() -> {
                try {
                    send(held, TestServer.TOKEN, "PUT", "Device/held", device("held", "h"));
                } catch (Exception e) {
                    throw new AssertionError(e);
                }
            });
            asks.start();
            store.reached.await();

            List<AuditEvent> events = events("id=held&outcome=unknown");
            assertThat(events).hasSize(1);
            assertThat(events.get(0).hasOutcome()).isFalse();
            assertThat(events.get(0).getOutcomeDesc()).startsWith("not known");
            store.mayGoOn.countDown();
            asks.join();
            ended(1, "id=held");
            assertThat(events("id=held&outcome=unknown")).isEmpty();
        }
    }

    @Test
    void manyWritersAtOnce_leaveOneNoteEach() throws Exception {
        String token = admin.consumer("many", "CREATE, UPDATE on Device");
        List<Thread> writers = IntStream.range(0, 32)
                .mapToObj(i -> new Thread(() -> {
                    for (int j = 0; j < 5; j++) {
                        try {
                            String id = "many-" + i + "-" + j;
                            send(server, token, "PUT", "Device/" + id, device(id, id));
                        } catch (Exception e) {
                            throw new AssertionError(e);
                        }
                    }
                }))
                .toList();
        writers.forEach(Thread::start);
        for (Thread writer : writers) {
            writer.join();
        }

        List<AuditEvent> events = ended(160, "consumer=many");
        assertThat(events.stream().map(event -> versions(event).get(0))).doesNotHaveDuplicates();
    }

    @Test
    void floodOfWrongTokens_leavesFewNotes_andAllAreCounted() throws Exception {
        String from = Instant.now().toString();
        for (int i = 0; i < 300; i++) {
            send(server, "miroir_wrong", "GET", "Questionnaire/flood", "");
        }

        String filter = "id=flood&from=" + from;
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(counted(events(filter))).isEqualTo(300));
        long seconds = Duration.between(Instant.parse(from), Instant.now()).toSeconds();
        assertThat(events(filter)).hasSizeLessThanOrEqualTo((int) (10 + seconds + 1));
        assertThat(events(filter)).allMatch(event -> event.getOutcome().toCode().equals("4"));
    }

    private static long counted(List<AuditEvent> events) {
        return events.stream()
                .mapToLong(event -> {
                    String[] words = event.getOutcomeDesc().split(" ", -1);
                    return words.length == 1 ? 1 : 1 + Long.parseLong(words[2]);
                })
                .sum();
    }

    private static String administrator(String role) {
        return "{\"role\":\"" + role + "\",\"password\":\"" + PASSWORD + "\"}";
    }

    private static String logIn(String name) {
        return "{\"name\":\"" + name + "\",\"password\":\"" + PASSWORD + "\"}";
    }

    private AdminClient administrator(String name, String role) throws Exception {
        admin.done("PUT", "administrators/" + name, administrator(role));
        return new AdminClient(
                server,
                admin.done("POST", "session", logIn(name)).getString("token").getValue());
    }

    @Test
    void audit_isForOperatorsAndAbove() throws Exception {
        AdminClient viewer = administrator("audit-viewer", "viewer");
        AdminClient operator = administrator("audit-operator", "operator");
        AdminClient consumer = new AdminClient(server, admin.consumer("audit-consumer", "READ on *"));

        for (String path : List.of("audit", "audit/export")) {
            assertThat(viewer.get(path).statusCode()).isEqualTo(403);
            assertThat(consumer.get(path).statusCode()).isEqualTo(403);
            assertThat(operator.get(path).statusCode()).isEqualTo(200);
            assertThat(operator.send("DELETE", path, "").statusCode()).isEqualTo(405);
        }
    }

    @Test
    void whatAdministratorsDo_isNoted_andWhoLogsInOrFailsTo() throws Exception {
        AdminClient one = administrator("noted", "administrator");
        one.done("PUT", "roles/noted", "{\"permissions\":[\"READ on Device\"]}");
        one.send("PUT", "roles/noted", "{\"permissions\":[\"nonsense\"]}");
        one.get("roles/noted");
        admin.send("POST", "session", "{\"name\":\"noted\",\"password\":\"wrong\"}");
        one.done("DELETE", "session", "");

        List<AuditEvent> roles = ended(2, "consumer=administrator/noted&type=PUT_ROLE&id=noted");
        assertThat(roles).extracting(AuditEvent::getOutcomeDesc).containsExactly("400", "201");
        assertThat(detail(roles.get(0), "token")).isEqualTo("session");
        assertThat(events("consumer=administrator/noted&type=GET_ROLE")).isEmpty();
        ended(1, "type=LOG_OUT&consumer=administrator/noted");
        List<AuditEvent> logIns = ended(2, "type=LOG_IN&id=noted");
        assertThat(logIns).extracting(AuditEvent::getOutcomeDesc).containsExactly("401", "201");
        assertThat(logIns.get(0).getSubtype()).anyMatch(subtype -> "Login".equals(subtype.getDisplay()));
    }

    @Test
    void setUpByPage_isNoted() throws Exception {
        assertThat(setUpByPage(server, "wrong", "by-page").statusCode()).isEqualTo(403);
        assertThat(setUpByPage(server, code(admin), "by-page").statusCode()).isEqualTo(303);

        List<AuditEvent> setUps = ended(1, "type=SETUP&id=by-page");
        assertThat(setUps).extracting(AuditEvent::getOutcomeDesc).containsExactly("303");
        assertThat(events("type=SETUP"))
                .as("whatever stood there as a name, it was nobody's")
                .anySatisfy(event -> assertThat(event.getOutcomeDesc()).startsWith("403"));
    }

    private static String code(AdminClient of) throws Exception {
        String link = of.done("POST", "setup-link", "").getString("link").getValue();
        return link.substring(link.indexOf("code=") + 5);
    }

    private static HttpResponse<String> setUpByPage(TestServer of, String code, String name) throws Exception {
        String password = PASSWORD.replace(' ', '+');
        String form = "code=" + code + "&name=" + name + "&password=" + password + "&again=" + password;
        return Http.send(
                "POST",
                of.uri("/admin/do/post/setup"),
                form.getBytes(StandardCharsets.UTF_8),
                "Content-Type",
                "application/x-www-form-urlencoded");
    }

    @Test
    void notes_haveNoSecrets() throws Exception {
        AdminClient one = administrator("secretive", "administrator");
        String token = admin.consumer("secretive", "CREATE, UPDATE, READ, SEARCH on *");
        admin.send("POST", "session", "{\"name\":\"" + PASSWORD + "\",\"password\":\"" + PASSWORD + "\"}");
        one.send("PUT", "session/password", "{\"old\":\"" + PASSWORD + "\",\"new\":\"an unknown new password\"}");
        String code = code(admin);
        admin.send(
                "POST", "setup", "{\"code\":\"" + code + "\",\"name\":\"by-code\",\"password\":\"" + PASSWORD + "\"}");
        admin.send("DELETE", "consumers/secretive/tokens/" + token, "");
        send(server, token, "PUT", "Device/secretive", device("secretive", "secret-body"));
        send(server, token, "PUT", "Device?identifier=secret-criteria", device("", "secret-body"));
        send(server, token, "GET", "Device?identifier=secret-search", "");
        send(server, token + "x", "GET", "Device/secretive", "");
        ended(2, "consumer=secretive");

        StringBuilder all = new StringBuilder();
        try (MongoClient client = MongoClients.create(database.uri())) {
            client.getDatabase(database.name())
                    .getCollection("miroir_audit")
                    .find()
                    .forEach(note -> all.append(note.toJson()).append('\n'));
        }
        assertThat(all.toString())
                .contains("secretive", "by-code")
                .doesNotContain(
                        token,
                        one.token(),
                        TestServer.TOKEN,
                        code,
                        PASSWORD,
                        "an unknown new password",
                        "secret-body",
                        "secret-criteria",
                        "secret-search");
    }

    @Test
    void reads_areNotedWithWhatWasSearched_whereTheConfigurationWantsThat() throws Exception {
        try (TestServer reads = server("audit: {reads: consumers}")) {
            String token = AdminClient.local(reads).consumer("reads", "READ, SEARCH on Device");
            send(reads, token, "PUT", "Device/read", device("read", "r"));
            send(reads, token, "GET", "Device/nowhere", "");
            send(reads, token, "GET", "Device?identifier=a%20b&_count=3", "");
            send(reads, "", "GET", "Device/anonymous", "");

            List<AuditEvent> searches = ended(1, "consumer=reads&interaction=search-type");
            assertThat(new String(searches.get(0).getEntityFirstRep().getQuery(), StandardCharsets.UTF_8))
                    .isEqualTo("Device?identifier=a b&_count=3");
            assertThat(searches.get(0).getAction()).isEqualTo(AuditEvent.AuditEventAction.E);
            assertThat(ended(1, "consumer=reads&interaction=read").get(0).getOutcomeDesc())
                    .isEqualTo("404");
            assertThat(events("id=anonymous")).isEmpty();
        }
        try (TestServer none = server("audit: {writes: false}")) {
            String token = AdminClient.local(none).consumer("unwatched", "CREATE, UPDATE on Device");
            send(none, token, "PUT", "Device/unwatched", device("unwatched", "r"));
            ended(1, "type=PUT_CONSUMER&id=unwatched");
            assertThat(events("consumer=unwatched")).isEmpty();
        }
    }

    @Test
    void retention_isThatOfTheConfiguration_andChangesOnline() throws Exception {
        awaitExpiry("audit: {retention: 7d}", Duration.ofDays(7));
        awaitExpiry("", Duration.ofDays(400));
    }

    private void awaitExpiry(String yaml, Duration expected) throws Exception {
        try (TestServer other = server(yaml)) {
            assertThat(other.port()).isPositive();
            await().atMost(Duration.ofSeconds(30)).until(() -> expiry() == expected.toSeconds());
        }
    }

    private long expiry() {
        try (MongoClient client = MongoClients.create(database.uri())) {
            for (Document index : client.getDatabase(database.name())
                    .getCollection("miroir_audit")
                    .listIndexes()) {
                Object seconds = index.get("expireAfterSeconds");
                if (seconds instanceof Number number) {
                    return number.longValue();
                }
            }
            return -1;
        }
    }

    @Test
    void export_hasEverything_theOldestFirst() throws Exception {
        Instant then = Instant.parse("2020-01-01T00:00:00Z");
        List<Note> notes = IntStream.range(0, 1_234)
                .mapToObj(i -> new Note(
                        NoteId.firstOf(then.plusMillis(i)),
                        new BsonDocument(KeptAudit.INTERACTION, new BsonString("update"))
                                .append(KeptAudit.TYPE, new BsonString("Device"))
                                .append(KeptAudit.ID, new BsonString("exported-" + i))
                                .append(NoteFields.REQUEST, new BsonString("r"))))
                .toList();
        try (AuditDocuments documents = AuditDocuments.open(TestServer.settings(database))) {
            documents.append(notes);
        }
        String path = "/admin/api/audit/export?type=Device&from=" + then + "&to=2020-01-02T00:00:00Z";
        HttpResponse<String> export = Http.send("GET", server.uri(path), "Authorization", "Bearer " + TestServer.TOKEN);

        assertThat(export.headers().firstValue("Content-Type"))
                .hasValueSatisfying(type -> assertThat(type).startsWith("application/fhir+ndjson"));
        List<String> lines = export.body().lines().toList();
        assertThat(lines).hasSize(1_234);
        AuditEvent first = parser().parseResource(AuditEvent.class, lines.get(0));
        AuditEvent last = parser().parseResource(AuditEvent.class, lines.get(1_233));
        assertThat(first.getEntityFirstRep().getWhat().getReference()).isEqualTo("Device/exported-0");
        assertThat(last.getEntityFirstRep().getWhat().getReference()).isEqualTo("Device/exported-1233");
        HttpResponse<byte[]> packed =
                Http.sendForBytes("GET", server.uri(path), new byte[0], "Accept-Encoding", "gzip");
        assertThat(packed.headers().firstValue("Content-Encoding")).contains("gzip");
        assertThat(packed.body().length).isLessThan(export.body().length() / 4);
    }

    @Test
    void export_thatFailsOnTheWay_isCutOff() throws Exception {
        BrokenAudit audit = new BrokenAudit(AuditDocuments.open(TestServer.settings(database)));
        try (TestServer broken = TestServer.withAccess("", database, TestServer.memory(), audit);
                AuditDocuments documents = AuditDocuments.open(TestServer.settings(database))) {
            Instant then = Instant.parse("2019-01-01T00:00:00Z");
            documents.append(IntStream.range(0, 600)
                    .mapToObj(i -> new Note(
                            NoteId.firstOf(then.plusMillis(i)),
                            new BsonDocument(NoteFields.REQUEST, new BsonString("r"))))
                    .toList());
            audit.pieces.set(1);

            URI uri = broken.uri("/admin/api/audit/export?to=2019-02-01T00:00:00Z");
            assertThat(catchThrowable(() -> Http.send("GET", uri, "Authorization", "Bearer " + TestServer.TOKEN)))
                    .isInstanceOf(IOException.class);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "from=yesterday",
                "from=",
                "to=2026-01-01",
                "consumer=%7B%22%24gt%22%3A%22%22%7D",
                "consumer=",
                "consumer=a%00b",
                "interaction=everything%20else",
                "type=../..",
                "type=a&type=b",
                "id=%24where",
                "outcome=good",
                "after=1",
                "after=00000000-0000-4000-8000-000000000000",
                "nonsense=1",
                "_count=5"
            })
    void filter_thatMeansNothing_isRefused(String filter) throws Exception {
        HttpResponse<String> refused = admin.get("audit?" + filter);

        assertThat(refused.statusCode()).as(refused.body()).isEqualTo(400);
        assertThat(admin.get("audit/export?" + filter).statusCode()).isEqualTo(400);
    }

    @Test
    void metrics_sayHowManyNotesThereAre() throws Exception {
        send(server, TestServer.TOKEN, "PUT", "Device/metrics", device("metrics", "m"));

        String metrics = Http.send("GET", server.uri("/metrics")).body().toLowerCase(Locale.ROOT);
        assertThat(metrics)
                .contains(
                        "miroir_audit_written_total",
                        "miroir_audit_failed_total",
                        "miroir_audit_dropped_total",
                        "miroir_audit_waiting");
    }

    /** Cannot keep notes, or find more than so many pieces, while the test says so. */
    private static final class BrokenAudit implements KeptAudit {
        private final KeptAudit audit;
        private volatile boolean broken;
        private final AtomicInteger pieces = new AtomicInteger(Integer.MAX_VALUE);

        BrokenAudit(KeptAudit audit) {
            this.audit = audit;
        }

        @Override
        public void prepare(@Nullable Duration retention) {
            audit.prepare(retention);
        }

        @Override
        public void append(List<Note> notes) {
            if (broken) {
                throw new Refusal(Refusal.Reason.NOT_READY, "broken");
            }
            audit.append(notes);
        }

        @Override
        public Found find(Question question, boolean newestFirst, @Nullable NoteId after, int most) {
            if (pieces.getAndDecrement() <= 0) {
                throw new Refusal(Refusal.Reason.NOT_READY, "broken");
            }
            return audit.find(question, newestFirst, after, most);
        }

        @Override
        public void close() {
            audit.close();
        }
    }

    /** In which nothing is put until the test says so. */
    private static final class HeldStore extends ForwardingStore {
        private final CountDownLatch reached = new CountDownLatch(1);
        private final CountDownLatch mayGoOn = new CountDownLatch(1);

        HeldStore(ResourceStore store) {
            super(store);
        }

        @Override
        public Written put(Caller caller, ResourceKey key, RawBsonDocument resource, Precondition precondition) {
            reached.countDown();
            try {
                mayGoOn.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            return super.put(caller, key, resource, precondition);
        }
    }
}
