package miroir.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import miroir.server.metadata.ServerVersion;
import miroir.storage.testing.MongoExtension;
import miroir.storage.testing.TestDatabase;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ExtendWith(MongoExtension.class)
final class ConditionalIT {
    private TestServer server;

    @BeforeAll
    void start(TestDatabase database) throws Exception {
        server = TestServer.start(database);
    }

    @AfterAll
    void stop() {
        server.close();
    }

    @Test
    void read_ofKnownVersion_isNotModifiedAndSaysWhichVersion() throws Exception {
        put("known", "a");
        HttpResponse<String> read = get("known");
        String etag = read.headers().firstValue("ETag").orElseThrow();
        String modified = read.headers().firstValue("Last-Modified").orElseThrow();

        for (HttpResponse<String> known : List.of(
                get("known", "If-None-Match", etag),
                get("known", "If-None-Match", "W/\"77\", " + etag),
                get("known", "If-None-Match", "*"),
                get("known", "If-Modified-Since", modified))) {
            assertThat(known.statusCode()).isEqualTo(304);
            assertThat(known.headers().firstValue("ETag")).hasValue(etag);
            assertThat(known.headers().allValues("Date")).hasSize(1);
            assertThat(known.body()).isEmpty();
        }
    }

    @Test
    void read_ofChangedVersion_answersInFull() throws Exception {
        put("changed", "a");
        String modified = get("changed").headers().firstValue("Last-Modified").orElseThrow();

        assertThat(get("changed", "If-None-Match", "W/\"9\"").statusCode()).isEqualTo(200);
        assertThat(get("changed", "If-Modified-Since", "Mon, 01 Jan 2001 00:00:00 GMT")
                        .statusCode())
                .isEqualTo(200);
        assertThat(get("changed", "If-Modified-Since", "whenever").statusCode()).isEqualTo(200);
        assertThat(get("changed", "If-None-Match", "W/\"9\"", "If-Modified-Since", modified)
                        .statusCode())
                .as("If-None-Match decides alone")
                .isEqualTo(200);
    }

    /** All of them have the same date, which is all that a client without ETags knows. */
    @Test
    void read_byTheDateOfAnEarlierVersion_neverHidesTheNewest() throws Exception {
        AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2024-06-15T10:00:00.100Z"));
        try (TestServer dated = TestServer.start("", TestServer.memory(now::get), false)) {
            URI uri = dated.uri("/fhir/Practitioner/p");
            String json = "{\"resourceType\":\"Practitioner\",\"id\":\"p\",\"active\":%s}";
            Http.write("PUT", uri, json.formatted(true));
            String date =
                    Http.send("GET", uri).headers().firstValue("Last-Modified").orElseThrow();
            assertThat(Http.send("GET", uri, "If-Modified-Since", date).statusCode())
                    .isEqualTo(304);

            now.set(Instant.parse("2024-06-15T10:00:00.800Z"));
            Http.write("PUT", uri, json.formatted(false));
            assertThat(Http.send("GET", uri, "If-Modified-Since", date).statusCode())
                    .as("2 has the date of 1")
                    .isEqualTo(200);
            assertThat(Http.send("GET", uri, "If-Modified-Since", "Sat, 15 Jun 2024 10:00:01 GMT")
                            .statusCode())
                    .as("asked after that second")
                    .isEqualTo(304);
            assertThat(Http.send("GET", URI.create(uri + "/_history/2"), "If-Modified-Since", date)
                            .statusCode())
                    .as("a version does not change")
                    .isEqualTo(304);

            now.set(Instant.parse("2024-06-15T10:00:05Z"));
            Http.write("PUT", uri, json.formatted(true));
            assertThat(Http.send("GET", uri, "If-Modified-Since", "Sat, 15 Jun 2024 10:00:05 GMT")
                            .statusCode())
                    .isEqualTo(304);
        }
    }

