package miroir.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import miroir.index.Refusal;
import miroir.index.store.Caller;
import miroir.index.store.ContractFields;
import miroir.index.store.Deadline;
import miroir.index.store.Precondition;
import miroir.index.store.ResourceKey;
import miroir.index.store.ResourceVersion;
import miroir.storage.testing.LocalMongod;
import miroir.storage.testing.TestDatabase;
import miroir.storage.testing.TestMongod;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.bson.RawBsonDocument;
import org.junit.jupiter.api.Test;

/** A MongoDB that is no replica set: no transactions, and references hold all the same. */
final class StandAloneIT {
    private static final Caller EVERYONE = Caller.everyone();
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
            refused(Refusal.Reason.CONFLICT, () -> put(store, "a", reference("none")));
            put(store, "b", "");
            put(store, "a", reference("b"));
            refused(Refusal.Reason.CONFLICT, () -> delete(store, "b"));

            ExecutorService clients = Executors.newFixedThreadPool(2);
            for (int round = 0; round < ROUNDS; round++) {
                String target = "t" + round;
                put(store, target, "");
                List<Future<Boolean>> outcomes = clients.invokeAll(List.of(
                        attempt(() -> put(store, "of-" + target, reference(target))),
                        attempt(() -> delete(other, target))));
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

    private static Callable<Boolean> attempt(Runnable work) {
        return () -> {
            try {
                work.run();
                return true;
            } catch (Refusal refused) {
                assertThat(refused.reason()).as(refused.getMessage()).isEqualTo(Refusal.Reason.CONFLICT);
                return false;
            }
        };
    }

    private static void refused(Refusal.Reason reason, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        Refusal.class, refusal -> assertThat(refusal.reason()).isEqualTo(reason));
    }

    private static String reference(String id) {
        return ", partOf: {reference: 'Organization/" + id + "'}";
    }

    private static void put(MongoResourceStore store, String id, String more) {
        store.put(
                EVERYONE,
                new ResourceKey("Organization", id),
                RawBsonDocument.parse("{resourceType: 'Organization', id: '" + id + "', name: 'n'" + more + "}"),
                Precondition.none());
    }

    private static void delete(MongoResourceStore store, String id) {
        store.delete(EVERYONE, new ResourceKey("Organization", id), Precondition.none());
    }

    private static boolean isLive(MongoResourceStore store, String id) {
        Optional<ResourceVersion> found = store.read(EVERYONE, new ResourceKey("Organization", id));
        return found.isPresent() && found.get() instanceof ResourceVersion.Live;
    }
}
