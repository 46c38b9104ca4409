package miroir.sql.copy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import miroir.sql.database.Place;
import miroir.sql.database.PostgresPlace;
import miroir.sql.testing.Directory;
import miroir.storage.testing.TestDatabase;

/**
 * A day of a directory of which copies are kept while everything happens.
 *
 * <p>What it proves: whenever somebody looks, the copy is what its views make of the store as it was at the instant of the copy, cell by cell; and in the end it is what they make of the present. For that several
 * threads create, change, delete, bring back and erase a few hundred resources at random, with text that no format likes, while whoever keeps the copy is stopped and begun anew, views change, and what a
 * test brings along happens to the database of the copy.
 */
final class RandomDay implements AutoCloseable {
    private static final int WRITERS = 3;

    /** What was erased cannot be made again, and there has to be something left in the end. */
    private static final int ERASED_EACH = 150;

    private static final List<String> TEXTS = List.of(
            "Dupont",
            "L'Hôpital",
            "a\\\\tb",
            "\\\\N",
            "tab\\tline\\nend",
            "\\\"quoted\\\"",
            "🩺 é",
            "NULL",
            "",
            "x\\u0000y",
            "{}",
            "%s;--");

    private final long seed;
    private final Place place;
    private final Directory directory;
    private final Disturbance disturbance;
    private final Random random;
    private final AtomicInteger begun = new AtomicInteger();
    private final AtomicInteger erasures = new AtomicInteger();
    private volatile Instant lastErased = Instant.EPOCH;
    private int checks;
    private long rows;
    private int restarts;
    private int viewChanges;
    private long changes;

    /** What happens to the database of the copy. */
    interface Disturbance {
        void happen() throws Exception;
    }

    RandomDay(TestDatabase database, Path folder, Place place, long seed, Disturbance disturbance) throws Exception {
        this.seed = seed;
        this.place = place;
        this.disturbance = disturbance;
        this.random = new Random(seed);
        this.directory = Directory.open(database, folder);
    }

    private String now() {
        return "seed " + seed + ", check " + checks;
    }

    /**
     * Lets it happen.
     *
     * @param rounds in each of which whoever keeps the copy is another one
     * @param writes in each round, by each writer
     */
    void run(int rounds, int writes, int resources) throws Exception {
        ExecutorService threads = Executors.newCachedThreadPool();
        try {
            for (int round = 0; round < rounds; round++) {
                round(threads, round, writes, resources);
            }
        } finally {
            threads.shutdown();
        }
    }

    private void round(ExecutorService threads, int round, int writes, int resources) throws Exception {
        if (round > 0 && random.nextInt(3) > 0) {
            changeView();
        }
        KeepCopy copy = keeper();
        Future<?> kept = threads.submit(copy::run);
        try {
            happen(threads, round, writes, resources, copy);
        } finally {
            copy.stop();
        }
        kept.get();
        erase(resources);
        changes += copy.changes();
        restarts++;
    }

    private void happen(ExecutorService threads, int round, int writes, int resources, KeepCopy copy) throws Exception {
        List<Future<?>> writers = new ArrayList<>();
        for (int i = 0; i < WRITERS; i++) {
            Random own = new Random(seed * 1_000 + round * 10L + i);
            writers.add(threads.submit(() -> write(own, writes, resources)));
        }
        while (writers.stream().anyMatch(each -> !each.isDone())) {
            if (random.nextInt(4) == 0) {
                disturbance.happen();
            }
            if (copy.asOf() != null) {
                check();
            }
        }
        for (Future<?> each : writers) {
            each.get();
        }
        if (random.nextBoolean()) {
            awaitPresent(copy);
        }
    }

    /** It is up to date in the end, and equal. */
    void end() throws Exception {
        assertThat(keeper().once(false)).isTrue();
        CheckCopy.Report report = look();
        assertThat(report.named()).as(now()).isEmpty();
        assertThat(report.isEqual()).as(now()).isTrue();
        assertThat(checks).as("comparisons").isPositive();
        assertThat(rows).as("rows that were compared").isPositive();
        assertThat(erasures).as("erasures while the copy was followed").hasPositiveValue();
    }

