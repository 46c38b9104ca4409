package miroir.server.console;

import java.time.Instant;
import java.util.List;
import java.util.function.Predicate;
import miroir.storage.sync.Cause;
import miroir.storage.sync.Synchronisation;
import org.jspecify.annotations.Nullable;

/**
 * How a source is, as those that copy from it found it. It fails where it is the cause itself, and not because something that it gave cannot be stored; but that
 * it can be reached is said only where a failure shows that it answered. What an older Miroir wrote has words alone, which do not tell the one from the other: that
 * is a failure, as it was for that one.
 */
final class JudgeSource {
    private JudgeSource() {}

    /**
     * Of what is not stopped; a person who stopped something knows it.
     *
     * @param using what copies from it
     * @return null: that is not known
     */
    static @Nullable Badge badge(List<Synchronisation> using, Instant now) {
        if (using.isEmpty()) {
            return null;
        }
        if (using.stream().allMatch(Synchronisation::stopped)) {
            return Badge.STOPPED;
        }
        List<Synchronisation> failed = using.stream()
                .filter(each -> each.state() == Synchronisation.State.KO)
                .toList();
        if (!failed.isEmpty()) {
            return ofFailed(failed);
        }
        return using.stream().anyMatch(each -> each.isLate(now)) ? Badge.LATE : Badge.GOOD;
    }

    private static @Nullable Badge ofFailed(List<Synchronisation> failed) {
        if (any(failed, why -> why.isOfSource() || why.said().isEmpty())) {
            return Badge.BAD;
        }
        return any(failed, Cause::isAnswered) ? Badge.REACHED : null;
    }

    private static boolean any(List<Synchronisation> failed, Predicate<Cause> condition) {
        return failed.stream().anyMatch(each -> {
            Cause why = each.why();
            return condition.test(why == null ? Cause.unknown("") : why);
        });
    }
}
