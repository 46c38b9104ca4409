package miroir.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import miroir.index.Refusal;
import miroir.index.store.Caller;
import miroir.index.store.ForwardingStore;
import miroir.index.store.HistoryPage;
import miroir.index.store.HistoryQuery;
import miroir.index.store.ResourceStore;
import miroir.storage.testing.MongoExtension;
import miroir.storage.testing.TestDatabase;
import org.bson.BsonDocument;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is wrong in one entry of a bundle, how large bundles may be, and references by criteria in any order. Only the time is more than as shipped: how long it takes is no matter here. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ExtendWith(MongoExtension.class)
final class BundleFaultsIT {
    private static final int ENTRIES = 1_000;

    private TestServer server;

    @BeforeAll
    void start(TestDatabase database) throws Exception {
        server = TestServer.start("database: {operationTimeout: 2m}\n", database);
    }

    @AfterAll
    void stop() {
        server.close();
    }

    private HttpResponse<String> sendXml(String type, String... entries) throws Exception {
        String bundle = "<Bundle xmlns=\"http://hl7.org/fhir\"><type value=\"" + type + "\"/>"
                + String.join("", entries) + "</Bundle>";
        return Http.send(
                "POST",
                server.uri("/fhir"),
                bundle.getBytes(StandardCharsets.UTF_8),
                "Content-Type",
                "application/fhir+xml",
                "Accept",
                "application/fhir+json",
                "Authorization",
                "Bearer " + TestServer.TOKEN);
    }

    private static String put(String id, String resource) {
        return "<entry><resource>" + resource + "</resource><request><method value=\"PUT\"/><url value=\"Practitioner/"
                + id + "\"/></request></entry>";
    }

    private static String practitioner(String id, String content) {
        return "<Practitioner><id value=\"" + id + "\"/>" + content + "</Practitioner>";
    }

    private static List<String> statuses(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return BsonDocument.parse(answer.body()).getArray("entry").stream()
                .map(entry -> entry.asDocument()
                        .getDocument("response")
                        .getString("status")
                        .getValue()
                        .substring(0, 3))
                .toList();
    }

    /** A database that goes away behind the commit. */
    private static final class WithoutHistories extends ForwardingStore {
        WithoutHistories(ResourceStore store) {
            super(store);
        }

        @Override
        public HistoryPage history(Caller caller, HistoryQuery query) {
            throw new Refusal(Refusal.Reason.NOT_READY, "the database is away");
        }
    }

    @Test
    void transaction_isDoneAndCannotBeReadAfterwards_standsAndItsEntrySaysSo(TestDatabase database) throws Exception {
        ResourceStore store = new WithoutHistories(TestServer.ready(database));
        try (TestServer without = TestServer.start("", store, false)) {
            HttpResponse<String> answer = Http.write("POST", without.uri("/fhir"), """
                    {"resourceType":"Bundle","type":"transaction","entry":[
                      {"resource":{"resourceType":"Practitioner","id":"stands"},"request":{"method":"PUT","url":"Practitioner/stands"}},
                      {"request":{"method":"GET","url":"Practitioner/stands/_history"}},
                      {"request":{"method":"GET","url":"Practitioner/stands"}}]}""");

            assertThat(statuses(answer)).containsExactly("201", "503", "200");
            assertThat(answer.body()).contains("OperationOutcome", "the database is away");
            assertThat(Http.send("GET", without.uri("/fhir/Practitioner/stands"))
                            .statusCode())
                    .isEqualTo(200);
        }
    }

