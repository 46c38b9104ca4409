package miroir.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import miroir.index.store.Caller;
import miroir.index.store.Precondition;
import miroir.index.store.ResourceKey;
import miroir.index.store.ResourceStore;
import miroir.simulator.Directory;
import miroir.simulator.Kind;
import org.bson.RawBsonDocument;

/** Fills a database with made-up practitioners of the size that the directory's have on average. */
final class LoadPractitioners {
    private static final long SEED = 20261121;
    private static final int WRITERS = 16;
    private static final int LEAST_BYTES = 3000;
    private static final int MOST_BYTES = 4500;
    private static final int DRAWN_PER_KEPT = 8;

    private final ResourceStore store;

    LoadPractitioners(ResourceStore store) {
        this.store = store;
    }

    /** Stores so many; returns their ids. */
    List<String> run(int count) throws InterruptedException, ExecutionException {
        List<RawBsonDocument> chosen = chosen(count);
        ExecutorService writers = Executors.newFixedThreadPool(WRITERS);
        try {
            List<Future<String>> ids = new ArrayList<>();
            chosen.forEach(resource -> ids.add(writers.submit(() -> put(resource))));
            List<String> stored = new ArrayList<>();
            for (Future<String> id : ids) {
                stored.add(id.get());
            }
            return stored;
        } finally {
            writers.shutdownNow();
        }
    }

    /** The same practitioners every time. */
    static List<RawBsonDocument> chosen(int count) {
        return new Directory(SEED, count * DRAWN_PER_KEPT)
                .resources(Kind.PRACTITIONER)
                .filter(LoadPractitioners::isTypical)
                .limit(count)
                .toList();
    }

    private static boolean isTypical(RawBsonDocument resource) {
        int bytes = resource.getByteBuffer().remaining();
        return bytes >= LEAST_BYTES && bytes <= MOST_BYTES;
    }

    private String put(RawBsonDocument resource) {
        String id = resource.getString("id").getValue();
        store.put(Caller.everyone(), new ResourceKey(Database.TYPE, id), resource, Precondition.none());
        return id;
    }
}
