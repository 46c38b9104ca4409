package miroir.storage;

import com.mongodb.MongoException;
import com.mongodb.client.ChangeStreamIterable;
import com.mongodb.client.MongoChangeStreamCursor;
import com.mongodb.client.model.Aggregates;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.Projections;
import com.mongodb.client.model.changestream.ChangeStreamDocument;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.bson.RawBsonDocument;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A bell: says of which types something was committed, soon after it was, where MongoDB has change streams. It may ring too often, and where the stream breaks it
 * rings for all types once there is another one; nobody may rely on it for anything but to look sooner. So it needs no resume token, and none can be too old.
 */
public final class WatchCommits implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(WatchCommits.class);
    private static final Duration PAUSE = Duration.ofSeconds(5);
    private static final Duration AWAIT = Duration.ofSeconds(1);

    private final StoreDatabase database;
    private final Set<String> types;
    private final Consumer<Set<String>> ring;
    private final Thread thread = new Thread(this::watch, "watch-commits");
    private volatile boolean isWatching;
    private volatile boolean closed;

    WatchCommits(StoreDatabase database, Set<String> types, Consumer<Set<String>> ring) {
        this.database = database;
        this.types = Set.copyOf(types);
        this.ring = ring;
        thread.setDaemon(true);
    }

    WatchCommits start() {
        thread.start();
        return this;
    }

    /** Whether there is a stream at the moment. */
    public boolean isWatching() {
        return isWatching;
    }

    private void watch() {
        while (!closed) {
            try {
                if (database.hasTransactions()) {
                    follow();
                }
            } catch (MongoException | IllegalStateException e) {
                LOG.debug("the stream of changes broke", e);
            }
            isWatching = false;
            try {
                TimeUnit.NANOSECONDS.sleep(PAUSE.toNanos());
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private void follow() {
        ChangeStreamIterable<RawBsonDocument> stream = database.database()
                .watch(
                        List.of(
                                Aggregates.match(Filters.and(
                                        Filters.in("operationType", "insert", "update", "replace"),
                                        Filters.in("ns.coll", types))),
                                Aggregates.project(Projections.include("operationType", "ns"))),
                        RawBsonDocument.class)
                .maxAwaitTime(AWAIT.toMillis(), TimeUnit.MILLISECONDS);
        try (MongoChangeStreamCursor<ChangeStreamDocument<RawBsonDocument>> cursor = stream.cursor()) {
            isWatching = true;
            ring.accept(types);
            while (!closed) {
                ChangeStreamDocument<RawBsonDocument> first = cursor.tryNext();
                Set<String> rung = new HashSet<>();
                add(rung, first);
                while (first != null && cursor.available() > 0) {
                    add(rung, cursor.tryNext());
                }
                if (!rung.isEmpty()) {
                    ring.accept(rung);
                }
            }
        }
    }

    private static void add(Set<String> rung, @Nullable ChangeStreamDocument<RawBsonDocument> change) {
        if (change != null && change.getNamespace() != null) {
            rung.add(change.getNamespace().getCollectionName());
        }
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
    }
}