    @Test
    void batchInXml_resourcesAreWrongInEveryWay_othersAreDone() throws Exception {
        HttpResponse<String> answer = sendXml(
                "batch",
                put("x0", practitioner("x0", "<nme value=\"a\"/>")),
                put("x1", practitioner("x1", "<name><family value=\"first\"/></name>")),
                put("x2", practitioner("x2", "<active/>")),
                put(
                        "x3",
                        practitioner(
                                "x3",
                                "<text><status value=\"generated\"/><div xmlns=\"http://www.w3.org/1999/xhtml\"><p><b"
                                        + " xmlns=\"http://other\">deep</b></p></div></text>")),
                put("x4", practitioner("x4", "text")),
                put("x5", "<Nonsense><a><b/></a></Nonsense>"),
                put("x6", practitioner("x6", "") + practitioner("x6", "")),
                put("x7", ""),
                put(
                        "x8",
                        practitioner(
                                "x8", "<active value=\"true\"><extension url=\"u\"><valueX/></extension></active>")),
                put("x9", practitioner("x9", "<birthDate value=\"1970-13-01\"/>")),
                put("x10", practitioner("x10", "<name><family value=\"last\"/></name>")));

        assertThat(statuses(answer))
                .containsExactly("422", "201", "422", "400", "422", "422", "422", "422", "422", "422", "201");
        assertThat(answer.body())
                .contains("nme", "line 1, column", "Bundle.entry[0].resource", "Nonsense", "1970-13-01");
        assertThat(Http.send("GET", server.uri("/fhir/Practitioner/x10")).body())
                .contains("\"last\"");
        assertThat(Http.send("GET", server.uri("/fhir/Practitioner/x6")).statusCode())
                .isEqualTo(404);
    }

    /** What stands behind a fault is still read, and not for ever. */
    @Test
    void batchInXml_thatIsTooDeepOrTooLongBehindAFault_isRefusedWhole() throws Exception {
        String deep = "<a>".repeat(500) + "</a>".repeat(500);
        String narrative = "<text><status value=\"generated\"/><div xmlns=\"http://www.w3.org/1999/xhtml\">"
                + "<p>".repeat(500) + "</p>".repeat(500) + "</div></text>";
        for (String content : List.of("<nme/>" + deep, narrative)) {
            assertThat(sendXml("batch", put("d", practitioner("d", content))).statusCode())
                    .isIn(400, 413);
        }
        HttpResponse<String> many = sendXml("batch", put("m", "<Nonsense/>").repeat(ENTRIES + 1));
        assertThat(many.statusCode()).isEqualTo(413);
        assertThat(many.body()).contains("limits.entries");
        assertThat(send("batch", "{},".repeat(ENTRIES) + "{}").body()).contains("limits.entries");
    }

    @Test
    void bundleInXml_thatIsNoXml_orNoBundle_isRefusedWhole() throws Exception {
        assertThat(sendXml("batch", put("w", practitioner("w", "<active value=\"true\">")))
                        .statusCode())
                .isEqualTo(400);
        assertThat(sendXml("batch", put("w", practitioner("w", "")), "<entry><nonsense/></entry>")
                        .statusCode())
                .isEqualTo(422);
        assertThat(Http.send("GET", server.uri("/fhir/Practitioner/w")).statusCode())
                .isEqualTo(404);
    }

    @Test
    void transactionInXml_oneResourceIsWrong_nothingIsDoneAndItIsNamed() throws Exception {
        HttpResponse<String> refused = sendXml(
                "transaction", put("t0", practitioner("t0", "")), put("t1", practitioner("t1", "<nme value=\"a\"/>")));

        assertThat(refused.statusCode()).isEqualTo(422);
        assertThat(refused.body()).contains("entry[1] (PUT Practitioner/t1)", "Bundle.entry[1].resource", "nme");
        assertThat(Http.send("GET", server.uri("/fhir/Practitioner/t0")).statusCode())
                .isEqualTo(404);
    }

    private static String organization(String name, String partOf) {
        String parent = partOf.isEmpty()
                ? ""
                : ",\"partOf\":{\"reference\":\"Organization?identifier=urn:order%7C" + partOf + "\"}";
        return "{\"resource\":{\"resourceType\":\"Organization\",\"id\":\"" + name
                + "\",\"identifier\":[{\"system\":\"urn:order\",\"value\":\"" + name + "\"}]" + parent
                + "},\"request\":{\"method\":\"PUT\",\"url\":\"Organization/" + name + "\"}}";
    }

