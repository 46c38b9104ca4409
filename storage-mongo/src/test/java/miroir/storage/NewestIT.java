package miroir.storage;

import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.event.CommandListener;
import com.mongodb.event.CommandStartedEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import miroir.index.search.Condition;
import miroir.index.search.Order;
import miroir.index.store.Caller;
import miroir.index.store.Deadline;
import miroir.index.store.Newest;
import miroir.index.store.PageQuery;
import miroir.index.store.Precondition;
import miroir.index.store.ResourceKey;
import miroir.index.store.ResourceStore;
import miroir.storage.testing.MongoExtension;
import miroir.storage.testing.TestDatabase;
import org.bson.BsonDocument;
import org.bson.BsonString;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What is said of pages: that they are how it was at an instant. */
@ExtendWith(MongoExtension.class)
final class NewestIT {
    private static final long SEED = Long.getLong("miroir.seed", 20261130);
    private static final String TYPE = "Practitioner";
    private static final int PAGES = 300;
    private static final int WRITTEN = 60;
    private static final int IDS = 6;

    private final TestDatabase database;

    NewestIT(TestDatabase database) {
        this.database = database;
    }

    @BeforeEach
    void empty() {
        OpenStores.empty(database);
    }

    private static ResourceKey key(int i) {
        return new ResourceKey(TYPE, "p" + i);
    }

    private static Deadline deadline() {
        return Deadline.in(Duration.ofSeconds(60));
    }

    private static Instant settled(ResourceStore store, Instant atLeast) {
        Instant settled = store.settled(Caller.everyone(), Duration.ofSeconds(30), deadline());
        assertThat(settled).isAfterOrEqualTo(atLeast);
        return settled;
    }

    private static List<String> page(ResourceStore store, @Nullable Instant asOf) {
        PageQuery query = new PageQuery(TYPE, Condition.all(), Order.BY_POSITION, null, 100, asOf, deadline());
        return store.select(Caller.everyone(), query).resources().stream()
                .map(live -> live.key().id() + "/" + live.version())
                .toList();
    }

    private static Newest<List<String>> newest(ResourceStore store) {
        return store.newest(Caller.everyone(), Set.of(TYPE), () -> page(store, null));
    }

    /** Who looks for what began after some instant reads nothing but when that was. */
    private static final class CountLooks implements CommandListener {
        private final AtomicInteger looks = new AtomicInteger();

        @Override
        public void commandStarted(CommandStartedEvent event) {
            BsonDocument command = event.getCommand();
            if (event.getCommandName().equals("find")
                    && command.getString("find").equals(new BsonString(TYPE))
                    && command.getDocument("projection", new BsonDocument()).size() == 2) {
                looks.incrementAndGet();
            }
        }
    }

    /** The time goes on by itself some times a second, as the members of a database do. */
    @Test
    void pages_whileTheDatabaseStandsStill_shareALook() {
        CountLooks count = new CountLooks();
        try (ResourceStore store = OpenStores.ready(database, count)) {
            Instant settled = settled(store, Histories.put(store, key(1), 1).from());
            for (int i = 0; i < PAGES; i++) {
                assertThat(newest(store).unchanged().isSince(settled, deadline()))
                        .isTrue();
            }
            assertThat(count.looks.get()).isPositive().isLessThan(PAGES);
        }
    }

    @Test
    void page_afterAWrite_isNotWhatTheLastOneWas() {
        try (ResourceStore store = OpenStores.ready(database);
                ResourceStore other = OpenStores.ready(database)) {
            Instant settled = settled(store, Histories.put(store, key(1), 1).from());
            assertThat(newest(store).unchanged().isSince(settled, deadline())).isTrue();

            Histories.put(other, key(1), 2);
            Newest<List<String>> after = newest(store);
            assertThat(after.found()).containsExactly("p1/2");
            assertThat(after.unchanged().isSince(settled, deadline())).isFalse();

            other.delete(Caller.everyone(), key(1), Precondition.none());
            Instant later = settled(store, Instant.EPOCH);
            assertThat(newest(store).found()).isEmpty();
            assertThat(newest(store).unchanged().isSince(later, deadline())).isTrue();
            assertThat(newest(store).unchanged().isSince(settled, deadline())).isFalse();
        }
    }

    /** Somebody writes at the same time, or does not. */
    @Test
    void pages_whileOthersWrite_areHowItWasWhereThatIsSaid() throws Exception {
        Random random = new Random(SEED);
        int same = 0;
        ExecutorService writer = Executors.newSingleThreadExecutor();
        try (ResourceStore store = OpenStores.ready(database);
                ResourceStore other = OpenStores.ready(database)) {
            for (int i = 0; i < WRITTEN; i++) {
                Instant settled = settled(store, Instant.EPOCH);
                int id = random.nextInt(IDS);
                boolean deletes = random.nextInt(3) == 0;
                int writes = random.nextInt(3);
                Future<?> writing = writer.submit(() -> write(other, id, deletes, writes));
                for (int reads = 0; reads < 3; reads++) {
                    Newest<List<String>> newest = newest(store);
                    if (newest.unchanged().isSince(settled, deadline())) {
                        same++;
                        assertThat(newest.found())
                                .as("page %d, seed %d", i, SEED)
                                .isEqualTo(page(store, settled));
                    }
                }
                writing.get();
            }
        } finally {
            writer.shutdownNow();
        }
        assertThat(same).isPositive();
    }

    private static void write(ResourceStore store, int id, boolean deletes, int times) {
        for (int i = 0; i < times; i++) {
            if (deletes) {
                store.delete(Caller.everyone(), key(id), Precondition.none());
            } else {
                Histories.put(store, key(id), System.nanoTime());
            }
        }
    }
}
