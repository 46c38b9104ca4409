package miroir.server.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayInputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;
import miroir.server.Http;
import miroir.server.TestServer;
import miroir.storage.testing.MongoExtension;
import miroir.storage.testing.TestDatabase;
import org.bson.Document;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Exports in bulk: what is in them, of whom, and what is refused. */
@ExtendWith(MongoExtension.class)
final class BulkExportIT {
    private static final long SEED = Long.getLong("miroir.seed", System.nanoTime());
    private static final int ORGANIZATIONS = 240;
    private static final Duration SOON = Duration.ofSeconds(30);
    private static TestServer server;

    @BeforeAll
    static void start(TestDatabase database) throws Exception {
        server = Exports.server("export: {resources: 100, perConsumer: 1000, maximum: 1000}", database);
        load(
                "Organization",
                ORGANIZATIONS,
                i -> "\"id\":\"o" + i + "\",\"name\":\"Name " + i + "\",\"active\":" + (i % 2 == 0)
                        + ",\"address\":[{\"city\":\"" + (i % 3 == 0 ? "Lyon" : "Paris") + "\"}]");
        load("Practitioner", 20, i -> "\"id\":\"p" + i + "\",\"name\":[{\"family\":\"Family " + i + "\"}]");
    }

    /** All by one batch. */
    private static void load(String type, int many, IntFunction<String> content) throws Exception {
        String entries = IntStream.range(0, many)
                .mapToObj(i -> "{\"resource\":{\"resourceType\":\"" + type + "\"," + content.apply(i) + "},"
                        + "\"request\":{\"method\":\"PUT\",\"url\":\"" + type + "/"
                        + (type.equals("Organization") ? "o" : "p")
                        + i + "\"}}")
                .collect(Collectors.joining(","));
        HttpResponse<String> loaded = Http.write(
                "POST",
                server.uri("/fhir"),
                "{\"resourceType\":\"Bundle\",\"type\":\"batch\",\"entry\":[" + entries + "]}");
        assertThat(loaded.statusCode()).as(loaded.body()).isEqualTo(200);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static Document exported(String query) throws Exception {
        return Exports.complete(Exports.begin(server, query, TestServer.TOKEN), TestServer.TOKEN);
    }

    private static Map<String, Long> resources(Document manifest) throws Exception {
        return Exports.resources(manifest, TestServer.TOKEN);
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    @Test
    void export_isEverything_inFilesOfAType_withTheirCounts() throws Exception {
        String address = Exports.begin(server, "", TestServer.TOKEN);
        Document manifest = Exports.complete(address, TestServer.TOKEN);

        assertThat(manifest.getString("request")).isEqualTo(server.base() + "/$export");
        assertThat(manifest.getBoolean("requiresAccessToken")).isTrue();
        assertThat(manifest.getList("error", Document.class)).isEmpty();
        assertThat(manifest.getList("deleted", Document.class)).isEmpty();
        assertThat(resources(manifest))
                .hasSizeGreaterThanOrEqualTo(ORGANIZATIONS + 20)
                .containsKeys("Organization/o0", "Practitioner/p19");
        assertThat(manifest.getList("output", Document.class))
                .filteredOn(file -> file.getString("type").equals("Organization"))
                .hasSizeGreaterThan(2);
        HttpResponse<String> status = Exports.get(address, TestServer.TOKEN);
        assertThat(status.headers().firstValue("Expires")).get().asString().endsWith("GMT");
        assertThat(status.headers().firstValue("Content-Type")).contains("application/json");
        String file = manifest.getList("output", Document.class).get(0).getString("url");
        HttpResponse<String> head = Http.send("HEAD", URI.create(file), "Authorization", "Bearer " + TestServer.TOKEN);
        assertThat(head.statusCode()).isEqualTo(200);
        assertThat(head.headers().firstValue("Content-Type")).contains("application/fhir+ndjson");
        assertThat(head.body()).isEmpty();
    }

    @Test
    void export_whileOthersWrite_isTheStoreAtItsInstant() throws Exception {
        ExecutorService writers = Executors.newFixedThreadPool(3);
        List<Future<?>> written = new ArrayList<>();
        try {
            for (int writer = 0; writer < 3; writer++) {
                Random random = new Random(SEED + writer);
                written.add(writers.submit(() -> {
                    for (int i = 0; i < 150; i++) {
                        Exports.change(server, "HealthcareService", "h" + random.nextInt(150), random);
                    }
                    return null;
                }));
            }
            await().atMost(SOON).until(() -> Exports.total(server, "HealthcareService") > 20);
            Document manifest = exported("?_type=HealthcareService");
            Map<String, Long> during = resources(manifest);
            for (Future<?> each : written) {
                each.get();
            }
            Map<String, Long> then = Exports.asAt(server, "HealthcareService", manifest.getString("transactionTime"));
            assertThat(during).as("seed %d", SEED).isEqualTo(then);
            assertThat(resources(manifest)).as("later, seed %d", SEED).isEqualTo(then);
        } finally {
            writers.shutdownNow();
        }
    }

    @Test
    void since_hasWhatChanged_andWhatWasDeleted() throws Exception {
        Exports.put(server, "Device", "before", "\"lotNumber\":\"1\"");
        Exports.put(server, "Device", "gone", "\"lotNumber\":\"1\"");
        Exports.put(server, "Device", "back", "\"lotNumber\":\"1\"");
        String since = exported("?_type=Device").getString("transactionTime");
        Exports.put(server, "Device", "after", "\"lotNumber\":\"1\"");
        Exports.delete(server, "Device/gone");
        Exports.delete(server, "Device/back");
        Exports.put(server, "Device", "back", "\"lotNumber\":\"2\"");
        Exports.put(server, "Device", "before", "\"lotNumber\":\"1\"");

        Document manifest = exported("?_type=Device&_since=" + since);
        Exports.delete(server, "Device/after");
        Exports.put(server, "Device", "gone", "\"lotNumber\":\"3\"");

        assertThat(resources(manifest)).containsOnlyKeys("Device/after", "Device/back");
        List<Document> deleted = manifest.getList("deleted", Document.class);
        assertThat(deleted).hasSize(1);
        assertThat(deleted.get(0).getString("type")).isEqualTo("Bundle");
        List<Document> bundles = Exports.lines(deleted.get(0).getString("url"), TestServer.TOKEN);
        assertThat(bundles).hasSize(deleted.get(0).getInteger("count"));
        assertThat(bundles.get(0).getString("type")).isEqualTo("transaction");
        assertThat(bundles.get(0).getList("entry", Document.class))
                .containsExactly(
                        new Document("request", new Document("method", "DELETE").append("url", "Device/gone")));
    }

    @Test
    void typeFilters_areAlternatives_andAResourceComesOnce() throws Exception {
        Map<String, Long> found = resources(exported("?_type=Organization,Practitioner&_typeFilter="
                + encoded(
                        "Organization?address-city=Lyon&active=true,Organization?name=Name 1,Organization?_id=o0,o3")));

        assertThat(found.keySet())
                .contains(
                        "Organization/o0",
                        "Organization/o3",
                        "Organization/o6",
                        "Organization/o1",
                        "Organization/o10",
                        "Practitioner/p1")
                .doesNotContain("Organization/o9", "Organization/o2");
    }

    @Test
    void typeFilter_mayBeAnySearch() throws Exception {
        Exports.put(
                server,
                "PractitionerRole",
                "r1",
                "\"practitioner\":{\"reference\":\"Practitioner/p1\"},\"organization\":{\"reference\":\"Organization/o3\"}");
        Exports.put(server, "PractitionerRole", "r2", "\"organization\":{\"reference\":\"Organization/o1\"}");

        assertThat(resources(exported("?_type=PractitionerRole&_typeFilter="
                        + encoded("PractitionerRole?organization.address-city=Lyon"))))
                .containsOnlyKeys("PractitionerRole/r1");
        assertThat(resources(exported("?_type=Practitioner&_typeFilter="
                        + encoded("Practitioner?_has:PractitionerRole:practitioner:organization.address-city=Lyon"))))
                .containsOnlyKeys("Practitioner/p1");
    }

    @Test
    void elements_areAllThatIsThere_andTagged() throws Exception {
        Document manifest = exported("?_type=Organization,Practitioner&_elements=Organization.name");

        for (Document file : manifest.getList("output", Document.class)) {
            Document first =
                    Exports.lines(file.getString("url"), TestServer.TOKEN).get(0);
            if (file.getString("type").equals("Organization")) {
                assertThat(first.keySet()).contains("id", "name").doesNotContain("address");
                assertThat(first.get("meta", Document.class).toJson()).contains("SUBSETTED");
            } else {
                assertThat(first.toJson()).doesNotContain("SUBSETTED");
            }
        }
    }

    @Test
    void file_isPacked_whereThatIsAccepted() throws Exception {
        String url = exported("?_type=Organization")
                .getList("output", Document.class)
                .get(0)
                .getString("url");

        HttpResponse<byte[]> packed = Http.sendForBytes("GET", URI.create(url), new byte[0], "Accept-Encoding", "gzip");

        assertThat(packed.headers().firstValue("Content-Encoding")).contains("gzip");
        byte[] plain = new GZIPInputStream(new ByteArrayInputStream(packed.body())).readAllBytes();
        assertThat(new String(plain, StandardCharsets.UTF_8))
                .isEqualTo(Exports.get(url, TestServer.TOKEN).body());
    }

    @Test
    void parameters_mayBeSent() throws Exception {
        HttpResponse<String> begun = Http.write(
                "POST",
                server.uri("/fhir/$export"),
                "{\"resourceType\":\"Parameters\",\"parameter\":[{\"name\":\"_type\",\"valueString\":\"Organization\"},"
                        + "{\"name\":\"_typeFilter\",\"valueString\":\"Organization?_id=o5\"},"
                        + "{\"name\":\"_outputFormat\",\"valueString\":\"ndjson\"},"
                        + "{\"name\":\"_since\",\"valueInstant\":\"2000-01-01T00:00:00+01:00\"}]}",
                "Prefer",
                "respond-async");

        assertThat(begun.statusCode()).as(begun.body()).isEqualTo(202);
        assertThat(begun.headers().firstValue("Preference-Applied")).contains("respond-async");
        Document manifest =
                Exports.complete(begun.headers().firstValue("Content-Location").orElseThrow(), TestServer.TOKEN);
        assertThat(resources(manifest)).containsOnlyKeys("Organization/o5");
    }

    @Test
    void lenientClient_isToldWhatWasLeftOut() throws Exception {
        HttpResponse<String> begun = Http.send(
                "GET",
                server.uri("/fhir/$export?_type=Organization,Nonsense&patient=1&_typeFilter="
                        + encoded("Organization?_id=o7&nonsense=1")),
                "Authorization",
                "Bearer " + TestServer.TOKEN,
                "Prefer",
                "respond-async, handling=lenient");
        assertThat(begun.statusCode()).as(begun.body()).isEqualTo(202);
        Document manifest =
                Exports.complete(begun.headers().firstValue("Content-Location").orElseThrow(), TestServer.TOKEN);

        assertThat(resources(manifest)).containsOnlyKeys("Organization/o7");
        Document error = manifest.getList("error", Document.class).get(0);
        assertThat(error.getString("type")).isEqualTo("OperationOutcome");
        assertThat(Exports.lines(error.getString("url"), TestServer.TOKEN))
                .hasSize(3)
                .extracting(Document::toJson)
                .anyMatch(line -> line.contains("Nonsense"))
                .anyMatch(line -> line.contains("patient"))
                .anyMatch(line -> line.contains("nonsense=1"));
    }

    @Test
    void endedExport_isNotThereAnyMore() throws Exception {
        String address = Exports.begin(server, "?_type=Organization", TestServer.TOKEN);
        Document manifest = Exports.complete(address, TestServer.TOKEN);

        assertThat(Http.send("DELETE", URI.create(address), "Authorization", "Bearer " + TestServer.TOKEN)
                        .statusCode())
                .isEqualTo(202);

        assertThat(Exports.get(address, TestServer.TOKEN).statusCode()).isEqualTo(404);
        String file = manifest.getList("output", Document.class).get(0).getString("url");
        assertThat(Exports.get(file, TestServer.TOKEN).statusCode()).isEqualTo(404);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "_type=Nonsense|Nonsense",
                "_type=|no type",
                "_type=Organization&_type=Practitionr|Practitionr",
                "_outputFormat=text/csv|text/csv",
                "_since=yesterday|yesterday",
                "_since=2020-01-01T00:00:00Z&_since=2021-01-01T00:00:00Z|_since",
                "_typeFilter=Organization|Organization",
                "_typeFilter=Organization%3Fnonsense%3D1|nonsense",
                "_typeFilter=Organization%3F_count%3D1|_count",
                "_typeFilter=Organization%3F_include%3D*|_include",
                "_typeFilter=Organization%3Factive%3D%2500|zero byte",
                "_type=Practitioner&_typeFilter=Organization%3Factive%3Dtrue|not exported",
                "_elements=nonsense|nonsense",
                "_elements=Organization.family|Organization.family",
                "_elements=Nonsense.name|Nonsense.name",
                "patient=Patient/1|patient",
                "includeAssociatedData=LatestProvenanceResources|includeAssociatedData",
                "_til=1|_til"
            })
    void whatMakesNoSense_isRefused_andNamed(String query, String named) throws Exception {
        HttpResponse<String> answer = Http.send(
                "GET",
                server.uri("/fhir/$export?" + query),
                "Authorization",
                "Bearer " + TestServer.TOKEN,
                "Prefer",
                "respond-async");

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
        assertThat(answer.body()).contains("OperationOutcome", named);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"resourceType\":\"Patient\"}",
                "{\"resourceType\":\"Parameters\",\"parameter\":[{\"name\":\"_type\"}]}",
                "{\"resourceType\":\"Parameters\",\"parameter\":[{\"name\":\"_since\",\"valueInstant\":\"2020-01-01T00:00:00Z\"},{\"name\":\"nonsense\",\"valueString\":\"1\"}]}",
                "[]"
            })
    void badBodies_areRefused(String body) throws Exception {
        HttpResponse<String> answer = Http.write("POST", server.uri("/fhir/$export"), body, "Prefer", "respond-async");

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
    }

