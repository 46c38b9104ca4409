package miroir.load;

import java.io.IOException;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;

/** How requests were answered, and how soon. */
final class Answers {
    /** By tenths of powers of two of microseconds, so that a percentile is right to seven percent. */
    private static final int PARTS = 10;

    private static final int PLACES = 40 * PARTS;
    private static final int FEW = 10;

    private static final String REFUSED = "refused";

    private final Map<String, AtomicLong> statuses = new ConcurrentHashMap<>();
    private final Map<String, AtomicLong> untold = new ConcurrentHashMap<>();
    private final Map<String, AtomicLongArray> times = new ConcurrentHashMap<>();
    private final ConcurrentLinkedQueue<String> wrong = new ConcurrentLinkedQueue<>();

    void add(String kind, int status, int expected, long nanos) {
        statuses.computeIfAbsent(Integer.toString(status), each -> new AtomicLong())
                .incrementAndGet();
        times.computeIfAbsent(status == expected ? kind : REFUSED, each -> new AtomicLongArray(PLACES))
                .incrementAndGet(place(nanos));
    }

    /** Somebody was refused, and not told when to ask again. */
    void unannounced(int status) {
        untold.computeIfAbsent(Integer.toString(status), each -> new AtomicLong())
                .incrementAndGet();
    }

    void broken(IOException e) {
        statuses.computeIfAbsent("broken", each -> new AtomicLong()).incrementAndGet();
        if (wrong.size() < FEW) {
            wrong.add(e.toString());
        }
    }

    /** The kinds of which some were served. */
    Set<String> served() {
        Set<String> kinds = new TreeSet<>(times.keySet());
        kinds.remove(REFUSED);
        return kinds;
    }

    /** How many refusals of each status did not say when to ask again. */
    Map<String, Long> untold() {
        return counts(untold);
    }

    /** How many of each status; those that had none are "broken". */
    Map<String, Long> statuses() {
        return counts(statuses);
    }

    private static Map<String, Long> counts(Map<String, AtomicLong> each) {
        Map<String, Long> counts = new TreeMap<>();
        each.forEach((status, count) -> counts.put(status, count.get()));
        return counts;
    }

    long all() {
        return statuses.values().stream().mapToLong(AtomicLong::get).sum();
    }

    /** Why connections broke off, of a few. */
    String reasons() {
        return wrong.toString();
    }

    /** By kind, the milliseconds within which so many of a hundred had their answer. */
    Map<String, Double> millis(double percent) {
        Map<String, Double> found = new TreeMap<>();
        times.forEach((kind, counts) -> found.put(kind, millis(counts, percent)));
        return found;
    }

    private static double millis(AtomicLongArray counts, double percent) {
        long all = 0;
        for (int i = 0; i < PLACES; i++) {
            all += counts.get(i);
        }
        long wanted = (long) Math.ceil(all * percent / 100);
        long seen = 0;
        for (int i = 0; i < PLACES; i++) {
            seen += counts.get(i);
            if (seen >= wanted) {
                return Math.round(Math.pow(2, (i + 1.0) / PLACES * 40) / 10) / 100.0;
            }
        }
        return 0;
    }

    private static int place(long nanos) {
        double micros = Math.max(1, nanos / 1e3);
        return Math.min(PLACES - 1, (int) (Math.log(micros) / Math.log(2) * PARTS));
    }
}
