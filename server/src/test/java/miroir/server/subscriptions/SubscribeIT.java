package miroir.server.subscriptions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import miroir.server.Http;
import miroir.server.TestServer;
import miroir.storage.testing.MongoExtension;
import miroir.storage.testing.TestDatabase;
import org.bson.Document;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who subscribes, and what he is told, by a real server, database and receiver. */
@ExtendWith(MongoExtension.class)
final class SubscribeIT {
    private static TestServer server;
    private static TestDatabase database;
    private TestReceiver receiver;
    private String id = "";

    @BeforeAll
    static void start(TestDatabase given) throws Exception {
        database = given;
        server = TestServer.subscribing(
                "access: {mode: token}\nsubscriptions: {allowedTargets: [127.0.0.1], giveUpAfter: 2s, timeout: 2s}",
                database,
                Set.of("Organization", "Practitioner", "PractitionerRole", "Subscription"));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @BeforeEach
    void open() throws Exception {
        receiver = new TestReceiver();
    }

    @AfterEach
    void close() throws Exception {
        if (!id.isEmpty()) {
            Http.write("DELETE", server.uri("/fhir/Subscription/" + id), "");
        }
        receiver.close();
    }

    @Test
    void change_isSentAsItIs_withHeadersAndASignature() throws Exception {
        subscribe(
                "Organization?name=alpha",
                "\"payload\":\"application/fhir+json\",\"header\":[\"Authorization: Bearer abc\"],"
                        + "\"extension\":[{\"url\":\"urn:miroir:subscription:secret\",\"valueString\":\"0123456789abcdef\"}]",
                "");

        put("a1", "Alpha one");
        put("b1", "Beta one");
        put("a1", "Alpha two");

        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(receiver.changes())
                        .containsExactly("enter Organization/a1 1", "update Organization/a1 2"));
        TestReceiver.Got got = receiver.taken().get(1);
        assertThat(got.method()).isEqualTo("PUT");
        assertThat(got.path()).isEqualTo("/hook/Organization/a1");
        assertThat(got.header("Authorization")).isEqualTo("Bearer abc");
        assertThat(got.header("Content-Type")).startsWith("application/fhir+json");
        assertThat(Document.parse(got.body()).getString("name")).isEqualTo("Alpha two");
        String head = String.join("\n", got.header("X-Miroir-Timestamp"), id, "update", "Organization/a1", "2", "");
        assertThat(got.header("X-Miroir-Signature"))
                .isEqualTo("sha256="
                        + WriteNotification.signature(
                                "0123456789abcdef", head, got.body().getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void leavingTheResult_isToldWhereItIsAskedFor_andADeletionIsOne() throws Exception {
        subscribe(
                "Organization?name=gamma",
                "\"payload\":\"application/fhir+json\"",
                "\"extension\":[{\"url\":\"urn:miroir:subscription:leaving\",\"valueBoolean\":true}]");

        put("c1", "Gamma");
        put("c1", "Delta");
        put("c1", "Delta again");
        put("c1", "Gamma again");
        delete("Organization/c1");
        put("d1", "Other");
        delete("Organization/d1");
        put("c2", "Gamma");

        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(receiver.changes())
                        .contains(
                                "enter Organization/c1 1",
                                "leave Organization/c1 2",
                                "enter Organization/c1 4",
                                "delete Organization/c1 5",
                                "enter Organization/c2 1")
                        .hasSize(5));
        TestReceiver.Got left = receiver.taken().stream()
                .filter(got -> got.change().startsWith("leave"))
                .findFirst()
                .orElseThrow();
        assertThat(left.method()).isEqualTo("DELETE");
        assertThat(left.path()).isEqualTo("/hook/Organization/c1");
        assertThat(left.body()).isEmpty();
    }

    @Test
    void withoutPayload_aPostWithoutBodyIsSent_andNothingOfWhatLeaves() throws Exception {
        subscribe("Organization?name=epsilon", "", "");

        put("e1", "Epsilon");
        put("e1", "Zeta");
        put("e1", "Epsilon again");

        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(receiver.changes())
                        .containsExactly("enter Organization/e1 1", "enter Organization/e1 3"));
        TestReceiver.Got got = receiver.taken().get(0);
        assertThat(got.method()).isEqualTo("POST");
        assertThat(got.path()).isEqualTo("/hook");
        assertThat(got.body()).isEmpty();
        assertThat(got.header("X-Miroir-Signature")).isEmpty();
    }

    @Test
    void chain_isJudgedAsOfNow() throws Exception {
        put("h1", "Hospital eta");
        subscribe("PractitionerRole?organization.name=hospital", "\"payload\":\"application/fhir+json\"", "");

        write("PractitionerRole/r1", "\"organization\":{\"reference\":\"Organization/h1\"}");
        write("PractitionerRole/r2", "\"active\":true");

        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(receiver.changes()).containsExactly("enter PractitionerRole/r1 1"));
    }

