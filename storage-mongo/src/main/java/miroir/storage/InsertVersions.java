package miroir.storage;

import com.mongodb.MongoCommandException;
import com.mongodb.MongoWriteException;
import com.mongodb.client.model.BulkWriteOptions;
import com.mongodb.client.model.DeleteManyModel;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.ReplaceOneModel;
import com.mongodb.client.model.WriteModel;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import miroir.index.store.ResourceKey;
import org.bson.RawBsonDocument;
import org.bson.conversions.Bson;

/**
 * Puts versions from elsewhere into current and history as they are; what is there already stays. They are inserted many at a time, which fails as a whole where one is there, as when
 * a part is put in again; only then are they inserted where they are missing. The database applies none of it after the right to do it is over ({@link InTime}).
 */
final class InsertVersions {
    /** A command holds 16 MB. */
    private static final int CHUNK_BYTES = 6 * 1024 * 1024;

    private static final BulkWriteOptions IN_ANY_ORDER = new BulkWriteOptions().ordered(false);

    private final StoreDatabase database;
    private final MovedDocuments documents;

    InsertVersions(StoreDatabase database, MovedDocuments documents) {
        this.database = database;
        this.documents = documents;
    }

    /** Those that cannot be found by what they say, by id, and whether they are current. */
    Map<String, Boolean> run(String type, List<MovedVersion> versions, Instant until) {
        List<RawBsonDocument> current = new ArrayList<>();
        List<RawBsonDocument> history = new ArrayList<>();
        Map<String, Boolean> unfound = new HashMap<>();
        for (MovedVersion version : versions) {
            MovedDocuments.Made made = documents.of(type, version);
            boolean isCurrent = version.to() == null;
            (isCurrent ? current : history).add(made.document());
            if (!made.isFound()) {
                unfound.merge(version.id(), isCurrent, Boolean::logicalOr);
            }
        }
        // History first: what has a current document has its earlier versions.
        insert(StoreDatabase.historyName(type), history, until);
        insert(type, current, until);
        return unfound;
    }

    private void insert(String collection, List<RawBsonDocument> all, Instant until) {
        for (List<RawBsonDocument> chunk :
                Chunks.of(all, each -> each.getByteBuffer().remaining(), CHUNK_BYTES)) {
            if (chunk.size() == 1) {
                insertOne(collection, chunk.get(0), until);
            } else {
                insertSome(collection, chunk, until);
            }
        }
    }

    private void insertSome(String collection, List<RawBsonDocument> some, Instant until) {
        try {
            write(InTime.insertAll(collection, some, until), until);
        } catch (MongoCommandException e) {
            if (!Refusing.isDuplicateKey(e)) {
                throw e;
            }
            write(InTime.insertMissing(collection, some, until), until);
        }
    }

    private void write(List<Bson> pipeline, Instant until) {
        try {
            database.database()
                    .aggregate(pipeline)
                    .maxTime(database.operationTimeout().toMillis(), TimeUnit.MILLISECONDS)
                    .toCollection();
        } catch (MongoCommandException e) {
            throw InTime.isLate(e) ? HeldFilling.late(until) : e;
        }
    }

    private void insertOne(String collection, RawBsonDocument one, Instant until) {
        Bson nothingYet = Filters.and(
                Filters.eq(StoredFields.ID, one.get(StoredFields.ID)), Filters.exists(StoredFields.VERSION, false));
        try {
            database.database()
                    .getCollection(collection, RawBsonDocument.class)
                    .updateOne(nothingYet, InTime.insert(one, until), InTime.UPSERT);
        } catch (MongoWriteException e) {
            if (InTime.isLate(e)) {
                throw HeldFilling.late(until);
            }
            if (!Refusing.isDuplicateKey(e)) {
                throw e;
            }
            // It is there.
        }
    }

    /** Puts what erasures left in the place of what is there, and removes what history has. */
    void erased(String type, List<MovedVersion> marks, Instant until) {
        List<RawBsonDocument> made =
                marks.stream().map(mark -> documents.of(type, mark).document()).toList();
        List<WriteModel<RawBsonDocument>> inPlace = new ArrayList<>();
        List<WriteModel<RawBsonDocument>> removed = new ArrayList<>();
        Bson inTime = InTime.condition(until);
        for (RawBsonDocument mark : made) {
            String id = mark.getString(StoredFields.ID).getValue();
            Bson other =
                    Filters.and(Filters.eq(StoredFields.ID, id), Filters.exists(StoredFields.ERASED, false), inTime);
            inPlace.add(new ReplaceOneModel<>(other, mark));
            removed.add(new DeleteManyModel<>(Filters.and(HistoryIds.all(new ResourceKey(type, id)), inTime)));
        }
        if (!made.isEmpty()) {
            database.current(type).bulkWrite(inPlace, IN_ANY_ORDER);
            insert(type, made, until);
            database.history(type).bulkWrite(removed, IN_ANY_ORDER);
        }
    }
}
