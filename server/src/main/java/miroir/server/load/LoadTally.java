package miroir.server.load;

import java.util.HashMap;
import java.util.Map;

/**
 * What was asked for in some time.
 *
 * @param times of the requests
 * @param database how long those of them that asked the database waited for it
 * @param byInteraction by its code; only those that there were
 * @param byType by resource type; an empty text: those of none
 */
public record LoadTally(
        Share all,
        LogHistogram times,
        LogHistogram database,
        Map<String, Share> byInteraction,
        Map<String, Share> byType) {
    /** Nothing was asked for. */
    public static final LoadTally NOTHING =
            new LoadTally(Share.NOTHING, LogHistogram.EMPTY, LogHistogram.EMPTY, Map.of(), Map.of());

    public LoadTally {
        byInteraction = Map.copyOf(byInteraction);
        byType = Map.copyOf(byType);
    }

    /** Both together. */
    public LoadTally and(LoadTally other) {
        return new LoadTally(
                all.and(other.all),
                times.and(other.times),
                database.and(other.database),
                sum(byInteraction, other.byInteraction),
                sum(byType, other.byType));
    }

    /** What came since. */
    LoadTally since(LoadTally before) {
        return before.all.requests() == all.requests()
                ? NOTHING
                : new LoadTally(
                        all.since(before.all),
                        times.since(before.times),
                        database.since(before.database),
                        difference(byInteraction, before.byInteraction),
                        difference(byType, before.byType));
    }

    private static Map<String, Share> sum(Map<String, Share> one, Map<String, Share> other) {
        Map<String, Share> both = new HashMap<>(one);
        other.forEach((key, share) -> both.merge(key, share, Share::and));
        return both;
    }

    private static Map<String, Share> difference(Map<String, Share> now, Map<String, Share> before) {
        Map<String, Share> since = new HashMap<>();
        now.forEach((key, share) -> {
            Share came = share.since(before.getOrDefault(key, Share.NOTHING));
            if (came.requests() > 0) {
                since.put(key, came);
            }
        });
        return since;
    }
}