    /** One by one where a subscription is among them, which is looked at as alone; else together, and with fewer instants than entries. */
    @Test
    void batch_withASubscription_hasItLookedAt_andWithoutOne_isWrittenTogether() throws Exception {
        String plain = IntStream.range(0, 10)
                .mapToObj(i -> entry("Organization/batch-" + i, "\"name\":\"Batch\""))
                .collect(Collectors.joining(","));
        String subscription =
                "\"status\":\"requested\",\"reason\":\"r\",\"criteria\":\"%s\",\"channel\":{\"type\":\"rest-hook\","
                        + "\"endpoint\":\"http://127.0.0.1:1/hook\",\"header\":[\"Authorization: Bearer top-secret\"]}";

        List<Document> together = sendBatch(plain);
        List<Document> amongOthers = sendBatch(entry("Organization/batch-0", "\"name\":\"Beside\"")
                + ","
                + entry("Subscription/batch-1", subscription.formatted("Organization?name=batch"))
                + ","
                + entry("Subscription/batch-2", subscription.formatted("Organization?nme=batch")));

        assertThat(together.stream().map(each -> each.getString("lastModified")).distinct())
                .hasSizeLessThan(10);
        assertThat(amongOthers)
                .extracting(each -> each.getString("status").substring(0, 3))
                .containsExactly("200", "201", "422");
        assertThat(get("/fhir/Subscription/batch-1"))
                .contains("Authorization: sealed:")
                .doesNotContain("top-secret");
        delete("Subscription/batch-1");
    }

    private static String entry(String url, String content) {
        String[] key = url.split("/", 2);
        return "{\"request\":{\"method\":\"PUT\",\"url\":\"" + url + "\"},\"resource\":{\"resourceType\":\"" + key[0]
                + "\",\"id\":\"" + key[1] + "\"," + content + "}}";
    }

    private static List<Document> sendBatch(String entries) throws Exception {
        HttpResponse<String> answer = Http.write(
                "POST",
                server.uri("/fhir"),
                "{\"resourceType\":\"Bundle\",\"type\":\"batch\",\"entry\":[" + entries + "]}");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return Document.parse(answer.body()).getList("entry", Document.class).stream()
                .map(entry -> entry.get("response", Document.class))
                .toList();
    }

