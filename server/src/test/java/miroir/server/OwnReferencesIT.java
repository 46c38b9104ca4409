package miroir.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** References to this server are found whichever of its names they were written with. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class OwnReferencesIT {
    private TestServer server;

    @BeforeAll
    void start() throws Exception {
        server = TestServer.start();
    }

    @AfterAll
    void stop() {
        server.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "localhost"})
    void reference_belowTheBaseOfTheRequest_isLocal(String host) throws Exception {
        String base = "http://" + host + ":" + server.port() + "/fhir";
        String parent = base + "/Organization/parent-" + host;
        HttpResponse<String> written = put(base, "child-" + host, parent);

        assertThat(written.body())
                .contains("\"partOf\":{\"reference\":\"Organization/parent-" + host + "\"}")
                .contains("\"name\":\"" + parent + "\"");
        assertThat(found(base, "Organization/parent-" + host)).contains("\"total\":1");
        assertThat(found(base, parent)).contains("\"total\":1");
        assertThat(found(server.base(), "parent-" + host)).contains("\"total\":1");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"http://elsewhere.example/fhir/Organization/1", "urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0"})
    void reference_elsewhere_staysAsItIs(String reference) throws Exception {
        assertThat(put(server.base(), "foreign", reference).body()).contains("{\"reference\":\"" + reference + "\"}");
        assertThat(found(server.base(), reference)).contains("\"total\":1");
    }

    @Test
    void nextPage_underAnotherName_goesOnWithTheSameSearch() throws Exception {
        for (String id : new String[] {"page-1", "page-2"}) {
            put(server.base(), id, "Organization/of-pages");
        }
        String first = found(server.base(), server.base() + "/Organization/of-pages&_count=1");
        String next = first.replaceAll(".*\"next\",\"url\":\"([^\"]*)\".*", "$1");

        String elsewhere = next.replace("127.0.0.1", "localhost");
        assertThat(elsewhere).startsWith("http://localhost:").isNotEqualTo(next);
        assertThat(Http.send("GET", URI.create(elsewhere)).body()).contains("\"id\":\"page-2\"");
    }

    private static HttpResponse<String> put(String base, String id, String partOf) throws Exception {
        String json = "{\"resourceType\":\"Organization\",\"id\":\"" + id + "\",\"name\":\"" + partOf
                + "\",\"partOf\":{\"reference\":\"" + partOf + "\"}}";
        return Http.write("PUT", URI.create(base + "/Organization/" + id), json);
    }

    private static String found(String base, String partOf) throws Exception {
        return Http.send("GET", URI.create(base + "/Organization?partof=" + partOf))
                .body();
    }
}
