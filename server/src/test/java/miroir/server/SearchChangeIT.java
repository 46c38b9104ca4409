package miroir.server;

import static miroir.server.TwoServers.ALIAS;
import static miroir.server.TwoServers.NAME;
import static miroir.server.TwoServers.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import miroir.index.generated.Proves;
import miroir.server.BusyClients.Watched;
import miroir.storage.testing.MongoExtension;
import miroir.storage.testing.TestDatabase;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What is searched changes on one of two servers of a database, by files and by resources, while clients write and search on both. */
@ExtendWith(MongoExtension.class)
final class SearchChangeIT {
    private static final Watched PROBE = new Watched("probe", List.of(ALIAS));

    private TwoServers servers;

    @BeforeEach
    void start(TestDatabase database, @TempDir Path folder) throws Exception {
        servers = TwoServers.start(database, folder);
    }

    @AfterEach
    void stop() {
        servers.close();
    }

    @Test
    @Proves("parameters that are stored as SearchParameter")
    void change_byFileAndByResource_searchesAreRightOrRefused() throws Exception {
        SearchedServer one = servers.one();
        SearchedServer other = servers.other();
        BusyClients clients = servers.clients();
        clients.start(Long.getLong("miroir.seed", 1));
        String link = one.page("name=value-00001").next();

        // Added by a file of the one.
        clients.watch(List.of(PROBE));
        servers.hold();
        servers.files().write("probe.yaml", SearchFolder.parameter("probe", "alias"));
        servers.awaitKnown("probe");
        isPending(one, "probe");
        servers.letGo();
        servers.awaitExact(ALIAS, "probe");
        await().atMost(PATIENCE)
                .until(() -> other.get("/health/ready").body().contains("replaced by those of another"));
        assertThat(SearchedServer.follow(link).status())
                .as("a link to a search by others")
                .isEqualTo(200);

        // Added, changed and removed by a resource on the other.
        clients.watch(List.of(PROBE, new Watched("handle", List.of(ALIAS))));
        assertThat(other.write("PUT", "/fhir/SearchParameter/handle", TwoServers.parameter("handle", "handle", "alias"))
                        .statusCode())
                .isEqualTo(201);
        servers.awaitExact(ALIAS, "handle");
        String toHandle = one.page("handle=value-00001").next();
        assertThat(SearchedServer.follow(toHandle).status()).isEqualTo(200);

        clients.watch(List.of(PROBE, new Watched("handle", List.of(ALIAS, NAME))));
        servers.hold();
        assertThat(other.write("PUT", "/fhir/SearchParameter/handle", TwoServers.parameter("handle", "handle", "name"))
                        .statusCode())
                .isEqualTo(200);
        await().atMost(PATIENCE).until(() -> servers.status("handle") == 503);
        isPending(one, "handle");
        servers.letGo();
        servers.awaitExact(NAME, "handle");
        clients.watch(List.of(PROBE, new Watched("handle", List.of(NAME))));
        assertThat(SearchedServer.follow(toHandle).status())
                .as("a link to a search by what it was")
                .isEqualTo(410);

        assertThat(other.write("DELETE", "/fhir/SearchParameter/handle", "").statusCode())
                .isIn(200, 204);
        servers.awaitUnknown("handle");

        // The file goes; as it was before is what the other still has.
        clients.watch(List.of());
        servers.files().write("probe.yaml", List.of("# nothing any more"));
        await().atMost(PATIENCE).until(() -> {
            servers.look();
            return servers.status("probe") == 400;
        });
        servers.awaitUnknown("probe");
        clients.stop();
        for (String code : List.of("probe", "handle")) {
            assertThat(clients.answered(code, 200)).as(code).isPositive();
            assertThat(clients.answered(code, 503)).as(code).isPositive();
        }
    }

    /** Until all is done for it: a search by it is refused, or left out for who wants that. */
    private static void isPending(SearchedServer server, String code) throws Exception {
        HttpResponse<String> refused = server.get("/fhir/Organization?" + code + "=value-00001");
        assertThat(refused.statusCode()).isEqualTo(503);
        assertThat(refused.headers().firstValue("Retry-After")).isPresent();
        assertThat(refused.body()).contains("\"code\":\"transient\"").contains(code + "=value-00001");
        HttpResponse<String> lenient =
                server.get("/fhir/Organization?_count=1&" + code + "=value-00001", "Prefer", "handling=lenient");
        assertThat(lenient.statusCode()).isEqualTo(200);
        assertThat(lenient.body()).contains("ignored: parameter \\\"" + code + "=value-00001");
    }
}
