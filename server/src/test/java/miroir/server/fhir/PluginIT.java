package miroir.server.fhir;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpResponse;
import miroir.server.Http;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What docs/operations/plugin.md promises of somebody else's server, beside what RoutingTableIT shows. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class PluginIT {
    private static final long LARGEST_READ = 48L << 20;

    private HostedServer server;

    @BeforeAll
    void start() throws Exception {
        server = HostedServer.start();
    }

    @AfterAll
    void stop() {
        server.close();
    }

    /** More of them than together have memory: each has to give back what it held. */
    @Test
    void reads_thatFail_giveTheirMemoryBack() throws Exception {
        long enough = Runtime.getRuntime().maxMemory() / LARGEST_READ + 2;
        for (long i = 0; i < enough; i++) {
            assertThat(get("/Practitioner/none").statusCode()).isEqualTo(404);
        }
    }

    @Test
    void pages_leadOnUnderTheBaseOfTheServer() throws Exception {
        put("Device", "a");
        put("Device", "b");

        String next = get("/Device?_count=1").body().replaceAll(".*\"next\",\"url\":\"([^\"]*)\".*", "$1");

        assertThat(next).startsWith(server.base() + "/Device?_page=");
        assertThat(Http.send("GET", URI.create(next)).body()).contains("\"id\":\"b\"");
    }

    @Test
    void headers_onSeveralLines_areOneList() throws Exception {
        put("Organization", "o");

        assertThat(put("Organization", "o", "If-Match", "W/\"7\"", "If-Match", "W/\"1\""))
                .isEqualTo(200);
        assertThat(put("Organization", "o", "If-Match", "W/\"7\"", "If-Match", "W/\"8\""))
                .isEqualTo(412);
    }

    private int put(String type, String id, String... headers) throws Exception {
        String json = "{\"resourceType\":\"" + type + "\",\"id\":\"" + id + "\"}";
        return Http.write("PUT", URI.create(server.base() + "/" + type + "/" + id), json, headers)
                .statusCode();
    }

    private HttpResponse<String> get(String path) throws Exception {
        return Http.send("GET", URI.create(server.base() + path));
    }
}
