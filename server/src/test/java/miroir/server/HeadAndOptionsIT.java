package miroir.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import miroir.index.generated.Proves;
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
import org.junit.jupiter.params.provider.ValueSource;

@Tag("smoke")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ExtendWith(MongoExtension.class)
final class HeadAndOptionsIT {
    private TestServer server;

    @BeforeAll
    void start(TestDatabase database) throws Exception {
        server = TestServer.start(database);
        for (String id : List.of("p1", "p2", "gone")) {
            String name = "x".repeat(3000);
            Http.write(
                    "PUT",
                    server.uri("/fhir/Practitioner/" + id),
                    "{\"resourceType\":\"Practitioner\",\"id\":\"" + id + "\",\"name\":[{\"family\":\"" + name
                            + "\"}]}");
        }
        Http.write("DELETE", server.uri("/fhir/Practitioner/gone"), "");
    }

    @AfterAll
    void stop() {
        server.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/fhir/metadata",
                "/fhir/Practitioner/p1",
                "/fhir/Practitioner/p1?_summary=true&_pretty=true",
                "/fhir/Practitioner/p1/_history/1?_elements=name",
                "/fhir/Practitioner/p1/$meta",
                "/fhir/Practitioner/gone",
                "/fhir/Practitioner/none",
                "/fhir/Practitioner",
                "/fhir/Practitioner?_count=1",
                "/fhir/Practitioner?nonsense=1",
                "/fhir/Nonsense",
                "/fhir",
                "/",
                "/health/live",
                "/health/ready",
                "/nowhere"
            })
    @Proves("HEAD")
    void head_ofWhatGetAnswers_hasItsHeadersAndNoBody(String path) throws Exception {
        for (String encoding : List.of("identity", "gzip")) {
            HttpResponse<String> get = Http.send("GET", server.uri(path), "Accept-Encoding", encoding);
            HttpResponse<String> head = Http.send("HEAD", server.uri(path), "Accept-Encoding", encoding);

            assertThat(head.statusCode()).isEqualTo(get.statusCode());
            assertThat(head.body()).isEmpty();
            assertThat(headers(head)).as("%s in %s", path, encoding).isEqualTo(headers(get));
        }
    }

    /** Those that are the same for two answers to one request: not the time, not the id of the request. */
    private static Map<String, List<String>> headers(HttpResponse<String> response) {
        Map<String, List<String>> headers = new TreeMap<>(response.headers().map());
        headers.keySet().removeIf(name -> name.equalsIgnoreCase("Date") || name.equalsIgnoreCase("X-Request-Id"));
        return headers;
    }

    @Test
    void head_withTheKnownVersion_isNotModified() throws Exception {
        HttpResponse<String> head = Http.send("HEAD", server.uri("/fhir/Practitioner/p1"), "If-None-Match", "W/\"1\"");

        assertThat(head.statusCode()).isEqualTo(304);
        assertThat(head.headers().firstValue("ETag")).hasValue("W/\"1\"");
    }

    /** As does a method that does not work there. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            /fhir                      | GET, HEAD, POST, OPTIONS
            /fhir/_search              | POST, OPTIONS
            /fhir/Practitioner/p1/* | GET, HEAD, OPTIONS
            /fhir/Practitioner/p1/Observation/_search | POST, OPTIONS
            /fhir/Practitioner/p1/$everything | GET, HEAD, POST, OPTIONS
            /fhir/metadata             | GET, HEAD, OPTIONS
            /fhir/$export              | GET, POST, OPTIONS
            /fhir/$export/1            | GET, HEAD, DELETE, OPTIONS
            /fhir/$export/1/a.ndjson   | GET, HEAD, OPTIONS
            /fhir/Practitioner         | GET, HEAD, POST, OPTIONS
            /fhir/Practitioner/        | GET, HEAD, POST, OPTIONS
            /fhir/Practitioner?x=1     | GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS
            /fhir/Practitioner/p1      | GET, HEAD, PUT, PATCH, DELETE, OPTIONS
            /fhir/Practitioner/p1/     | GET, HEAD, PUT, PATCH, DELETE, OPTIONS
            /fhir/metadata/            | GET, HEAD, OPTIONS
            /fhir/Practitioner/none    | GET, HEAD, PUT, PATCH, DELETE, OPTIONS
            /fhir/Practitioner/_search | POST, OPTIONS
            /fhir/Practitioner/p1/_history/1 | GET, HEAD, OPTIONS
            /fhir/Practitioner/p1/_history | GET, HEAD, OPTIONS
            /fhir/_history             | GET, HEAD, OPTIONS
            /fhir/Practitioner/p1/$erase | POST, OPTIONS
            /fhir/Practitioner/p1/$seen | GET, HEAD, OPTIONS
            /fhir/ViewDefinition | GET, HEAD, OPTIONS
            /fhir/ViewDefinition/practitioner | GET, HEAD, OPTIONS
            /fhir/ViewDefinition/practitioner/$run | GET, HEAD, POST, OPTIONS
            /fhir/$viewdefinition-run | GET, HEAD, POST, OPTIONS
            /fhir/$meta                | GET, HEAD, POST, OPTIONS
            /fhir/Practitioner/$meta   | GET, HEAD, POST, OPTIONS
            /fhir/Practitioner/p1/_history/1/$meta | GET, HEAD, POST, OPTIONS
            /fhir/Practitioner/p1/$meta-add | POST, OPTIONS
            /fhir/Practitioner/$validate | POST, OPTIONS
            /fhir/Practitioner/p1/$validate | GET, HEAD, POST, OPTIONS
            /fhir/Practitioner/p1/$meta-delete | POST, OPTIONS
            """)
    void options_ofAPath_nameWhatItAllows(String path, String allowed) throws Exception {
        HttpResponse<String> options = Http.send("OPTIONS", server.uri(path));

        assertThat(options.statusCode()).isEqualTo(204);
        assertThat(options.body()).isEmpty();
        assertThat(options.headers().firstValue("Allow")).hasValue(allowed);
        assertThat(options.headers().firstValue("Accept-Patch").isPresent()).isEqualTo(allowed.contains("PATCH"));
        HttpResponse<String> refused = Http.send("TRACE", server.uri(path));
        assertThat(refused.statusCode()).isEqualTo(405);
        assertThat(refused.headers().firstValue("Allow")).hasValue(allowed);
        assertThat(Outcome.of(refused).getIssueFirstRep().getDiagnostics()).contains("TRACE", "allowed: " + allowed);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            /fhir/Nonsense         | 404
            /fhir/Practitioner/a_b | 404
            """)
    void options_ofWhatIsNoPath_areRefused(String path, int status) throws Exception {
        HttpResponse<String> options = Http.send("OPTIONS", server.uri(path));

        assertThat(options.statusCode()).isEqualTo(status);
        Outcome.of(options);
    }
}
