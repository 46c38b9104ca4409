package miroir.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Set;
import miroir.server.metrics.KnownSynchronisations;
import miroir.storage.testing.MongoExtension;
import miroir.storage.testing.TestDatabase;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Metrics are what one looks at when the database is away. */
@ExtendWith(MongoExtension.class)
final class MetricsWithoutDatabaseIT {
    /** Less than the half minute after which the driver gives up. */
    private static final Duration AT_ONCE = Duration.ofSeconds(20);

    @Test
    void database_away_isTold_andKeepsNobodyWaiting(TestDatabase database) throws Exception {
        KnownSynchronisations.write(database);
        try (DatabaseGate gate = new DatabaseGate(database);
                TestServer server = TestServer.withAccess(
                        "access: {mode: open}",
                        new TestDatabase(gate.uri(), database.name()),
                        Set.of("Organization", "Device", "Practitioner"))) {
            Awaitility.await().atMost(Duration.ofMinutes(1)).until(() -> {
                String metrics = metrics(server);
                return metrics.contains("miroir_ready 1") && metrics.contains("type=\"Organization\"} 600");
            });

            gate.shut();

            Awaitility.await()
                    .atMost(Duration.ofSeconds(90))
                    .pollInterval(Duration.ofSeconds(1))
                    .until(() -> metrics(server).contains("miroir_ready 0"));
            assertThat(metrics(server)).contains("type=\"Organization\"} 600");
        }
    }

    private static String metrics(TestServer server) throws Exception {
        long begin = System.nanoTime();
        HttpResponse<String> answer = Http.send("GET", server.uri("/metrics"));
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(AT_ONCE);
        assertThat(answer.statusCode()).isEqualTo(200);
        return answer.body();
    }
}
