package miroir.server.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.Set;
import miroir.server.Http;
import miroir.server.TestServer;
import miroir.storage.testing.MongoExtension;
import miroir.storage.testing.TestDatabase;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Who may know how synchronisations stand: their sources and types are what administrators see. */
@ExtendWith(MongoExtension.class)
final class MetricsForWhomIT {
    private static final String ELSEWHERE = "192.0.2.1";
    private static final String TOLD = "miroir_synchronisation_state";

    @Test
    void synchronisations_whereReadingTakesAToken_areToldToWhoShowsOneOrAsksFromHere(TestDatabase database)
            throws Exception {
        KnownSynchronisations.write(database);
        String yaml = "listen: {trustedProxies: 127.0.0.1}\naccess: {mode: token}";
        try (TestServer server = TestServer.withAccess(yaml, database, Set.of("Organization"))) {
            await().atMost(Duration.ofMinutes(1)).until(() -> metrics(server).contains(TOLD));

            assertThat(metrics(server, "X-Forwarded-For", ELSEWHERE))
                    .contains("miroir_requests_total", "miroir_ready")
                    .doesNotContain("miroir_synchronisation");
            assertThat(metrics(server, "X-Forwarded-For", ELSEWHERE, "Authorization", "Bearer " + TestServer.TOKEN))
                    .contains(TOLD);
        }
    }

    private static String metrics(TestServer server, String... headers) throws Exception {
        return Http.send("GET", server.uri("/metrics"), headers).body();
    }
}
