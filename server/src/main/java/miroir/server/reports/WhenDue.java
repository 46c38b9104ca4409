package miroir.server.reports;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * When the next report is to be made: a day after the last one, or as is configured, and earlier once all copies of the directory are newer than those that the last one saw, but not
 * before it has paused for an hour and for several times as long as the last one took. There is none before everything was copied whole; where nothing is copied, the first comes
 * some minutes after the start.
 *
 * @param every how often whatever happens
 * @param started when this server was
 */
record WhenDue(Duration every, Instant started) {
    private static final Duration FILLED_BY_CLIENTS = Duration.ofMinutes(5);
    private static final Duration PAUSE = Duration.ofHours(1);
    private static final int TIMES_AS_LONG = 4;

    /**
     * Whether it is time.
     *
     * @param last null where there is none
     * @param copies as of when the copies of the directory are, by their types; empty where none is
     * @param areWhole whether each was made whole
     */
    boolean isDue(Instant now, @Nullable QualityReport last, Map<String, Instant> copies, boolean areWhole) {
        if (last == null) {
            return areWhole && (!copies.isEmpty() || now.isAfter(started.plus(FILLED_BY_CLIENTS)));
        }
        boolean fromTheFuture = last.ended().isAfter(now.plus(PAUSE));
        return fromTheFuture
                || now.isAfter(last.ended().plus(every))
                || (now.isAfter(last.ended().plus(pause(last))) && areWhole && areAllNewer(last, copies));
    }

    private static Duration pause(QualityReport last) {
        Duration took = Duration.between(last.begun(), last.ended()).multipliedBy(TIMES_AS_LONG);
        return took.compareTo(PAUSE) > 0 ? took : PAUSE;
    }

    private static boolean areAllNewer(QualityReport last, Map<String, Instant> copies) {
        return !copies.isEmpty()
                && copies.entrySet().stream()
                        .allMatch(copy ->
                                copy.getValue().isAfter(last.copied().getOrDefault(copy.getKey(), Instant.MIN)));
    }
}
