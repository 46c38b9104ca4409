package miroir.server;

import static miroir.server.TwoServers.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import miroir.storage.testing.MongoExtension;
import miroir.storage.testing.TestDatabase;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Of two servers with different zones one says what counts, and both ask by it. */
@ExtendWith(MongoExtension.class)
final class SearchZoneIT {
    private static final String DAY = "2020-01-01";

    @Test
    void search_byADayOnBothServers_findsWhatBothWrote(TestDatabase database, @TempDir Path folder) throws Exception {
        try (TwoServers servers = TwoServers.start(database, folder, "America/New_York")) {
            List<SearchedServer> both = List.of(servers.one(), servers.other());
            for (int i = 0; i < both.size(); i++) {
                String draft = TwoServers.parameter("draft" + i, "x", "name")
                        .replace("\"active\"", "\"draft\",\"date\":\"" + DAY + "\"");
                assertThat(both.get(i)
                                .write("PUT", "/fhir/SearchParameter/draft" + i, draft)
                                .statusCode())
                        .isEqualTo(201);
            }
            for (SearchedServer server : both) {
                await().atMost(PATIENCE).untilAsserted(() -> {
                    HttpResponse<String> found = server.get("/fhir/SearchParameter?date=" + DAY);
                    assertThat(found.statusCode()).as(found.body()).isEqualTo(200);
                    assertThat(found.body()).contains("SearchParameter/draft0", "SearchParameter/draft1");
                });
            }
        }
    }
}