    @ParameterizedTest
    @CsvSource({"If-Match, 'W/\"1\"'", "If-None-Match, *", "If-Unmodified-Since, 'Sat, 15 Jun 2024 10:00:05 GMT'"})
    void create_withACondition_isRefused(String header, String value) throws Exception {
        HttpResponse<String> refused =
                Http.write("POST", server.uri("/fhir/Device"), "{\"resourceType\":\"Device\"}", header, value);

        assertThat(refused.statusCode()).isEqualTo(501);
        assertThat(refused.body()).contains(header);
        assertThat(Http.send("GET", server.uri("/fhir/Device?_summary=count")).body())
                .contains("\"total\":0");
    }

    @Test
    void update_withIfMatch_needsThatVersion() throws Exception {
        put("match", "a");

        assertThat(put("match", "b", "If-Match", "W/\"2\"").statusCode()).isEqualTo(412);
        assertThat(put("match", "b", "If-Match", "W/\"1\"").statusCode()).isEqualTo(200);
        assertThat(put("match", "c", "If-Match", "W/\"1\"").statusCode()).isEqualTo(412);
        assertThat(put("match", "c", "If-Match", "\"2\"").statusCode()).isEqualTo(200);
        assertThat(put("match", "d", "If-Match", "nonsense").statusCode()).isEqualTo(400);
        assertThat(put("match-none", "a", "If-Match", "W/\"1\"").statusCode()).isEqualTo(412);
    }

    @Test
    void update_withIfMatchOfSeveral_needsOneOfThem() throws Exception {
        put("several", "a");

        assertThat(put("several", "b", "If-Match", "W/\"7\", W/\"9\"").statusCode())
                .isEqualTo(412);
        assertThat(put("several", "b", "If-Match", "W/\"1\", W/\"99\"").statusCode())
                .isEqualTo(200);
        assertThat(put("several", "c", "If-Match", "*").statusCode()).isEqualTo(200);
        assertThat(put("several-none", "a", "If-Match", "*").statusCode()).isEqualTo(412);
    }

    @Test
    void headers_onSeveralLines_areOneList() throws Exception {
        put("lines", "a");

        assertThat(get("lines", "If-None-Match", "W/\"7\"", "If-None-Match", "W/\"1\"")
                        .statusCode())
                .isEqualTo(304);
        assertThat(put("lines", "b", "If-Match", "W/\"7\"", "If-Match", "W/\"8\"")
                        .statusCode())
                .isEqualTo(412);
        assertThat(put("lines", "b", "If-Match", "W/\"7\"", "If-Match", "W/\"1\"")
                        .statusCode())
                .isEqualTo(200);
        HttpResponse<String> metadata = Http.send("GET", server.uri("/fhir/metadata"));
        assertThat(metadata.body())
                .as("the same in every process")
                .contains("\"date\":\"" + ServerVersion.date().toString().substring(0, 10));
        String etag = metadata.headers().firstValue("ETag").orElseThrow();
        assertThat(Http.send("GET", server.uri("/fhir/metadata"), "If-None-Match", "\"x,y\"", "If-None-Match", etag)
                        .statusCode())
                .isEqualTo(304);
    }

    @Test
    void update_withAnETagThatNoVersionHas_failsLikeAnyOtherVersion() throws Exception {
        put("foreign", "a");

        for (String etag : List.of("W/\"0\"", "\"a,b\"", "W/\"99999999999999999999\"", "\"\"")) {
            HttpResponse<String> refused = put("foreign", "b", "If-Match", etag);
            assertThat(refused.statusCode()).as(etag).isEqualTo(412);
            assertThat(Outcome.of(refused).getIssueFirstRep().getDiagnostics())
                    .contains("Practitioner/foreign has version 1, not one that If-Match names");
        }
        assertThat(put("foreign", "b", "If-Match", "\"a,b\",, \"1\",").statusCode())
                .isEqualTo(200);
    }

    /** Jetty marks the ETag of an answer that it packed, and knows it again. */
    @Tag("own-container")
    @Test
    void update_withTheETagOfAPackedAnswer_needsThatVersion() throws Exception {
        put("packed", "a".repeat(3000));
        String etag = get("packed", "Accept-Encoding", "gzip")
                .headers()
                .firstValue("ETag")
                .orElseThrow();

        assertThat(etag).isEqualTo("W/\"1--gzip\"");
        assertThat(put("packed", "b", "If-Match", etag).statusCode()).isEqualTo(200);
        assertThat(put("packed", "c", "If-Match", etag).statusCode()).isEqualTo(412);
    }

