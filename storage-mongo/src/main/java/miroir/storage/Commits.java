package miroir.storage;

import com.mongodb.MongoWriteException;
import java.time.Instant;
import java.util.function.Function;
import miroir.index.Refusal;
import org.jspecify.annotations.Nullable;

/** Gives commits their instant and keeps account of them from there to their known end. */
final class Commits implements CommitInstants {
    private final HeldFloor floor;
    private final OpenCommits open;
    private final OpenNumbers numbers;
    private final CommitClock clock;

    Commits(HeldFloor floor, OpenCommits open, OpenNumbers numbers, CommitClock clock) {
        this.floor = floor;
        this.open = open;
        this.numbers = numbers;
        this.clock = clock;
    }

    /** The function writes with a majority, and returns once what it wrote can be seen. */
    @Override
    public <T> @Nullable T at(Instant previous, Function<CommitInstant, @Nullable T> write) {
        CommitInstant instant = floor.begin(previous);
        boolean known = false;
        try {
            T written = write.apply(instant);
            known = true;
            if (written == null) {
                clock.doubt();
            }
            return written;
        } catch (MongoWriteException | Refusal refused) {
            known = true;
            throw refused;
        } finally {
            if (known) {
                open.end(instant.from());
                numbers.end(instant.use());
            } else {
                open.lose(instant.from(), instant.before());
            }
        }
    }
}
