package miroir.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import miroir.index.search.Condition;
import miroir.index.store.Caller;
import miroir.index.store.Deadline;
import miroir.index.store.PageQuery;
import miroir.index.store.ResourceStore;
import miroir.index.store.ResourceVersion;
import miroir.storage.testing.TestDatabase;
import org.awaitility.Awaitility;
import org.bson.BsonInt64;

/** A follower of two processes that write, one of which stands still for longer than its lease while it does. */
final class Following {
    private static final int WRITERS = 8;
    private static final int PAGE = 500;
    private static final Duration LIMIT = Duration.ofMinutes(30);

    private final TestDatabase database;
    private final int writes;
    private final long seed;

    /** What was acknowledged: the newest version of each id. */
    private final Map<String, Long> acknowledged = new HashMap<>();

    Following(TestDatabase database, int writes, long seed) {
        this.database = database;
        this.writes = writes;
        this.seed = seed;
    }

    /** Follows up to what is settled, until everything is. */
    Missed run() throws IOException, InterruptedException {
        try (MongoResourceStore store = OpenStores.ready(database);
                StoreDatabase clock = new StoreDatabase(OpenStores.settings(database))) {
            Follower settled = new Follower(store);
            Writers one = new Writers("one");
            Writers other = new Writers("other");
            boolean stopped = false;
            while (one.isAlive() || other.isAlive()) {
                settled.poll();
                if (!stopped && one.acknowledged() > WRITERS * writes / 4) {
                    stopped = true;
                    standStill(one, clock, settled);
                }
            }
            one.end();
            other.end();
            Instant end = clock.primaryTime();
            Awaitility.await().atMost(Duration.ofMinutes(1)).until(() -> {
                settled.poll();
                return settled.upTo.isAfter(end);
            });
            assertThat(stopped).as("a process stood still").isTrue();
            return new Missed(settled.missed(acknowledged), acknowledged.size());
        }
    }

    /** Until its floor has expired, and what others commit meanwhile is settled without it. */
    private static void standStill(Writers writers, StoreDatabase clock, Follower settled)
            throws IOException, InterruptedException {
        writers.signal("STOP");
        Instant since = clock.primaryTime().plus(WritersMain.TERMS.lease());
        Awaitility.await().atMost(Duration.ofMinutes(2)).until(() -> {
            settled.poll();
            return settled.upTo.isAfter(since);
        });
        writers.signal("CONT");
    }

    /** Ids of which the follower does not know the newest acknowledged version, and how many there are in all. */
    record Missed(List<String> versions, int ids) {}

    /** Asks again and again for what was updated between its last instant and the next. */
    private static final class Follower {
        private final ResourceStore store;
        private final Map<String, Long> seen = new HashMap<>();
        private Instant upTo = Instant.EPOCH;

        Follower(ResourceStore store) {
            this.store = store;
        }

        void poll() {
            Instant next =
                    store.settled(Caller.everyone(), Duration.ofMillis(100), Deadline.in(Duration.ofSeconds(60)));
            assertThat(next).isAfterOrEqualTo(upTo);
            Condition range = new Condition.Range(
                    "t_lastupdated",
                    List.of(
                            new Condition.Bound(Condition.Comparison.AT_LEAST, millis(upTo)),
                            new Condition.Bound(Condition.Comparison.AT_MOST, millis(next))));
            List<ResourceVersion.Live> page;
            long after = 0;
            do {
                page = store.select(
                                Caller.everyone(),
                                new PageQuery("Practitioner", range, after, PAGE, Deadline.in(Duration.ofMinutes(1))))
                        .resources();
                for (ResourceVersion.Live live : page) {
                    seen.merge(live.key().id(), live.version(), Math::max);
                    after = live.position();
                }
            } while (!page.isEmpty());
            upTo = next;
        }

        List<String> missed(Map<String, Long> acknowledged) {
            List<String> missed = new ArrayList<>();
            acknowledged.forEach((id, version) -> {
                if (seen.getOrDefault(id, 0L) < version) {
                    missed.add(id + " version " + version);
                }
            });
            return missed;
        }

        private static BsonInt64 millis(Instant instant) {
            return new BsonInt64(instant.toEpochMilli());
        }
    }

    /** A process of {@link WritersMain}, and the thread that reads what it says. */
    private final class Writers {
        private final Process process;
        private final Thread reader;
        private final AtomicInteger lines = new AtomicInteger();

        Writers(String name) throws IOException {
            process = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-Xmx256m",
                            "-cp",
                            System.getProperty("java.class.path"),
                            WritersMain.class.getName(),
                            database.uri(),
                            database.name(),
                            name,
                            Integer.toString(WRITERS),
                            Integer.toString(writes),
                            Long.toString(seed))
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            reader = new Thread(this::read, "reads-" + name);
            reader.start();
        }

        private void read() {
            try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
                for (String line = output.readLine(); line != null; line = output.readLine()) {
                    String[] said = line.split(" ", -1);
                    if (said[0].equals(WritersMain.ACKNOWLEDGED)) {
                        lines.incrementAndGet();
                        synchronized (acknowledged) {
                            acknowledged.merge(said[1], Long.valueOf(said[2]), Math::max);
                        }
                    }
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        int acknowledged() {
            return lines.get();
        }

        boolean isAlive() {
            return process.isAlive();
        }

        void signal(String name) throws IOException, InterruptedException {
            Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start();
            assertThat(kill.waitFor()).isZero();
        }

        void end() throws InterruptedException {
            assertThat(process.waitFor()).isZero();
            reader.join(LIMIT.toMillis());
        }
    }
}