    @Test
    void write_withADateAsCondition_isRefused() throws Exception {
        String date = "Mon, 01 Jan 2001 00:00:00 GMT";

        assertThat(put("dated", "a", "If-Unmodified-Since", date).statusCode()).isEqualTo(501);
        assertThat(delete("dated", "If-Unmodified-Since", date)).isEqualTo(501);
    }

    @Test
    void delete_withPrecondition_deletesOnlyWhereItHolds() throws Exception {
        put("guarded", "a");

        assertThat(delete("guarded", "If-None-Match", "*")).isEqualTo(412);
        assertThat(delete("guarded", "If-None-Match", "W/\"1\"")).isEqualTo(400);
        assertThat(delete("guarded", "If-Match", "W/\"2\", W/\"3\"")).isEqualTo(412);
        assertThat(get("guarded").statusCode()).isEqualTo(200);
        assertThat(delete("guarded", "If-Match", "*")).isEqualTo(204);
        assertThat(delete("guarded", "If-Match", "*")).isEqualTo(412);
        assertThat(delete("guarded", "If-Match", "W/\"1\"")).isEqualTo(412);
        assertThat(delete("guarded", "If-Match", "W/\"2\""))
                .as("the deletion itself")
                .isEqualTo(204);
        assertThat(delete("guarded-none", "If-None-Match", "*")).isEqualTo(204);
        assertThat(delete("guarded-none", "If-Match", "W/\"1\"")).isEqualTo(412);
        assertThat(delete("guarded-none", "If-Match", "*")).isEqualTo(412);
    }

    @Test
    void update_withPreferredReturn_answersThat() throws Exception {
        HttpResponse<String> told = put("preferred", "a", "Prefer", "return=OperationOutcome");
        HttpResponse<String> shown = put("preferred", "b", "Prefer", "return=everything");

        assertThat(told.statusCode()).isEqualTo(201);
        assertThat(Outcome.of(told).getIssueFirstRep().getSeverity().toCode()).isEqualTo("information");
        assertThat(told.body()).contains("Practitioner/preferred was created as version 1");
        assertThat(shown.statusCode()).isEqualTo(200);
        assertThat(shown.body()).contains("\"family\":\"b\"");
        assertThat(told.headers().firstValue("Preference-Applied")).hasValue("return=OperationOutcome");
        assertThat(shown.headers().firstValue("Preference-Applied")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "return=OperationOutcome, 200, return=OperationOutcome",
        "return=minimal, 204, return=minimal",
        "return=representation, 204, ''",
        "return=nonsense, 204, ''"
    })
    void delete_withPreferredReturn_answersThat(String prefer, int status, String applied) throws Exception {
        put("dropped", "a");
        HttpResponse<String> answer =
                Http.write("DELETE", server.uri("/fhir/Practitioner/dropped"), "", "Prefer", prefer);

        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(answer.headers().firstValue("Preference-Applied").orElse("")).isEqualTo(applied);
        assertThat(answer.headers().firstValue("ETag")).isPresent();
        if (status == 200) {
            assertThat(Outcome.of(answer).getIssueFirstRep().getDiagnostics())
                    .contains("Practitioner/dropped is deleted as version");
        }
    }

    private int delete(String id, String... headers) throws Exception {
        return Http.write("DELETE", server.uri("/fhir/Practitioner/" + id), "", headers)
                .statusCode();
    }

    @Test
    void update_withIfNoneMatchAny_createsOnly() throws Exception {
        assertThat(put("fresh", "a", "If-None-Match", "*").statusCode()).isEqualTo(201);
        assertThat(put("fresh", "b", "If-None-Match", "*").statusCode()).isEqualTo(412);
        assertThat(put("fresh", "b", "If-None-Match", "W/\"1\"").statusCode()).isEqualTo(400);
    }

