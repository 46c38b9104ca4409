package miroir.simulator.http;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** The latest requests, and how many there were. Thread-safe. */
public final class Journal {
    private static final int KEPT = 10_000;

    private final Deque<Entry> latest = new ArrayDeque<>();
    private long count;

    /**
     * One request.
     *
     * @param address path and query
     * @param status 0 where the connection was cut before one was sent
     * @param fault what went wrong on purpose; empty for nothing
     */
    public record Entry(String method, String address, int status, String fault) {}

    synchronized void add(Entry entry) {
        count++;
        latest.addLast(entry);
        if (latest.size() > KEPT) {
            latest.removeFirst();
        }
    }

    public synchronized long count() {
        return count;
    }

    /** At most ten thousand, oldest first. */
    public synchronized List<Entry> latest() {
        return List.copyOf(latest);
    }
}
