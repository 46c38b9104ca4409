package miroir.storage;

import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.Projections;
import com.mongodb.client.model.Sorts;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import miroir.index.store.Deadline;
import org.bson.BsonDocument;
import org.bson.RawBsonDocument;
import org.bson.conversions.Bson;

/** Where resources of a type stand, from indexes alone: needs those of {@link TypeIndexes#ofPositions}. */
final class FindPositions {
    private static final Bson ONLY_POSITION =
            Projections.fields(Projections.include(StoredFields.POSITION), Projections.excludeId());

    private final StoreDatabase database;

    FindPositions(StoreDatabase database) {
        this.database = database;
    }

    /** The position of the so many-th live resource after another position; empty where there are fewer. */
    OptionalLong after(String type, long position, int many, Deadline deadline) {
        RawBsonDocument found = database.current(type)
                .find(Filters.gt(StoredFields.POSITION, position))
                .projection(ONLY_POSITION)
                .sort(Sorts.ascending(StoredFields.POSITION))
                .hint(TypeIndexes.ofPositions().get(0).keys())
                .skip(many - 1)
                .limit(1)
                .maxTime(TimeLeft.millis(deadline), TimeUnit.MILLISECONDS)
                .first();
        return found == null
                ? OptionalLong.empty()
                : OptionalLong.of(found.getNumber(StoredFields.POSITION).longValue());
    }

    /** The largest of all that are in use: of what is there, of what was, and of what is deleted; 0: there are none. */
    long last(String type) {
        return Math.max(
                largest(database.current(type), Filters.gt(StoredFields.POSITION, 0L), StoredFields.POSITION),
                Math.max(
                        largest(database.history(type), Filters.gt(StoredFields.POSITION, 0L), StoredFields.POSITION),
                        largest(
                                database.current(type),
                                Filters.eq(StoredFields.DELETED, true),
                                StoredFields.POSITION_KEPT)));
    }

    private static long largest(MongoCollection<RawBsonDocument> collection, Bson among, String field) {
        BsonDocument last = collection
                .find(among)
                .projection(Projections.fields(Projections.include(field), Projections.excludeId()))
                .sort(Sorts.descending(field))
                .first();
        return last == null ? 0 : last.getNumber(field).longValue();
    }
}
