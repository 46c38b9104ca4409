package miroir.storage;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import miroir.index.Refusal;
import miroir.index.store.Caller;
import miroir.index.store.ContractFields;
import miroir.index.store.Precondition;
import miroir.index.store.ResourceKey;
import miroir.index.store.ResourceStore;
import miroir.index.store.Written;
import miroir.storage.testing.TestDatabase;
import org.bson.RawBsonDocument;

/**
 * A process that writes, and says on its output what was acknowledged: {@code acknowledged id version}. Most writes create, so that
 * each can be missed by itself; the others update a few resources that all writers share.
 */
final class WritersMain {
    static final String ACKNOWLEDGED = "acknowledged";
    private static final int SHARED = 20;
    private static final Object OUTPUT = new Object();

    /** Short ones, so that a process that is stopped is ignored within a test. */
    static final FloorTerms TERMS = new FloorTerms(
            Duration.ofSeconds(2),
            Duration.ofSeconds(1),
            Duration.ofSeconds(5),
            Duration.ofSeconds(1),
            Duration.ofMillis(25),
            Duration.ofMillis(500));

    private WritersMain() {}

    /** {@code uri database name writers writes seed}. */
    public static void main(String[] arguments) throws Exception {
        TestDatabase database = new TestDatabase(arguments[0], arguments[1]);
        String name = arguments[2];
        int writers = Integer.parseInt(arguments[3]);
        int writes = Integer.parseInt(arguments[4]);
        long seed = Long.parseLong(arguments[5]);
        ExecutorService threads = Executors.newFixedThreadPool(writers);
        try (ResourceStore store = MongoResourceStore.open(
                OpenStores.settings(database), ContractFields.registry(), new ContractFields(), TERMS)) {
            OpenStores.awaitReady(store);
            List<Callable<Void>> work = new ArrayList<>();
            for (int i = 0; i < writers; i++) {
                String writer = name + "-" + i;
                Random random = new Random(seed + writer.hashCode());
                work.add(() -> write(store, writer, writes, random));
            }
            for (Future<Void> done : threads.invokeAll(work)) {
                done.get();
            }
        }
        threads.shutdown();
    }

    private static Void write(ResourceStore store, String writer, int writes, Random random) {
        for (int i = 0; i < writes; i++) {
            String id = random.nextInt(4) == 0 ? "shared-" + random.nextInt(SHARED) : writer + "-" + i;
            RawBsonDocument fhir = RawBsonDocument.parse("{resourceType: 'Practitioner', id: '" + id + "', name: ['"
                    + Integer.toHexString(random.nextInt()) + "']}");
            try {
                say(store.put(Caller.everyone(), new ResourceKey("Practitioner", id), fhir, Precondition.none()));
            } catch (Refusal passing) {
                if (passing.reason() != Refusal.Reason.NOT_READY && passing.reason() != Refusal.Reason.CONFLICT) {
                    throw passing;
                }
            }
        }
        return null;
    }

    private static void say(Written written) {
        String line = ACKNOWLEDGED + " " + written.current().key().id() + " "
                + written.current().version();
        synchronized (OUTPUT) {
            System.out.println(line);
            System.out.flush();
        }
    }
}
