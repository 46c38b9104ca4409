package miroir.server.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import miroir.storage.sync.Cause;
import miroir.storage.sync.Cause.Kind;
import miroir.storage.sync.Definition;
import miroir.storage.sync.Held;
import miroir.storage.sync.Synchronisation;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class JudgeSourceTest {
    private static final Instant NOW = FragmentsTest.NOON;
    private static final Cause GUARD = Cause.of(Kind.GUARD, "117 would go", 117, 397, 5);
    private static final Cause REJECTS = Cause.of(Kind.REJECTS, "34 cannot be stored", 34, 397, 1);
    private static final Cause REFUSED = Cause.of(Kind.KEY_REFUSED, "it refuses the key", 401);
    private static final Cause OLD = Cause.unknown("what an older one wrote");

    /** Null: it did not fail. */
    private static Synchronisation copy(@Nullable Cause why, @Nullable Held held) {
        return new Synchronisation(
                Definition.of("up", "Device"),
                false,
                why != null,
                why,
                NOW,
                NOW,
                NOW,
                NOW,
                NOW,
                null,
                null,
                held,
                null,
                REJECTS,
                null,
                false,
                null,
                Synchronisation.FILE);
    }

    private static @Nullable Badge badge(@Nullable Cause... causes) {
        List<Synchronisation> using =
                Arrays.stream(causes).map(why -> copy(why, null)).toList();
        return JudgeSource.badge(using, NOW);
    }

    @Test
    void badge_ofASourceThatFails_saysSo() {
        assertThat(badge(REFUSED)).isEqualTo(Badge.BAD);
        assertThat(badge(null, GUARD, REFUSED)).isEqualTo(Badge.BAD);
    }

    @Test
    void badge_whereItAnswered_saysThatItIsReached() {
        assertThat(badge(GUARD)).isEqualTo(Badge.REACHED);
        assertThat(badge(REJECTS, null)).isEqualTo(Badge.REACHED);
        assertThat(badge(Cause.of(Kind.LINK_DEAD, "the link is dead", 410))).isEqualTo(Badge.REACHED);
    }

    /** After an upgrade there are words alone: what was red stays so until more is known. */
    @Test
    void badge_ofWhatAnOlderMiroirWrote_isAsItWas() {
        assertThat(badge(OLD)).isEqualTo(Badge.BAD);
        assertThat(badge(OLD, GUARD)).isEqualTo(Badge.BAD);
    }

    @Test
    void badge_whereNobodyKnowsWhetherItAnswers_isNone() {
        assertThat(badge(Cause.of(Kind.DATABASE, "the database is away"))).isNull();
        assertThat(badge(Cause.of(Kind.UNEXPECTED, "a mistake"), null)).isNull();
    }

    /** Deltas succeed. */
    @Test
    void badge_whereAFullPassIsPutOff_isReached() {
        assertThat(badge(Cause.of(Kind.PUT_OFF, "put off", 3).and(REFUSED, "put off; the last time: the key")))
                .isEqualTo(Badge.REACHED);
    }

    @Test
    void badge_ofWhatIsWell_isGood() {
        assertThat(badge((Cause) null)).isEqualTo(Badge.GOOD);
        assertThat(JudgeSource.badge(List.of(), NOW)).isNull();
    }

    /** A complaint has nothing that could be confirmed, and what fails now does not wait for a person. */
    @Test
    void toConfirm_isWhatIsHeldBackAlone() {
        Held held = new Held("run-1", GUARD);

        assertThat(copy(GUARD, held).isToConfirm()).isTrue();
        assertThat(copy(REJECTS, null).isToConfirm()).isFalse();
        assertThat(copy(REFUSED, held).isToConfirm()).isFalse();
        assertThat(copy(null, held).isToConfirm()).isFalse();
        assertThat(row(copy(GUARD, held)).badge()).isEqualTo(Badge.WAITING);
        assertThat(row(copy(REFUSED, held)).badge()).isEqualTo(Badge.BAD);
    }

    private static SynchronisationRow row(Synchronisation each) {
        return SynchronisationRow.of(each, List.of(), true, false, NOW);
    }
}
