package miroir.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpResponse;
import miroir.storage.testing.MongoExtension;
import miroir.storage.testing.TestDatabase;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

@Tag("smoke")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ExtendWith(MongoExtension.class)
final class VreadIT {
    private TestServer server;

    /** Practitioner/p: written twice, deleted, written again. */
    @BeforeAll
    void start(TestDatabase database) throws Exception {
        server = TestServer.start(database);
        put("a");
        put("b");
        Http.write("DELETE", server.uri("/fhir/Practitioner/p"), "");
        put("c");
    }

    @AfterAll
    void stop() {
        server.close();
    }

    private void put(String family) throws Exception {
        HttpResponse<String> written = Http.write(
                "PUT",
                server.uri("/fhir/Practitioner/p"),
                "{\"resourceType\":\"Practitioner\",\"id\":\"p\",\"name\":[{\"family\":\"" + family + "\"}]}");
        assertThat(written.statusCode()).isIn(200, 201);
    }

    private HttpResponse<String> version(int number, String... headers) throws Exception {
        return Http.send("GET", server.uri("/fhir/Practitioner/p/_history/" + number), headers);
    }

    @Test
    void vread_ofEachVersion_isWhatWasWritten() throws Exception {
        String[] families = {"a", "b", "", "c"};
        for (int number : new int[] {1, 2, 4}) {
            HttpResponse<String> read = version(number);

            assertThat(read.statusCode()).isEqualTo(200);
            assertThat(read.body())
                    .contains("\"versionId\":\"" + number + "\"", "\"family\":\"" + families[number - 1] + "\"");
            assertThat(read.headers().firstValue("ETag")).hasValue("W/\"" + number + "\"");
            assertThat(read.headers().firstValue("Last-Modified")).isPresent();
            assertThat(read.headers().firstValue("Content-Location"))
                    .hasValue(server.base() + "/Practitioner/p/_history/" + number);
        }
    }

    @Test
    void vread_ofADeletion_isGoneAndSaysWhen() throws Exception {
        HttpResponse<String> read = version(3);

        assertThat(read.statusCode()).isEqualTo(410);
        assertThat(Outcome.of(read).getIssueFirstRep().getDiagnostics())
                .matches("Practitioner/p was deleted at .*Z, as version 3");
    }

    @Test
    void vread_ofAVersionThatNeverWas_namesTheNewest() throws Exception {
        HttpResponse<String> read = version(5);

        assertThat(read.statusCode()).isEqualTo(404);
        assertThat(Outcome.of(read).getIssueFirstRep().getDiagnostics())
                .isEqualTo("Practitioner/p has no version \"5\"; the newest is 4");
    }

    @Test
    void vread_ofAKnownVersion_isNotModified() throws Exception {
        HttpResponse<String> known = version(1, "If-None-Match", "W/\"1\"");

        assertThat(known.statusCode()).isEqualTo(304);
        assertThat(known.headers().firstValue("ETag")).hasValue("W/\"1\"");
        assertThat(version(1, "If-None-Match", "W/\"4\"").statusCode()).isEqualTo(200);
    }

    @Test
    void vread_byHead_hasTheSameHeaders() throws Exception {
        HttpResponse<String> head = Http.send("HEAD", server.uri("/fhir/Practitioner/p/_history/2"));

        assertThat(head.statusCode()).isEqualTo(200);
        assertThat(head.body()).isEmpty();
        assertThat(head.headers().firstValue("ETag")).hasValue("W/\"2\"");
        assertThat(head.headers().firstValue("Content-Length"))
                .isEqualTo(version(2).headers().firstValue("Content-Length"));
        assertThat(Http.send("HEAD", server.uri("/fhir/Practitioner/p/_history/3"))
                        .statusCode())
                .isEqualTo(410);
    }

    @Test
    void location_ofAWrite_isReadable() throws Exception {
        HttpResponse<String> created =
                Http.write("POST", server.uri("/fhir/Practitioner"), "{\"resourceType\":\"Practitioner\"}");
        String location = created.headers().firstValue("Location").orElseThrow();
        String id = location.replaceAll(".*/Practitioner/(.*)/_history/1", "$1");
        HttpResponse<String> updated = Http.write(
                "PUT",
                server.uri("/fhir/Practitioner/" + id),
                "{\"resourceType\":\"Practitioner\",\"id\":\"" + id + "\",\"active\":true}");
        String contentLocation =
                updated.headers().firstValue("Content-Location").orElseThrow();

        assertThat(Http.send("GET", URI.create(location)).body()).isEqualTo(created.body());
        assertThat(Http.send("GET", URI.create(contentLocation)).body()).isEqualTo(updated.body());
    }
}