    private CheckCopy.Report look() throws SQLException {
        return new CheckCopy(place, store(), directory.tables(), () -> true).run();
    }

    private KeepCopy keeper() {
        return new KeepCopy("day", place, store(), directory::tables, Duration.ofDays(30), Duration.ofMillis(20));
    }

    private StoreReader store() {
        return new StoreReader(directory.store(), 7);
    }

    private void awaitPresent(KeepCopy copy) {
        Instant now = store().settled();
        await().atMost(Duration.ofMinutes(2)).until(() -> {
            Instant asOf = copy.asOf();
            return asOf != null
                    && (!asOf.isBefore(now) || store().isUnchangedSince(Set.of("Practitioner", "Organization"), asOf));
        });
    }

    /** Views may have changed a moment ago; and what was erased after the instant of the copy is shown by the store at none, so that its rows are too many until then. */
    private void check() throws SQLException {
        int before = begun.get();
        CheckCopy.Report report;
        try {
            report = look();
        } catch (SQLException e) {
            if (place instanceof PostgresPlace) {
                // What happens to the database happens to whoever looks as well.
                return;
            }
            throw e;
        }
        Instant asOf = report.asOf();
        boolean mayHaveTooMany =
                begun.get() != before || begun.get() != erasures.get() || (asOf != null && !lastErased.isBefore(asOf));
        assertThat(report.named().stream()
                        .filter(each -> !each.contains("before it changed") && !each.contains("is missing"))
                        .filter(each -> !(mayHaveTooMany && each.contains(" rows, of which ")))
                        .toList())
                .as(now())
                .isEmpty();
        checks++;
        rows += report.rows();
    }

    private void changeView() throws Exception {
        viewChanges++;
        directory.view(
                "given",
                random.nextBoolean()
                        ? Directory.GIVEN.replace("name.given", "name.family")
                        : Directory.GIVEN.replace("\"place\"", "\"place" + viewChanges + "\""));
    }

    private void write(Random own, int writes, int resources) {
        for (int i = 0; i < writes; i++) {
            String type = own.nextInt(4) == 0 ? "Organization" : "Practitioner";
            String id = "r" + own.nextInt(resources);
            switch (i % ERASED_EACH == 0 ? -1 : own.nextInt(12)) {
                case -1 -> eraseNow(type, id);
                case 0, 1 -> directory.delete(type, id);
                default -> put(own, type, id);
            }
        }
    }

    private void put(Random own, String type, String id) {
        String text = TEXTS.get(own.nextInt(TEXTS.size()));
        String other = TEXTS.get(own.nextInt(TEXTS.size()));
        String active = own.nextBoolean() ? "\"active\": " + own.nextBoolean() + ", " : "";
        directory.put(
                type,
                id,
                active
                        + (type.equals("Organization")
                                ? "\"name\": \"" + text + "\", \"address\": [{\"city\": \"" + other + "\"}]"
                                : "\"name\": [{\"family\": \"" + text + "\", \"given\": [\"" + other + "\", \""
                                        + own.nextInt()
                                        + "\"]}], \"extension\": [{\"url\": \"urn:weight\", \"valueDecimal\": {\"$numberDecimal\": \""
                                        + own.nextInt(100_000) + "E-2\"}}]"));
    }

    private void eraseNow(String type, String id) {
        begun.incrementAndGet();
        directory.erase(type, id);
        synchronized (this) {
            // Instants of commits may be a little ahead of the clock.
            lastErased = Instant.now().plusMillis(100);
        }
        erasures.incrementAndGet();
    }

    private void erase(int resources) throws Exception {
        directory.erase("Practitioner", "r" + random.nextInt(resources));
        assertThat(keeper().once(false)).isTrue();
        check();
    }

    String figures() {
        return String.format(
                "{\"checks\": %d, \"rows\": %d, \"restarts\": %d, \"viewChanges\": %d, \"erasures\": %d, \"changes\": %d}",
                checks, rows, restarts, viewChanges, erasures.get(), changes);
    }

    @Override
    public void close() {
        directory.close();
    }
}
