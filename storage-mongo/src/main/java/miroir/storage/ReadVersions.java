package miroir.storage;

import com.mongodb.client.FindIterable;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.MongoCursor;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.Projections;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import miroir.index.store.Deadline;
import miroir.index.store.ResourceKey;
import miroir.index.store.ResourceVersion;
import org.bson.RawBsonDocument;
import org.bson.conversions.Bson;

/**
 * The content of some versions of a type, wherever each is by now, told of while it is read: who follows the commits knows which versions he wants, and they may be large.
 *
 * <p>Current is read before history, so that what moves from one to the other meanwhile is met in one of them. Of what was erased nothing is told: the mark in current is
 * there before history is emptied.
 */
final class ReadVersions {
    private static final Bson PARTS =
            Projections.fields(SelectPage.SHOWN, Projections.include(StoredFields.OPERATION, StoredFields.ERASED));

    private final StoreDatabase database;

    ReadVersions(StoreDatabase database) {
        this.database = database;
    }

    /** At most one version of each resource may be wanted. */
    void run(String type, Collection<VersionId> versions, Deadline deadline, Consumer<ResourceVersion.Live> take) {
        Map<String, Long> wanted = new HashMap<>();
        versions.forEach(each -> wanted.put(each.id(), each.version()));
        if (wanted.isEmpty()) {
            return;
        }
        read(database.current(type), Filters.in(StoredFields.ID, wanted.keySet()), deadline, document -> {
            String id = id(document);
            if (document.containsKey(StoredFields.ERASED)) {
                wanted.remove(id);
            } else if (wanted.getOrDefault(id, 0L) == version(document)) {
                wanted.remove(id);
                tell(type, document, take);
            }
        });
        if (!wanted.isEmpty()) {
            Bson superseded = Filters.in(
                    StoredFields.ID,
                    wanted.entrySet().stream()
                            .map(each -> HistoryIds.of(each.getKey(), each.getValue()))
                            .toList());
            read(database.history(type), superseded, deadline, document -> tell(type, document, take));
        }
    }

    private static void tell(String type, RawBsonDocument document, Consumer<ResourceVersion.Live> take) {
        if (StoredVersion.of(new ResourceKey(type, id(document)), document).version()
                instanceof ResourceVersion.Live live) {
            take.accept(live);
        }
    }

    private static void read(
            MongoCollection<RawBsonDocument> collection,
            Bson filter,
            Deadline deadline,
            Consumer<RawBsonDocument> take) {
        FindIterable<RawBsonDocument> found = collection
                .find(filter)
                .projection(PARTS)
                .hint(TypeIndexes.IDS)
                .maxTime(TimeLeft.millis(deadline), TimeUnit.MILLISECONDS);
        try (MongoCursor<RawBsonDocument> cursor = found.iterator()) {
            while (cursor.hasNext()) {
                take.accept(cursor.next());
            }
        }
    }

    private static String id(RawBsonDocument document) {
        return HistoryIds.ofEither(document).getValue();
    }

    private static long version(RawBsonDocument document) {
        return document.getNumber(StoredFields.VERSION).longValue();
    }
}
