package miroir.benchmarks;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.stream.LongStream;
import miroir.index.store.ResourceKey;
import miroir.simulator.Directory;
import miroir.simulator.Kind;
import miroir.storage.FirstLoad;
import miroir.storage.Mirrored;
import miroir.storage.MongoResourceStore;
import miroir.sync.run.RunSettings;
import org.bson.RawBsonDocument;

/** Fills a database with all of a made-up directory, as its synchronisation would. */
public record DirectoryLoad(String uri, String name, Consumer<String> progress) {
    private static final int WRITERS = 4;
    private static final int BATCH = 200;
    private static final Instant UPDATED = Instant.parse("2026-11-01T00:00:00Z");

    /** Returns when everything is stored. */
    public void run(Directory directory) throws InterruptedException, ExecutionException {
        try (Database database = Database.open(uri, name)) {
            for (Kind kind : Kind.values()) {
                long began = System.nanoTime();
                loadFirst(database.store(), directory, kind);
                progress.accept("%d of %s in %d s"
                        .formatted(directory.size(kind), kind.type(), (System.nanoTime() - began) / 1_000_000_000));
            }
        }
    }

    private static void loadFirst(MongoResourceStore store, Directory directory, Kind kind)
            throws InterruptedException, ExecutionException {
        boolean isMuch = directory.size(kind) >= RunSettings.standard().indexesLast();
        try (FirstLoad load = isMuch ? store.mirrored().firstLoad(kind.type()).orElseThrow() : null) {
            load(store, directory, kind);
            if (load != null) {
                load.finish();
            }
        }
    }

    private static void load(MongoResourceStore store, Directory directory, Kind kind)
            throws InterruptedException, ExecutionException {
        ExecutorService writers = Executors.newFixedThreadPool(WRITERS);
        try {
            List<Future<?>> batches = new ArrayList<>();
            for (long first = 0; first < directory.size(kind); first += BATCH) {
                long from = first;
                long end = Math.min(first + BATCH, directory.size(kind));
                batches.add(writers.submit(() -> takeIn(store, directory, kind, from, end)));
            }
            for (Future<?> batch : batches) {
                batch.get();
            }
        } finally {
            writers.shutdownNow();
        }
    }

    private static void takeIn(MongoResourceStore store, Directory directory, Kind kind, long from, long end) {
        List<Mirrored> batch = LongStream.range(from, end)
                .mapToObj(number -> mirrored(kind, directory.resource(kind, number)))
                .toList();
        store.mirrored().ingest("bench", kind.type(), batch, Instant.now().plus(Duration.ofMinutes(10)));
    }

    private static Mirrored mirrored(Kind kind, RawBsonDocument resource) {
        return new Mirrored(
                new ResourceKey(kind.type(), resource.getString("id").getValue()), resource, UPDATED);
    }
}