    @Test
    void withoutPreference_itIsRefused() throws Exception {
        HttpResponse<String> answer =
                Http.send("GET", server.uri("/fhir/$export"), "Authorization", "Bearer " + TestServer.TOKEN);

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains("respond-async");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/fhir/$export/nothing",
                "/fhir/$export/a%20b",
                "/fhir/$export/nothing/Organization-1.ndjson",
                "/fhir/$export/nothing/..%2F1"
            })
    void whatIsNotThere_isNotFound(String path) throws Exception {
        assertThat(Exports.get(server.uri(path).toString(), TestServer.TOKEN).statusCode())
                .isIn(400, 404);
    }

    @Test
    void metadata_tellsOfIt() throws Exception {
        Document metadata = Document.parse(
                Exports.get(server.base() + "/metadata", TestServer.TOKEN).body());

        assertThat(metadata.getList("instantiates", String.class))
                .contains("http://hl7.org/fhir/uv/bulkdata/CapabilityStatement/bulk-data");
        assertThat(metadata.getList("rest", Document.class).get(0).getList("operation", Document.class))
                .extracting(each -> each.getString("definition"))
                .contains("http://hl7.org/fhir/uv/bulkdata/OperationDefinition/export");
    }

    @Test
    void whatWasErased_isInNoFile_andNotCounted() throws Exception {
        Exports.put(server, "Observation", "kept", "\"status\":\"final\",\"code\":{\"text\":\"a\"}");
        Exports.put(server, "Observation", "erased", "\"status\":\"final\",\"code\":{\"text\":\"a\"}");
        String address = Exports.begin(server, "?_type=Observation", TestServer.TOKEN);
        assertThat(resources(Exports.complete(address, TestServer.TOKEN))).hasSize(2);

        assertThat(Http.write("POST", server.uri("/fhir/Observation/erased/$erase"), "")
                        .statusCode())
                .isEqualTo(200);

        Document manifest = Exports.complete(address, TestServer.TOKEN);
        assertThat(manifest.getList("output", Document.class).get(0)).doesNotContainKey("count");
        assertThat(new TreeMap<>(resources(manifest))).containsOnlyKeys("Observation/kept");
    }
}
