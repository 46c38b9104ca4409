package miroir.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.mongodb.event.CommandListener;
import com.mongodb.event.CommandStartedEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import miroir.index.search.Condition;
import miroir.index.store.Caller;
import miroir.index.store.ContractFields;
import miroir.index.store.Deadline;
import miroir.index.store.ResourceKey;
import miroir.index.store.Total;
import miroir.index.store.TotalQuery;
import miroir.storage.testing.MongoExtension;
import miroir.storage.testing.TestDatabase;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Whatever takes long, and however often it is asked for, what takes milliseconds finds a connection. */
@ExtendWith(MongoExtension.class)
final class SlowSearchesIT {
    private static final ResourceKey KEY = new ResourceKey("Practitioner", "p1");
    private static final int CONNECTIONS = 4;
    private static final int CALLERS = 3 * CONNECTIONS;
    private static final Set<Thread.State> WAITING = EnumSet.of(Thread.State.WAITING, Thread.State.TIMED_WAITING);

    private final SlowCommands slow = new SlowCommands();
    private final List<Thread> threads = new CopyOnWriteArrayList<>();
    private final ExecutorService callers = Executors.newFixedThreadPool(CALLERS, task -> {
        Thread thread = new Thread(task);
        threads.add(thread);
        return thread;
    });
    private MongoResourceStore store;

    /** Has commands of one name stand still with the connection that they were given. */
    private static final class SlowCommands implements CommandListener {
        private final CountDownLatch over = new CountDownLatch(1);
        private final AtomicInteger standing = new AtomicInteger();
        private volatile String name = "none";

        @Override
        public void commandStarted(CommandStartedEvent event) {
            if (event.getCommandName().equals(name)
                    && Thread.currentThread().getName().startsWith("Thread-")) {
                standing.incrementAndGet();
                try {
                    over.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
        }
    }

    @BeforeEach
    void open(TestDatabase test) {
        String uri = test.uri() + (test.uri().contains("?") ? "&" : "/?") + "maxPoolSize=" + CONNECTIONS;
        MongoStoreSettings settings = MongoStoreSettings.of(
                uri, test.name(), ContractFields.registry().types());
        store = MongoResourceStore.open(
                new StoreDatabase(settings, List.of(slow)),
                settings,
                ContractFields.registry(),
                new ContractFields(),
                FloorTerms.usual());
        OpenStores.awaitReady(store);
        Histories.put(store, KEY, "one");
    }

    @AfterEach
    void close() throws Exception {
        slow.over.countDown();
        callers.shutdown();
        assertThat(callers.awaitTermination(1, TimeUnit.MINUTES)).isTrue();
        store.close();
    }

    @Test
    void counts_moreThanThereAreConnections_leaveHalfOfThemToReadsAndWrites() throws Exception {
        slow.name = "aggregate";
        List<Future<Total>> counts = new ArrayList<>();
        for (int i = 0; i < CALLERS; i++) {
            counts.add(callers.submit(() -> store.count(Caller.everyone(), all())));
        }
        awaitStandstill(CONNECTIONS / 2);

        assertThat(store.read(Caller.everyone(), KEY)).isPresent();
        assertThat(Histories.put(store, KEY, "two").version()).isEqualTo(2);
        assertThat(slow.standing).hasValue(CONNECTIONS / 2);

        slow.over.countDown();
        for (Future<Total> count : counts) {
            assertThat(count.get()).isEqualTo(new Total(1, true));
        }
    }

    /** What a follower, a probe and a writer's floor need has connections of its own. */
    @Test
    void everyConnectionTaken_readinessAndFloorsAreAsEver() throws Exception {
        slow.name = "find";
        for (int i = 0; i < CALLERS; i++) {
            callers.execute(() -> assertThat(store.read(Caller.everyone(), KEY)).isPresent());
        }
        awaitStandstill(CONNECTIONS);

        assertThat(store.readiness().ready()).isTrue();
        Instant settled = store.settled(Caller.everyone(), Duration.ZERO, Deadline.in(Duration.ofMinutes(1)));
        await().untilAsserted(() -> assertThat(
                        store.settled(Caller.everyone(), Duration.ofSeconds(1), Deadline.in(Duration.ofMinutes(1))))
                .isAfter(settled));
    }

    private void awaitStandstill(int atLeast) {
        await().atMost(Duration.ofMinutes(1))
                .until(() -> slow.standing.get() >= atLeast
                        && threads.stream().allMatch(thread -> WAITING.contains(thread.getState())));
    }

    private static TotalQuery all() {
        return TotalQuery.all("Practitioner", Condition.all(), null, Deadline.in(Duration.ofMinutes(5)));
    }
}
