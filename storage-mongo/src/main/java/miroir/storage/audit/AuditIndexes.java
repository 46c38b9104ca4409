package miroir.storage.audit;

import com.mongodb.client.MongoCollection;
import com.mongodb.client.MongoDatabase;
import com.mongodb.client.model.IndexOptions;
import com.mongodb.client.model.Indexes;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import miroir.index.store.KeptAudit;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonInt64;
import org.bson.BsonString;
import org.bson.BsonValue;
import org.jspecify.annotations.Nullable;

/** The indexes by which notes are found, and the one by which they go; the time after which they do is changed while servers run. */
final class AuditIndexes {
    private static final String EXPIRE = "expireAfterSeconds";
    private static final BsonDocument BY_AGE = new BsonDocument(AuditDocuments.AT, new BsonInt32(1));

    private final MongoDatabase database;
    private final MongoCollection<BsonDocument> notes;

    AuditIndexes(MongoDatabase database, MongoCollection<BsonDocument> notes) {
        this.database = database;
        this.notes = notes;
    }

    void prepare(@Nullable Duration retention) {
        for (String field :
                List.of(KeptAudit.WHO, KeptAudit.INTERACTION, KeptAudit.TYPE, KeptAudit.ID, KeptAudit.OUTCOME)) {
            notes.createIndex(Indexes.ascending(field, AuditDocuments.KEY));
        }
        BsonDocument found = byAge();
        if (retention == null) {
            if (found != null) {
                notes.dropIndex(BY_AGE);
            }
        } else if (found == null) {
            notes.createIndex(BY_AGE, new IndexOptions().expireAfter(retention.toSeconds(), TimeUnit.SECONDS));
        } else if (seconds(found) != retention.toSeconds()) {
            database.runCommand(new BsonDocument(
                            "collMod", new BsonString(notes.getNamespace().getCollectionName()))
                    .append(
                            "index",
                            new BsonDocument("keyPattern", BY_AGE)
                                    .append(EXPIRE, new BsonInt64(retention.toSeconds()))));
        }
    }

    private @Nullable BsonDocument byAge() {
        for (BsonDocument index : notes.listIndexes(BsonDocument.class)) {
            if (index.getDocument("key").keySet().equals(BY_AGE.keySet())) {
                return index;
            }
        }
        return null;
    }

    private static long seconds(BsonDocument index) {
        BsonValue seconds = index.get(EXPIRE);
        return seconds != null && seconds.isNumber() ? seconds.asNumber().longValue() : -1;
    }
}