    @Test
    void update_thatChangesNothing_makesNoVersion() throws Exception {
        put("same", "a");
        HttpResponse<String> again = put("same", "a");

        assertThat(again.statusCode()).isEqualTo(200);
        assertThat(again.headers().firstValue("ETag")).hasValue("W/\"1\"");
    }

    @Test
    void update_withContentLocation_staysWithTheUrl() throws Exception {
        put("mine", "a");
        put("other", "a");
        assertThat(put("mine", "b", "Content-Location", server.base() + "/Practitioner/other")
                        .statusCode())
                .isEqualTo(200);

        assertThat(get("other").headers().firstValue("ETag")).hasValue("W/\"1\"");
    }

    @Test
    void delete_thenCreateAgain_continuesVersions() throws Exception {
        put("again", "a");
        HttpResponse<String> deleted = Http.write("DELETE", server.uri("/fhir/Practitioner/again"), "");
        assertThat(deleted.statusCode()).isEqualTo(204);
        assertThat(deleted.headers().firstValue("ETag")).hasValue("W/\"2\"");
        HttpResponse<String> deletedAgain = Http.write("DELETE", server.uri("/fhir/Practitioner/again"), "");
        assertThat(deletedAgain.statusCode()).isEqualTo(204);
        for (String header : List.of("ETag", "Last-Modified")) {
            assertThat(deletedAgain.headers().firstValue(header))
                    .isPresent()
                    .isEqualTo(deleted.headers().firstValue(header));
        }
        assertThat(get("again").statusCode()).isEqualTo(410);

        HttpResponse<String> created = put("again", "b");
        assertThat(created.statusCode()).isEqualTo(201);
        assertThat(created.headers().firstValue("ETag")).hasValue("W/\"3\"");
    }

    @Test
    void update_byManyWithTheSameIfMatch_succeedsForOne() throws Exception {
        put("race", "start");
        ExecutorService clients = Executors.newFixedThreadPool(16);
        try {
            for (int version = 1; version <= 10; version++) {
                String ifMatch = "W/\"" + version + "\"";
                List<Callable<Integer>> writes = IntStream.range(0, 16)
                        .<Callable<Integer>>mapToObj(
                                client -> () -> put("race", ifMatch.charAt(3) + "-" + client, "If-Match", ifMatch)
                                        .statusCode())
                        .toList();
                List<Integer> statuses = new java.util.ArrayList<>();
                for (var write : clients.invokeAll(writes)) {
                    statuses.add(write.get());
                }
                assertThat(statuses)
                        .containsOnlyOnce(200)
                        .filteredOn(status -> status == 412)
                        .hasSize(15);
            }
        } finally {
            clients.shutdown();
        }
    }

    @Test
    void create_withMinimalReturn_hasHeadersAndNoBody() throws Exception {
        HttpResponse<String> created = Http.write(
                "POST",
                server.uri("/fhir/Practitioner"),
                "{\"resourceType\":\"Practitioner\",\"id\":\"mine\"}",
                "Prefer",
                "return=minimal");

        assertThat(created.statusCode()).isEqualTo(201);
        assertThat(created.body()).isEmpty();
        String location = created.headers().firstValue("Location").orElseThrow();
        assertThat(location)
                .startsWith(server.base() + "/Practitioner/")
                .endsWith("/_history/1")
                .doesNotContain("mine");
        assertThat(created.headers().firstValue("ETag")).hasValue("W/\"1\"");
        assertThat(created.headers().firstValue("Last-Modified")).isPresent();
    }

    private HttpResponse<String> get(String id, String... headers) throws Exception {
        return Http.send("GET", server.uri("/fhir/Practitioner/" + id), headers);
    }

    private HttpResponse<String> put(String id, String family, String... headers) throws Exception {
        String json =
                "{\"resourceType\":\"Practitioner\",\"id\":\"" + id + "\",\"name\":[{\"family\":\"" + family + "\"}]}";
        return Http.write("PUT", server.uri("/fhir/Practitioner/" + id), json, headers);
    }
}
