package miroir.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.ZoneOffset;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class MongoStoreSettingsTest {

    /** Otherwise the driver gives up, and tries again, what MongoDB is about to end with the reason. */
    @Test
    void clientSettings_waitLongerThanAnyCallMayTake() {
        assertThat(silence(20, 30)).isEqualTo(Duration.ofSeconds(40));
        assertThat(silence(20, 60)).isEqualTo(Duration.ofSeconds(70));
        assertThat(silence(20, 5)).isEqualTo(Duration.ofSeconds(30));
    }

    private static Duration silence(int operationTimeout, int searchDeadline) {
        MongoStoreSettings settings = new MongoStoreSettings(
                "mongodb://127.0.0.1:1",
                "any",
                Set.of("Practitioner"),
                false,
                ZoneOffset.UTC,
                Duration.ofSeconds(5),
                Duration.ofSeconds(operationTimeout),
                Duration.ofSeconds(searchDeadline),
                false,
                null);
        return Duration.ofMillis(settings.clientSettings().getSocketSettings().getReadTimeout(TimeUnit.MILLISECONDS));
    }
}
