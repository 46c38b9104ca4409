package miroir.server.load;

import java.util.HashMap;
import java.util.Map;

/**
 * What was asked for in some time.
 *
 * @param served what interactions of FHIR were asked for, without what is not offered (501): neither pages nor questions whether the server is well
 * @param times of the requests
 * @param reads how long reads and searches of a type took, which somebody waits for
 * @param database how long those of them that asked the database waited for it
 * @param byInteraction by its code; only those that there were
 * @param byType by resource type; an empty text: those of none
 */
public record LoadTally(
        Share all,
        Share served,
        LogHistogram times,
        LogHistogram reads,
        LogHistogram database,
        Map<String, Share> byInteraction,
        Map<String, Share> byType) {
    /** Nothing was asked for. */
    public static final LoadTally NOTHING = new LoadTally(
            Share.NOTHING,
            Share.NOTHING,
            LogHistogram.EMPTY,
            LogHistogram.EMPTY,
            LogHistogram.EMPTY,
            Map.of(),
            Map.of());

    public LoadTally {
        byInteraction = Map.copyOf(byInteraction);
        byType = Map.copyOf(byType);
    }

    /** Both together. */
    public LoadTally and(LoadTally other) {
        return new LoadTally(
                all.and(other.all),
                served.and(other.served),
                times.and(other.times),
                reads.and(other.reads),
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
                        served.since(before.served),
                        times.since(before.times),
                        reads.since(before.reads),
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
