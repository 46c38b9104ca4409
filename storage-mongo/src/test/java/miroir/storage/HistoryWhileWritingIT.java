package miroir.storage;

import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.event.CommandListener;
import com.mongodb.event.CommandSucceededEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import miroir.index.store.Caller;
import miroir.index.store.Deadline;
import miroir.index.store.HistoryQuery;
import miroir.index.store.Precondition;
import miroir.index.store.ResourceKey;
import miroir.index.store.ResourceStore;
import miroir.index.store.ResourceVersion;
import miroir.index.store.Scope;
import miroir.storage.testing.MongoExtension;
import miroir.storage.testing.TestDatabase;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Histories are paged while everything in them is written again and again. */
@ExtendWith(MongoExtension.class)
final class HistoryWhileWritingIT {
    private static final int IDS = 6;
    private static final int WRITERS = 4;
    private static final int PAGINGS = 40;
    private static final long SEED = Long.getLong("miroir.seed", System.nanoTime());

    @Test
    void history_whileEverythingIsUpdated_hasEachVersionOnce(TestDatabase database) throws Exception {
        OpenStores.empty(database);
        try (ResourceStore store = OpenStores.ready(database)) {
            List<String> written = new ArrayList<>();
            Instant until = Instant.EPOCH;
            for (int i = 0; i < 5 * IDS; i++) {
                ResourceKey key = new ResourceKey("Practitioner", "p" + i % IDS);
                until = Histories.put(store, key, i).from();
                written.add(key.id() + "/" + (1 + i / IDS));
            }
            awaitLater(store, until);
            whileWriting(store, written, until);
        }
    }

    @Test
    void history_updateBetweenItsReads_missesNothing(TestDatabase test) {
        OpenStores.empty(test);
        try (MongoResourceStore store = OpenStores.ready(test)) {
            for (HistoryQuery.Of of : List.of(Histories.PRACTITIONERS, new HistoryQuery.Resource(key("q1")))) {
                Histories.put(store, key("q2"), System.nanoTime());
                ResourceVersion before = Histories.put(store, key("q1"), System.nanoTime());
                awaitLater(store, before.from());
                Runnable update = () -> {
                    Histories.put(store, key("q1"), System.nanoTime());
                    store.delete(Caller.everyone(), key("q2"), Precondition.none());
                };

                try (StoreDatabase watched =
                        new StoreDatabase(OpenStores.settings(test), List.of(afterFirst(update)))) {
                    ShownVersions shown = new ShownVersions(watched, new FindEnd(watched));
                    HistoryQuery query = new HistoryQuery(
                            of, null, null, before.from(), null, 100, Deadline.in(Duration.ofSeconds(60)));

                    List<ResourceVersion> versions = new SelectHistory(watched, shown)
                            .run(Scope.everything(), query)
                            .versions();

                    assertThat(versions).contains(before).doesNotHaveDuplicates();
                }
            }
        }
    }

    /** Comes in when the first find has its answer, before the next one is sent. */
    private static CommandListener afterFirst(Runnable once) {
        AtomicBoolean done = new AtomicBoolean();
        return new CommandListener() {
            @Override
            public void commandSucceeded(CommandSucceededEvent event) {
                if (event.getCommandName().equals("find") && done.compareAndSet(false, true)) {
                    once.run();
                }
            }
        };
    }

    private static void whileWriting(ResourceStore store, List<String> written, Instant until) throws Exception {
        AtomicBoolean done = new AtomicBoolean();
        ExecutorService writers = Executors.newFixedThreadPool(WRITERS);
        List<Future<?>> running = new ArrayList<>();
        for (int i = 0; i < WRITERS; i++) {
            Random random = new Random(SEED + i);
            running.add(writers.submit(() -> write(store, random, done)));
        }
        try {
            Random random = new Random(SEED);
            for (int i = 0; i < PAGINGS; i++) {
                int limit = 1 + random.nextInt(12);
                assertThat(Histories.pageByPage(store, Histories.PRACTITIONERS, until, limit))
                        .as("pages of %d, seed %d", limit, SEED)
                        .containsExactlyInAnyOrderElementsOf(written);
                assertThat(Histories.pageByPage(store, new HistoryQuery.Resource(key("p0")), until, limit))
                        .as("pages of %d, seed %d", limit, SEED)
                        .containsExactly("p0/5", "p0/4", "p0/3", "p0/2", "p0/1");
            }
        } finally {
            done.set(true);
            writers.shutdown();
        }
        for (Future<?> writer : running) {
            writer.get();
        }
    }

    private static void write(ResourceStore store, Random random, AtomicBoolean done) {
        while (!done.get()) {
            ResourceKey key = key("p" + random.nextInt(IDS));
            if (random.nextInt(5) == 0) {
                store.delete(Caller.everyone(), key, Precondition.none());
            } else {
                Histories.put(store, key, random.nextInt());
            }
        }
    }

    /** Returns once everything that is written gets a later instant. */
    private static void awaitLater(ResourceStore store, Instant instant) {
        ResourceKey other = new ResourceKey("Organization", "o1");
        Awaitility.await()
                .until(() ->
                        Histories.put(store, other, System.nanoTime()).from().isAfter(instant));
    }

    private static ResourceKey key(String id) {
        return new ResourceKey("Practitioner", id);
    }
}
