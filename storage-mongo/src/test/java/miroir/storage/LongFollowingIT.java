package miroir.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import miroir.storage.testing.MongoExtension;
import miroir.storage.testing.TestDatabase;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** {@link FollowerIT} for minutes, and what it counted. */
@Tag("soak")
@ExtendWith(MongoExtension.class)
final class LongFollowingIT {
    private static final int WRITES = Integer.getInteger("miroir.follower.writes", 10_000);

    @Test
    void settled_sixteenWritersForMinutes_followerMissesNothing(TestDatabase database) throws Exception {
        Following following = new Following(database, WRITES, Long.getLong("miroir.seed", 1));
        Following.Missed missed = following.run();
        List<Long> lags = following.lagMillis.stream().sorted().toList();
        String figures = ("{\"ids\": %d, \"polls\": %d, \"medianLagMillis\": %d, \"longestLagMillis\": %d,"
                        + " \"missed\": %d, \"missedUpToNow\": %d}")
                .formatted(
                        missed.ids(),
                        lags.size(),
                        lags.get(lags.size() / 2),
                        lags.get(lags.size() - 1),
                        missed.settled().size(),
                        missed.present().size());
        String result = System.getProperty("miroir.soak.result");
        if (result != null) {
            Files.writeString(Path.of(result), figures);
        }
        assertThat(missed.settled()).isEmpty();
    }
}