    private HttpResponse<String> send(String type, String... entries) throws Exception {
        return Http.write(
                "POST",
                server.uri("/fhir"),
                "{\"resourceType\":\"Bundle\",\"type\":\"" + type + "\",\"entry\":[" + String.join(",", entries)
                        + "]}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a b c d", "d c b a", "b d a c"})
    void referencesByCriteria_toEachOther_areResolvedInWhateverOrder(String order) throws Exception {
        String run = order.replace(" ", "");
        String[] entries = Arrays.stream(order.split(" "))
                .map(each -> switch (each) {
                    case "d" -> organization(run + "-d", "");
                    case "c" -> organization(run + "-c", run + "-d");
                    case "b" -> organization(run + "-b", run + "-c");
                    default -> organization(run + "-a", run + "-b");
                })
                .toArray(String[]::new);

        assertThat(statuses(send("transaction", entries))).containsOnly("201");
        assertThat(Http.send("GET", server.uri("/fhir/Organization/" + run + "-a"))
                        .body())
                .contains("\"Organization/" + run + "-b\"");
    }

    /** Each pass through those that wait does one: the longest chain that is resolved, and a longer one. */
    @Test
    void referencesByCriteria_inTheWorstOrder_areResolvedOrRefusedWithTheReason() throws Exception {
        assertThat(statuses(send("transaction", oddBeforeEven("long", 12))))
                .containsOnly("201")
                .hasSize(12);

        HttpResponse<String> refused = send("transaction", oddBeforeEven("longer", 14));

        assertThat(refused.statusCode()).isEqualTo(412);
        assertThat(refused.body())
                .contains("finds nothing", "send them in the order in which they refer to each other");
        assertThat(Http.send("GET", server.uri("/fhir/Organization/longer-1")).statusCode())
                .isEqualTo(404);
    }

    private static String[] oddBeforeEven(String run, int number) {
        return IntStream.concat(
                        IntStream.rangeClosed(1, number).filter(i -> i % 2 == 1),
                        IntStream.rangeClosed(1, number).filter(i -> i % 2 == 0))
                .mapToObj(i -> organization(run + "-" + i, i == 1 ? "" : run + "-" + (i - 1)))
                .toArray(String[]::new);
    }

    @Test
    void batch_entryThatRefersToAnother_isRefusedForItself() throws Exception {
        String name = "urn:uuid:22222222-2222-4222-8222-222222222222";
        HttpResponse<String> answer = send(
                "batch",
                "{\"fullUrl\":\"" + name + "\"," + organization("apart-1", "").substring(1),
                "{\"resource\":{\"resourceType\":\"Organization\",\"id\":\"apart-2\",\"partOf\":{\"reference\":\""
                        + name + "\"}},\"request\":{\"method\":\"PUT\",\"url\":\"Organization/apart-2\"}}");

        assertThat(statuses(answer)).containsExactly("201", "400");
        assertThat(answer.body()).contains(name, "send a transaction");
    }

    /** Together with what is written they are as much as one answer has. */
    @Test
    void transaction_ofReadsAfterItsCommit_readsNoMoreThanAnAnswerHas() throws Exception {
        for (int i = 0; i < 3; i++) {
            Http.write(
                    "PUT",
                    server.uri("/fhir/Organization/large"),
                    "{\"resourceType\":\"Organization\",\"id\":\"large\",\"name\":\"" + i + "x".repeat(1_900_000)
                            + "\"}");
        }
        String read = "{\"request\":{\"method\":\"GET\",\"url\":\"Organization/large/_history\"}}";

        HttpResponse<String> answer = send("transaction", read, read, read, read);

        assertThat(statuses(answer)).containsExactly("200", "200", "413", "413");
    }

    @Test
    void referencesByCriteria_inACircle_findNothing() throws Exception {
        HttpResponse<String> refused =
                send("transaction", organization("c1", "c2"), organization("c2", "c1"), organization("c3", ""));

        assertThat(refused.statusCode()).isEqualTo(412);
        assertThat(refused.body()).contains("entry[0]", "finds nothing");
        assertThat(Http.send("GET", server.uri("/fhir/Organization/c3")).statusCode())
                .isEqualTo(404);
    }

