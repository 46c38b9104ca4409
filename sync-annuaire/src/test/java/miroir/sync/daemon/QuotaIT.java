package miroir.sync.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import miroir.simulator.http.Journal;
import miroir.simulator.http.Simulator;
import miroir.simulator.http.SimulatorSettings;
import miroir.storage.sync.Definition;
import miroir.storage.sync.Synchronisation;
import miroir.storage.testing.MongoExtension;
import miroir.storage.testing.TestDatabase;
import miroir.sync.run.RunSettings;
import miroir.sync.testing.Mirroring;
import miroir.sync.upstream.Source;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(MongoExtension.class)
class QuotaIT {
    private static final Definition ALL = Definition.of("up", "Organization");

    /** Windows so small that four readers ask far more than seventeen times. */
    private static final RunSettings SMALL =
            new RunSettings(4, 10, Duration.ofDays(30), Duration.ofDays(3), RunSettings.INDEXES_FIRST);

    /** As the directory counts: so many in a second, and 429 beyond. */
    @Test
    void daemon_atTheShippedPace_isNeverToldThatItIsTooFast(TestDatabase database) {
        SimulatorSettings settings =
                SimulatorSettings.standard().withSize(622).withPace(0).withQuota(17);
        try (Simulator upstream = Simulator.start(settings)) {
            Source shipped = Source.of(
                    "up", upstream.base(), Mirroring.source(upstream.base()).key());
            try (Mirroring mirroring = Mirroring.of(database, shipped, SMALL, ALL);
                    Daemon daemon = mirroring.daemon()) {
                daemon.start();
                Awaitility.await()
                        .atMost(Duration.ofMinutes(2))
                        .until(() -> mirroring
                                .register()
                                .find(ALL.name())
                                .map(Synchronisation::mark)
                                .isPresent());
            }
            assertThat(upstream.journal().count()).isGreaterThan(40);
            assertThat(upstream.journal().latest())
                    .extracting(Journal.Entry::status)
                    .doesNotContain(429);
        }
    }
}
