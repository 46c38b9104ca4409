package miroir.storage;

import java.time.ZoneId;
import java.util.Optional;
import java.util.function.LongFunction;
import miroir.index.yaml.ConfigurationRefused;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * By which number of what is searched the commits of this process make their fields. One thread at a time has it follow; what it is now, all
 * may ask.
 */
final class WrittenSearch {
    private static final Logger LOG = LoggerFactory.getLogger(WrittenSearch.class);

    private final OpenNumbers numbers;
    private final ZoneId zone;
    private volatile long written;

    /** The earlier number by which this process writes, or cannot write, until all know the newer one. */
    private long earlier;

    WrittenSearch(OpenNumbers numbers, ZoneId zone) {
        this.numbers = numbers;
        this.zone = zone;
    }

    boolean is(long number) {
        return written == number;
    }

    /** Whether commits may have the fields of that number. */
    boolean isAtLeast(long number) {
        return FieldsNumber.isAtLeast(written, number);
    }

    /**
     * Has commits write as all may now; whether that is as this process knows it, for the first time.
     *
     * @param byAll by which number all may write
     * @param made what this process makes of an earlier number
     */
    boolean follow(long byAll, LoadedSearch known, LongFunction<Optional<LoadedSearch>> made) {
        if (byAll == known.number() && written != known.number()) {
            numbers.writeWith(known.documents(zone));
            written = known.number();
            return true;
        }
        if (written == 0 && byAll != known.number() && byAll != earlier && !FieldsNumber.isBeforeFirst(byAll)) {
            writeWithEarlier(byAll, made);
            earlier = byAll;
        }
        return false;
    }

    /** Commits were stopped, and whether they may write is found out anew. */
    void forget() {
        written = 0;
        earlier = 0;
    }

    /** Who comes in the middle of a change writes as those do who were there before. */
    private void writeWithEarlier(long number, LongFunction<Optional<LoadedSearch>> made) {
        try {
            Optional<LoadedSearch> before = made.apply(number);
            if (before.isEmpty()) {
                return;
            }
            if (before.get().kept().isOf(before.get().made())) {
                numbers.writeWith(before.get().documents(zone));
                return;
            }
        } catch (ConfigurationRefused refused) {
            LOG.info("what was searched before is not understood here: {}", refused.getMessage());
        }
        numbers.stop("writes wait until all servers know what is searched now");
    }
}
