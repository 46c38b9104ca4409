package miroir.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.IntStream;
import miroir.index.Refusal;
import miroir.index.store.Caller;
import miroir.index.store.Deadline;
import miroir.index.store.ForwardingStore;
import miroir.index.store.Put;
import miroir.index.store.PutOutcome;
import miroir.index.store.ResourceStore;
import org.bson.BsonDocument;
import org.bson.BsonString;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What of a batch is written at once, and that it is answered as if its entries were done one after the other. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class BatchTogetherIT {
    private final Together together = new Together(TestServer.memory());
    private TestServer server;

    /** How many were given to it at once, each time. */
    private static final class Together extends ForwardingStore {
        private final ResourceStore store;
        private final List<Integer> sizes = new ArrayList<>();
        private Function<Put, PutOutcome> instead = put -> new PutOutcome.NotBegun();
        private boolean isInstead;

        Together(ResourceStore store) {
            super(store);
            this.store = store;
        }

        synchronized void reset() {
            sizes.clear();
            isInstead = false;
        }

        synchronized List<Integer> sizes() {
            return List.copyOf(sizes);
        }

        synchronized void instead(Function<Put, PutOutcome> outcome) {
            instead = outcome;
            isInstead = true;
        }

        @Override
        public synchronized List<PutOutcome> putEach(Caller caller, List<Put> puts, Deadline deadline) {
            sizes.add(puts.size());
            return isInstead ? puts.stream().map(instead).toList() : store.putEach(caller, puts, deadline);
        }
    }

    @BeforeAll
    void start() throws Exception {
        server = TestServer.start("", together, false);
    }

    @BeforeEach
    void reset() {
        together.reset();
    }

    @AfterAll
    void stop() {
        server.close();
    }

    private static String put(String id, String family) {
        return put(id, "Practitioner", "\"name\":[{\"family\":\"" + family + "\"}]", "");
    }

    private static String put(String id, String type, String content, String conditions) {
        return "{\"resource\":{\"resourceType\":\"" + type + "\",\"id\":\"" + id + "\"," + content
                + "},\"request\":{\"method\":\"PUT\",\"url\":\"" + type + "/" + id + "\"" + conditions + "}}";
    }

    private static String post(String family) {
        return "{\"resource\":{\"resourceType\":\"Practitioner\",\"name\":[{\"family\":\"" + family
                + "\"}]},\"request\":{\"method\":\"POST\",\"url\":\"Practitioner\"}}";
    }

    private static String ask(String method, String url) {
        return "{\"request\":{\"method\":\"" + method + "\",\"url\":\"" + url + "\"}}";
    }

    private List<BsonDocument> send(List<String> entries, String... headers) throws Exception {
        HttpResponse<String> answer = Http.write(
                "POST",
                server.uri("/fhir"),
                "{\"resourceType\":\"Bundle\",\"type\":\"batch\",\"entry\":[" + String.join(",", entries) + "]}",
                headers);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return BsonDocument.parse(answer.body()).getArray("entry").stream()
                .map(entry -> entry.asDocument())
                .toList();
    }

    private static String response(BsonDocument entry, String name) {
        return entry.getDocument("response").getString(name, new BsonString("")).getValue();
    }

    private static List<String> responses(List<BsonDocument> entries, String name) {
        return entries.stream().map(entry -> response(entry, name)).toList();
    }

    private static List<String> statuses(List<BsonDocument> entries) {
        return responses(entries, "status").stream()
                .map(status -> status.substring(0, 3))
                .toList();
    }

    @Test
    void writesThatStandTogether_areWrittenAtOnce_andAnsweredInTheirOrder() throws Exception {
        send(List.of(put("t1", "Before"), put("t2", "Same")));
        together.reset();

        List<BsonDocument> answers = send(List.of(
                put("t1", "After"),
                post("New"),
                put("t2", "Same"),
                put("t3", "Organization", "\"name\":\"o\"", ""),
                put("t3", "New")));

        assertThat(together.sizes()).containsExactly(5);
        assertThat(statuses(answers)).containsExactly("200", "201", "200", "201", "201");
        assertThat(responses(answers, "etag")).containsExactly("W/\"2\"", "W/\"1\"", "W/\"1\"", "W/\"1\"", "W/\"1\"");
        assertThat(response(answers.get(0), "location")).endsWith("/Practitioner/t1/_history/2");
        assertThat(response(answers.get(1), "location")).matches(".*/Practitioner/[0-9a-f-]{36}/_history/1");
        assertThat(response(answers.get(3), "location")).endsWith("/Organization/t3/_history/1");
        assertThat(responses(answers, "lastModified")).doesNotContain("");
        assertThat(answers).noneMatch(answer -> answer.containsKey("resource"));
    }

    @Test
    void sameResourceTwice_isWrittenTwiceInItsOrder() throws Exception {
        List<BsonDocument> answers = send(
                List.of(put("s1", "first"), put("s2", "other"), put("s1", "second"), ask("GET", "Practitioner/s1")));

        assertThat(together.sizes()).containsExactly(2, 1);
        assertThat(statuses(answers)).containsExactly("201", "201", "200", "200");
        assertThat(response(answers.get(2), "etag")).isEqualTo("W/\"2\"");
        assertThat(answers.get(3).getDocument("resource").toJson()).contains("second");
    }

    @Test
    void otherEntries_seeWhatStandsBeforeThem_andNothingBehind() throws Exception {
        List<BsonDocument> answers = send(List.of(
                ask("GET", "Practitioner/o1"),
                put("o1", "written"),
                ask("GET", "Practitioner?family=written&_summary=count"),
                put("o2", "written"),
                put("o3", "written"),
                ask("DELETE", "Practitioner/o2"),
                put("o2", "again")));

        assertThat(together.sizes()).containsExactly(1, 2, 1);
        assertThat(statuses(answers)).containsExactly("404", "201", "200", "201", "201", "204", "201");
        assertThat(answers.get(2).getDocument("resource").getNumber("total").intValue())
                .isEqualTo(1);
        assertThat(response(answers.get(6), "etag")).isEqualTo("W/\"3\"");
    }

    @Test
    void conditions_areForOneAlone() throws Exception {
        List<BsonDocument> answers = send(List.of(
                put("c1", "first"),
                put("c1", "Practitioner", "\"active\":true", ",\"ifMatch\":\"W/\\\"7\\\"\""),
                put("c2", "first"),
                put("c1", "Practitioner", "\"active\":true", ",\"ifMatch\":\"W/\\\"1\\\"\"")));

        assertThat(together.sizes()).containsExactly(1, 1);
        assertThat(statuses(answers)).containsExactly("201", "412", "201", "200");
    }

    @Test
    void wrongEntries_failForThemselves_andTheOthersAreStillTogether() throws Exception {
        List<BsonDocument> answers = send(List.of(
                put("w1", "right"),
                put("w2", "Practitioner", "\"nme\":\"wrong\"", ""),
                put("w3", "right").replace("Practitioner/w3", "Practitioner/w4"),
                ask("PUT", "Practitioner/w5"),
                put("w6", "right").replace("Practitioner/w6", "Practitioner/w6?_sort=name"),
                put("w7", "right")));

        assertThat(together.sizes()).containsExactly(2);
        assertThat(statuses(answers)).containsExactly("201", "422", "400", "400", "400", "201");
        assertThat(answers.get(1).toJson()).contains("nme");
    }

    @Test
    void many_areWrittenInParts() throws Exception {
        List<BsonDocument> answers =
                send(IntStream.range(0, 450).mapToObj(i -> put("m" + i, "many")).toList());

        assertThat(together.sizes()).containsExactly(200, 200, 50);
        assertThat(statuses(answers)).hasSize(450).containsOnly("201");
    }

    @Test
    void large_areWrittenInParts() throws Exception {
        List<BsonDocument> answers = send(IntStream.range(0, 5)
                .mapToObj(i -> put("l" + i, "x".repeat(600_000)))
                .toList());

        assertThat(together.sizes()).containsExactly(2, 2, 1);
        assertThat(statuses(answers)).containsOnly("201");
    }

    @Test
    void representations_comeBackWhereTheyAreWished() throws Exception {
        List<BsonDocument> answers =
                send(List.of(put("r1", "back"), put("r2", "back")), "Prefer", "return=representation");

        assertThat(together.sizes()).containsExactly(2);
        assertThat(answers).allMatch(answer -> answer.toJson().contains("back"));
        assertThat(answers.get(1).getDocument("resource").getString("id").getValue())
                .isEqualTo("r2");
    }

    @Test
    void noTimeForThem_isToldOfEach() throws Exception {
        together.instead(put -> new PutOutcome.NotBegun());

        List<BsonDocument> answers = send(List.of(put("n1", "late"), put("n2", "late")));

        assertThat(statuses(answers)).containsExactly("503", "503");
        assertThat(answers.get(0).toJson()).contains("limits.batch");
    }

    @Test
    void notBegunInTime_isWrittenNext() throws Exception {
        AtomicInteger turns = new AtomicInteger();
        together.instead(put -> put.key().id().equals("nb2") && turns.getAndIncrement() == 0
                ? new PutOutcome.NotBegun()
                : put.alone(together.store, Caller.everyone(), Deadline.in(Duration.ofMinutes(1))));

        assertThat(statuses(send(List.of(put("nb1", "soon"), put("nb2", "later")))))
                .containsExactly("201", "201");
        assertThat(together.sizes()).containsExactly(2, 1);
    }

    @Test
    void failures_areToldOfEach() throws Exception {
        together.instead(put -> put.key().id().equals("f1")
                ? new PutOutcome.Failed(new Refusal(Refusal.Reason.CONFLICT, "others are faster"))
                : new PutOutcome.Failed(new IllegalStateException("for this test")));

        List<BsonDocument> answers = send(List.of(put("f1", "fails"), put("f2", "fails")));

        assertThat(statuses(answers)).containsExactly("409", "500");
        assertThat(answers.get(0).toJson()).contains("others are faster");
        assertThat(answers.get(1).toJson()).doesNotContain("for this test");
    }

    @Test
    void storeThatFailsAsAWhole_isToldOfEach() throws Exception {
        together.instead(put -> {
            throw new Refusal(Refusal.Reason.NOT_READY, "the database is away");
        });

        assertThat(statuses(send(List.of(put("a1", "x"), put("a2", "x"), ask("GET", "Practitioner/a1")))))
                .containsExactly("503", "503", "404");
    }
}
