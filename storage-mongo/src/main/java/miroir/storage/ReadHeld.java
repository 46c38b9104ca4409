package miroir.storage;

import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.Projections;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import miroir.index.search.Condition;
import miroir.index.store.Deadline;
import miroir.index.store.PagePosition;
import org.bson.BsonDocument;
import org.bson.BsonString;
import org.bson.RawBsonDocument;
import org.bson.codecs.BsonDocumentCodec;
import org.bson.conversions.Bson;

/**
 * Reads the content of versions that were found, wherever they are by now. Of what was erased nothing is read: the mark in current is
 * there before history is emptied, so that is looked at for every one of them.
 */
record ReadHeld(StoreDatabase database, String type, Deadline deadline) {

    /**
     * A version that held at some instant, and where in an order it stands.
     *
     * @param bytes how long it is as it is stored
     */
    record Held(String id, long version, PagePosition place, long bytes) {}

    /** These parts of them, in their order. */
    List<RawBsonDocument> run(List<Held> wanted, Bson parts) {
        Map<String, Held> byId = new HashMap<>();
        wanted.forEach(held -> byId.put(held.id(), held));
        Map<String, RawBsonDocument> found = new HashMap<>();
        for (RawBsonDocument document :
                read(database.current(type), Filters.in(StoredFields.ID, byId.keySet()), parts)) {
            Held held = Objects.requireNonNull(byId.get(id(document)));
            if (document.containsKey(StoredFields.ERASED)) {
                byId.remove(held.id());
            } else if (document.getNumber(StoredFields.VERSION).longValue() == held.version()) {
                found.put(held.id(), document);
            }
        }
        List<BsonDocument> superseded = byId.values().stream()
                .filter(held -> !found.containsKey(held.id()))
                .map(held -> HistoryIds.of(held.id(), held.version()))
                .toList();
        if (!superseded.isEmpty()) {
            read(database.history(type), Filters.in(StoredFields.ID, superseded), parts)
                    .forEach(document -> found.put(id(document), asInCurrent(document)));
        }
        return wanted.stream()
                .map(Held::id)
                .filter(found::containsKey)
                .map(found::get)
                .toList();
    }

    /** Those of them that were erased, by their ids. */
    Set<String> erased(Collection<String> ids) {
        return matching(ids, Filters.eq(StoredFields.ERASED, true));
    }

    /** Those of them whose resource is within a scope by now. */
    List<Held> within(List<Held> superseded, Condition scope) {
        Set<String> within = matching(superseded.stream().map(Held::id).toList(), RenderFilter.within(scope));
        return superseded.stream().filter(held -> within.contains(held.id())).toList();
    }

    private Set<String> matching(Collection<String> ids, Bson filter) {
        Set<String> matching = new HashSet<>();
        for (List<String> some : Chunks.of(List.copyOf(ids), each -> 1, FindDrivers.MERGED_VALUES)) {
            Bson among = Filters.and(Filters.in(StoredFields.ID, some), filter);
            read(database.current(type), among, Projections.include(StoredFields.ID))
                    .forEach(document -> matching.add(id(document)));
        }
        return matching;
    }

    private List<RawBsonDocument> read(MongoCollection<RawBsonDocument> collection, Bson filter, Bson parts) {
        return collection
                .find(filter)
                .projection(Projections.fields(parts, Projections.include(StoredFields.VERSION, StoredFields.ERASED)))
                .hint(TypeIndexes.IDS)
                .maxTime(TimeLeft.millis(deadline), TimeUnit.MILLISECONDS)
                .into(new ArrayList<>());
    }

    /** A version with the id that it had when it was current. */
    private static RawBsonDocument asInCurrent(RawBsonDocument superseded) {
        BsonDocument document = new BsonDocument(StoredFields.ID, new BsonString(id(superseded)));
        superseded.forEach(document::putIfAbsent);
        return new RawBsonDocument(document, new BsonDocumentCodec());
    }

    private static String id(RawBsonDocument document) {
        return HistoryIds.ofEither(document).getValue();
    }
}