    @Test
    void jsonPatch_thatRefersToAnEntry_isRefusedAndSaysWhatWorks() throws Exception {
        Http.write(
                "PUT",
                server.uri("/fhir/Organization/patched"),
                "{\"resourceType\":\"Organization\",\"id\":\"patched\"}");
        for (String patch : List.of(
                "[{\"op\":\"add\",\"path\":\"/partOf\",\"value\":{\"reference\":\"urn:uuid:11111111-1111-4111-8111-111111111111\"}}]",
                "[{\"op\":\"add\",\"path\":\"/partOf/reference\",\"value\":\"urn:uuid:11111111-1111-4111-8111-111111111111\"}]")) {
            String data = Base64.getEncoder().encodeToString(patch.getBytes(StandardCharsets.UTF_8));
            HttpResponse<String> refused = send(
                    "transaction",
                    "{\"fullUrl\":\"urn:uuid:11111111-1111-4111-8111-111111111111\",\"resource\":{\"resourceType\":\"Organization\",\"name\":\"x\"},\"request\":{\"method\":\"POST\",\"url\":\"Organization\"}}",
                    "{\"resource\":{\"resourceType\":\"Binary\",\"contentType\":\"application/json-patch+json\",\"data\":\""
                            + data + "\"},\"request\":{\"method\":\"PATCH\",\"url\":\"Organization/patched\"}}");

            assertThat(refused.statusCode()).as(refused.body()).isEqualTo(400);
            assertThat(refused.body()).contains("urn:uuid:1111", "FHIRPath Patch", "entry[1]");
        }
    }

    /** Each as large as a role of the directory is at most; half of them made unless they are there, and each refers to one before. */
    @ParameterizedTest
    @ValueSource(strings = {"batch", "transaction"})
    void thousandEntries_ofEightKilobytesEach_areDone(String type) throws Exception {
        String text = "x".repeat(8_000);
        String entries = IntStream.range(0, ENTRIES)
                .mapToObj(i -> "{\"fullUrl\":\"urn:uuid:" + new UUID(0, i)
                        + "\",\"resource\":{\"resourceType\":\"Organization\",\"identifier\":[{\"system\":\"urn:" + type
                        + "\",\"value\":\"" + i + "\"}],\"extension\":[{\"url\":\"http://a\",\"valueString\":\"" + text
                        + "\"}]"
                        + (i == 0 || type.equals("batch")
                                ? ""
                                : ",\"partOf\":{\"reference\":\"urn:uuid:" + new UUID(0, i - 1) + "\"}")
                        + "},\"request\":{\"method\":\"POST\",\"url\":\"Organization\""
                        + (i % 2 == 0 ? "" : ",\"ifNoneExist\":\"identifier=urn:" + type + "|" + i + "\"") + "}}")
                .collect(Collectors.joining(","));

        HttpResponse<String> answer = send(type, entries);

        assertThat(statuses(answer)).hasSize(ENTRIES).containsOnly("201");
        assertThat(Http.send(
                                "GET",
                                server.uri("/fhir/Organization?identifier=urn:" + type
                                        + "%7C&_summary=count&_total=accurate"))
                        .body())
                .contains("\"total\":" + ENTRIES);
    }

    @Test
    void tooLarge_isTheBundle_orOneOfItsResources() throws Exception {
        String large = "{\"resource\":{\"resourceType\":\"Organization\",\"id\":\"large\",\"name\":\""
                + "x".repeat(5 << 20) + "\"},\"request\":{\"method\":\"PUT\",\"url\":\"Organization/large\"}}";
        String small =
                "{\"resource\":{\"resourceType\":\"Organization\",\"id\":\"small\"},\"request\":{\"method\":\"PUT\",\"url\":\"Organization/small\"}}";

        HttpResponse<String> one = send("batch", large, small);
        HttpResponse<String> whole = send("batch", large, large, large, large);

        assertThat(statuses(one)).containsExactly("413", "201");
        assertThat(one.body()).contains("limits.body", "Bundle.entry[0].resource");
        assertThat(whole.statusCode()).isEqualTo(413);
        assertThat(whole.body()).contains("limits.bundle");
    }
}
