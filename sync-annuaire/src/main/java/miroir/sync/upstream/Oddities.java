package miroir.sync.upstream;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** What the upstream does that FHIR does not have, and how often: it is put up with, and counted. */
public final class Oddities {
    private final Map<String, LongAdder> counts = new ConcurrentHashMap<>();

    /** One more of a kind. */
    public void count(String kind) {
        counts.computeIfAbsent(kind, each -> new LongAdder()).increment();
    }

    /** How many there were of each kind. */
    public Map<String, Long> counts() {
        Map<String, Long> now = new TreeMap<>();
        counts.forEach((kind, count) -> now.put(kind, count.sum()));
        return now;
    }
}
