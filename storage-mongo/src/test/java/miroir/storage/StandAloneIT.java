package miroir.storage;

import static miroir.storage.PartsOfOthers.attempt;
import static miroir.storage.PartsOfOthers.delete;
import static miroir.storage.PartsOfOthers.isLive;
import static miroir.storage.PartsOfOthers.put;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import miroir.index.Refusal;
import miroir.index.store.ContractFields;
import miroir.index.store.Deadline;
import miroir.storage.testing.LocalMongod;
import miroir.storage.testing.TestDatabase;
import miroir.storage.testing.TestMongod;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** A MongoDB that is no replica set: no transactions, and references hold all the same. */
final class StandAloneIT {
    private static final int ROUNDS = 3;

    @Test
    void references_withoutTransactions_areKept() throws Exception {
        try (LocalMongod mongod = LocalMongod.startAlone(TestMongod.binary());
                MongoResourceStore store = open(mongod);
                MongoResourceStore other = open(mongod)) {
            refused(
                    Refusal.Reason.NOT_SUPPORTED,
                    () -> store.inTransaction(
                            Set.of("Organization"), Deadline.in(Duration.ofSeconds(5)), within -> true));
            refused(Refusal.Reason.CONFLICT, () -> put(store, "a", "Organization/none"));
            put(store, "b", null);
            put(store, "a", "Organization/b");
            refused(Refusal.Reason.CONFLICT, () -> delete(store, "b"));

            ExecutorService clients = Executors.newFixedThreadPool(2);
            for (int round = 0; round < ROUNDS; round++) {
                String target = "t" + round;
                put(store, target, null);
                List<Future<Boolean>> outcomes = clients.invokeAll(List.of(
                        attempt(store, false, within -> put(within, "of-" + target, "Organization/" + target)),
                        attempt(other, false, within -> delete(within, target))));
                assertThat(outcomes.get(0).get()).isNotEqualTo(outcomes.get(1).get());
                assertThat(isLive(store, target)).isEqualTo(isLive(store, "of-" + target));
            }
            clients.shutdown();
        }
    }

    private static MongoResourceStore open(LocalMongod mongod) {
        MongoResourceStore store = MongoResourceStore.open(
                OpenStores.settings(new TestDatabase(mongod.uri(), "alone"))
                        .withIntegrity(new IntegritySettings(true, true)),
                ContractFields.registry(),
                new ContractFields());
        OpenStores.awaitReady(store);
        return store;
    }

    private static void refused(Refusal.Reason reason, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        Refusal.class, refusal -> assertThat(refusal.reason()).isEqualTo(reason));
    }
}