    @Test
    void secrets_areSentToTheReceiver_andShownToNobody() throws Exception {
        subscribe(
                "Organization?name=theta",
                "\"header\":[\"Authorization: Bearer top-secret\",\"X-Long: " + "y".repeat(3_900) + "\"],"
                        + "\"extension\":[{\"url\":\"urn:miroir:subscription:secret\",\"valueString\":\"top-secret-key-of-hmac\"}]",
                "");
        for (String path : new String[] {"/" + id, "/" + id + "/_history/1", "/" + id + "/_history", ""}) {
            assertThat(get("/fhir/Subscription" + path))
                    .contains("Authorization: sealed:")
                    .doesNotContain("top-secret");
        }

        // What was read can be put back, and says the same.
        String read = get("/fhir/Subscription/" + id);
        HttpResponse<String> again = Http.write("PUT", server.uri("/fhir/Subscription/" + id), read);
        assertThat(again.statusCode()).as(again.body()).isEqualTo(200);
        assertThat(again.headers().firstValue("ETag")).contains("W/\"1\"");
        // To another receiver it is of no use.
        HttpResponse<String> elsewhere = Http.write(
                "PUT",
                server.uri("/fhir/Subscription/" + id),
                read.replace(receiver.url("/hook"), "https://hook.example/x"));
        assertThat(elsewhere.statusCode()).isEqualTo(422);
        assertThat(elsewhere.body())
                .contains("was not sealed for this receiver")
                .doesNotContain("top-secret");

        put("t1", "Theta");
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(receiver.taken())
                        .hasSize(1)
                        .allSatisfy(
                                got -> assertThat(got.header("Authorization")).isEqualTo("Bearer top-secret")));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Organization?colour=red | \"type\":\"rest-hook\",\"endpoint\":\"https://a.example\" | colour",
                "Patient?name=a | \"type\":\"rest-hook\",\"endpoint\":\"https://a.example\" | Patient",
                "Organization?_count=3 | \"type\":\"rest-hook\",\"endpoint\":\"https://a.example\" | _count",
                "Organization?_lastUpdated=ap2020-01-01 | \"type\":\"rest-hook\",\"endpoint\":\"https://a.example\" | ap",
                "Organization | \"type\":\"websocket\",\"endpoint\":\"https://a.example\" | websocket",
                "Organization | \"type\":\"rest-hook\",\"endpoint\":\"mailto:a@a.example\" | endpoint",
                "Organization | \"type\":\"rest-hook\",\"endpoint\":\"https://u:p@a.example\" | endpoint",
                "Organization | \"type\":\"rest-hook\",\"endpoint\":\"https://a.example:70000/x\" | 65535",
                "Organization | \"type\":\"rest-hook\",\"endpoint\":\"https://a.example:0/x\" | 65535",
                "Organization | \"type\":\"rest-hook\",\"endpoint\":\"https://a.example/é\" | ASCII",
                "Organization | \"type\":\"rest-hook\",\"endpoint\":\"https://localhost/x\" | localhost",
                "Organization | \"type\":\"rest-hook\",\"endpoint\":\"http://10.0.0.1/x\" | 10.0.0.1",
                "Organization | \"type\":\"rest-hook\",\"endpoint\":\"http://[::1]/x\" | ::1",
                "Organization | \"type\":\"rest-hook\",\"endpoint\":\"http://169.254.169.254/x\" | 169.254",
                "Organization | \"type\":\"rest-hook\",\"endpoint\":\"https://a.example\",\"payload\":\"application/fhir+xml\" | fhir+xml",
                "Organization | \"type\":\"rest-hook\",\"endpoint\":\"https://a.example\",\"header\":[\"Host: b\"] | header 1",
                "Organization | \"type\":\"rest-hook\",\"endpoint\":\"https://a.example\",\"header\":[\"nothing\"] | header 1"
            })
    void whatIsNotOffered_is422_withWhatIsWrong(String criteria, String channel, String named) throws Exception {
        HttpResponse<String> answer = Http.write(
                "POST",
                server.uri("/fhir/Subscription"),
                "{\"resourceType\":\"Subscription\",\"status\":\"requested\",\"reason\":\"test\",\"criteria\":\""
                        + criteria + "\",\"channel\":{" + channel + "}}");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(422);
        assertThat(answer.body()).contains(named);
    }

    @Test
    void pause_andResume_goOnWhereItStopped() throws Exception {
        subscribe("Organization?name=iota", "\"payload\":\"application/fhir+json\"", "");
        put("i1", "Iota one");
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(receiver.changes()).containsExactly("enter Organization/i1 1"));

        setStatus("off");
        awaitNotHeld();
        put("i1", "Iota two");
        put("i2", "Iota");
        setStatus("requested");

        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(receiver.changes())
                        .containsExactlyInAnyOrder(
                                "enter Organization/i1 1", "update Organization/i1 2", "enter Organization/i2 1"));
    }

    @Test
    void createAgain_afterADeletion_tellsNothingOfWhatWasBetween() throws Exception {
        subscribe("Organization?name=omicron", "\"payload\":\"application/fhir+json\"", "");
        String before = get("/fhir/Subscription/" + id);
        put("o1", "Omicron");
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(receiver.changes()).containsExactly("enter Organization/o1 1"));
        delete("Subscription/" + id);
        awaitNotHeld();
        put("o2", "Omicron");
        // What is committed within a second before it is told as well: clocks differ.
        Instant between = Instant.now();
        await().until(() -> Instant.now().isAfter(between.plusSeconds(2)));

        HttpResponse<String> again = Http.write("PUT", server.uri("/fhir/Subscription/" + id), before);
        assertThat(again.statusCode()).as(again.body()).isEqualTo(201);
        put("o3", "Omicron");

        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(receiver.changes())
                        .containsExactly("enter Organization/o1 1", "enter Organization/o3 1"));
    }

    @Test
    void receiverThatFailsForTooLong_endsInError_withTheReason_andGoesOnWhenItIsWantedAgain() throws Exception {
        subscribe("Organization?name=kappa", "\"payload\":\"application/fhir+json\"", "");
        receiver.answers(got -> 302);
        put("k1", "Kappa");

        await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
            Document now = Document.parse(get("/fhir/Subscription/" + id));
            assertThat(now.getString("status")).isEqualTo("error");
            assertThat(now.getString("error")).contains("answers with 302", "redirects are not followed");
        });
        assertThat(receiver.all()).hasSizeGreaterThan(2);
        receiver.answers(got -> 200);
        put("k2", "Kappa");
        setStatus("requested");

        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(receiver.changes())
                        .containsExactlyInAnyOrder("enter Organization/k1 1", "enter Organization/k2 1"));
        assertThat(Document.parse(get("/fhir/Subscription/" + id))).doesNotContainKey("error");
    }

    @Test
    void resourceThatIsRefused_holdsUpNoOther_andItsOwnVersionsStayInOrder() throws Exception {
        subscribe("Organization?name=lambda", "\"payload\":\"application/fhir+json\"", "");
        receiver.answers(got -> got.resource().equals("Organization/l1") && got.version() == 1 ? 500 : 200);
        put("l1", "Lambda");
        put("l1", "Lambda two");
        put("l2", "Lambda");

        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(receiver.changes()).containsExactly("enter Organization/l2 1"));
        receiver.answers(got -> 200);
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(receiver.changes())
                        .containsExactly(
                                "enter Organization/l2 1", "enter Organization/l1 1", "update Organization/l1 2"));
    }

    @Test
    void receiverThatStandsStill_slowsNobodyElse() throws Exception {
        CountDownLatch released = new CountDownLatch(1);
        receiver.answers(got -> {
            try {
                return released.await(1, TimeUnit.MINUTES) ? 200 : 500;
            } catch (InterruptedException e) {
                return 500;
            }
        });
        subscribe("Organization?name=nu", "\"payload\":\"application/fhir+json\"", "");
        String still = id;
        try (TestReceiver quick = new TestReceiver()) {
            HttpResponse<String> answer = Http.write(
                    "POST", server.uri("/fhir/Subscription"), json("Organization?name=nu", quick.url("/hook"), "", ""));
            id = Document.parse(answer.body()).getString("id");
            for (int i = 0; i < 40; i++) {
                put("n" + i, "Nu");
            }
            await().atMost(Duration.ofSeconds(20))
                    .untilAsserted(() -> assertThat(quick.changes()).hasSize(40));
            assertThat(receiver.taken()).isEmpty();
        } finally {
            released.countDown();
            Http.write("DELETE", server.uri("/fhir/Subscription/" + still), "");
        }
    }

    private static void setStatus(String id, String status) throws Exception {
        Document now = Document.parse(get("/fhir/Subscription/" + id)).append("status", status);
        HttpResponse<String> answer = Http.write("PUT", server.uri("/fhir/Subscription/" + id), now.toJson());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    }

    private void setStatus(String status) throws Exception {
        setStatus(id, status);
    }

    /** Nobody delivers it. */
    private void awaitNotHeld() {
        await().atMost(Duration.ofSeconds(20)).until(() -> {
            try (MongoClient client = MongoClients.create(database.uri())) {
                Document found = client.getDatabase(database.name())
                        .getCollection(OfferSubscriptions.COLLECTION)
                        .find(new Document("_id", id))
                        .first();
                return found != null && !found.containsKey("holder");
            }
        });
    }

    private static String get(String path) throws Exception {
        HttpResponse<String> answer = Http.send("GET", server.uri(path), "Authorization", "Bearer " + TestServer.TOKEN);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return answer.body();
    }

    private static void delete(String key) throws Exception {
        assertThat(Http.write("DELETE", server.uri("/fhir/" + key), "").statusCode())
                .isEqualTo(204);
    }

    private static void write(String key, String elements) throws Exception {
        String[] parts = key.split("/", -1);
        HttpResponse<String> answer = Http.write(
                "PUT",
                server.uri("/fhir/" + key),
                "{\"resourceType\":\"" + parts[0] + "\",\"id\":\"" + parts[1] + "\"," + elements + "}");
        assertThat(answer.statusCode()).as(answer.body()).isIn(200, 201);
    }

    private static void put(String id, String name) throws Exception {
        HttpResponse<String> answer = Http.write(
                "PUT",
                server.uri("/fhir/Organization/" + id),
                "{\"resourceType\":\"Organization\",\"id\":\"" + id + "\",\"name\":\"" + name + "\"}");
        assertThat(answer.statusCode()).isIn(200, 201);
    }

    private void subscribe(String criteria, String ofChannel, String more) throws Exception {
        HttpResponse<String> answer = Http.write(
                "POST", server.uri("/fhir/Subscription"), json(criteria, receiver.url("/hook"), ofChannel, more));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
        Document made = Document.parse(answer.body());
        assertThat(made.getString("status")).isEqualTo("active");
        id = made.getString("id");
    }

    private static String json(String criteria, String endpoint, String ofChannel, String more) {
        return "{\"resourceType\":\"Subscription\",\"status\":\"requested\",\"reason\":\"test\",\"criteria\":\""
                + criteria
                + "\",\"channel\":{\"type\":\"rest-hook\",\"endpoint\":\"" + endpoint + "\""
                + (ofChannel.isEmpty() ? "" : "," + ofChannel) + "}" + (more.isEmpty() ? "" : "," + more) + "}";
    }
}
