package miroir.server.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import miroir.server.console.HomeState.TypeState;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class HomeStateTest {
    private static TypeState copy(@Nullable Instant asOf, boolean isLate) {
        return new TypeState("Device", 1, true, asOf, isLate);
    }

    private static Badge badge(TypeState state) {
        return Objects.requireNonNull(state.badge());
    }

    /** What is counted above all copies is seen in its row, also where the first copy of a type fails. */
    @Test
    void badge_ofWhatIsCountedAsLate_warns() {
        List<TypeState> states =
                List.of(copy(null, true), copy(null, false), copy(Instant.EPOCH, true), copy(Instant.EPOCH, false));

        assertThat(states.stream().filter(each -> badge(each).kind().equals("warn")))
                .hasSize((int) HomeState.up(states).late());
        assertThat(badge(copy(null, true)).key()).isEqualTo(Badge.NEVER_COPIED.key());
        assertThat(badge(copy(null, false))).isEqualTo(Badge.NEVER_COPIED);
        assertThat(badge(copy(Instant.EPOCH, true))).isEqualTo(Badge.LATE);
        assertThat(badge(copy(Instant.EPOCH, false))).isEqualTo(Badge.FRESH);
    }
}
