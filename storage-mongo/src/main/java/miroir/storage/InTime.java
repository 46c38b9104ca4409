package miroir.storage;

import com.mongodb.MongoCommandException;
import com.mongodb.MongoWriteException;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.UpdateOptions;
import java.time.Instant;
import java.util.List;
import org.bson.BsonArray;
import org.bson.BsonDateTime;
import org.bson.BsonDocument;
import org.bson.BsonNull;
import org.bson.BsonString;
import org.bson.BsonValue;
import org.bson.RawBsonDocument;
import org.bson.conversions.Bson;

/**
 * Makes a write carry the instant after which the database does not apply it. The one who sends it cannot know when it
 * arrives: between the last look at a clock and the socket a process may stop for minutes.
 *
 * <p>For a replacement that is a part of the filter, and costs nothing that could be measured. An insert has no filter, so
 * it is an upsert whose value is computed: the document where it is in time, and otherwise nothing, which MongoDB refuses.
 */
final class InTime {
    static final UpdateOptions UPSERT = new UpdateOptions().upsert(true);

    /** A value that is to replace the document is not a document. */
    private static final int NOT_A_DOCUMENT = 40228;

    /** What {@code $documents} is given is no list. */
    private static final int NO_LIST_OF_DOCUMENTS = 5858203;

    private InTime() {}

    /** Met until the commit is too late. */
    static Bson condition(CommitInstant instant) {
        return Filters.expr(isEarlier(instant.before()));
    }

    /** Met until then. */
    static Bson condition(Instant before) {
        return Filters.expr(isEarlier(before));
    }

    /** Met by no document; an upsert inserts, and where there is one it finds the key taken. */
    static Bson nothingYet(String id) {
        return Filters.and(Filters.eq(StoredFields.ID, id), Filters.exists(StoredFields.VERSION, false));
    }

    static List<Bson> insert(RawBsonDocument document, CommitInstant instant) {
        return insert(document, instant.before());
    }

    static List<Bson> insert(RawBsonDocument document, Instant before) {
        List<BsonValue> choice = List.of(isEarlier(before), new BsonDocument("$literal", document), BsonNull.VALUE);
        return List.of(new BsonDocument("$replaceWith", new BsonDocument("$cond", new BsonArray(choice))));
    }

    static boolean isLate(MongoWriteException e) {
        return e.getCode() == NOT_A_DOCUMENT;
    }

    /**
     * Inserts many at once, for half of what as many upserts would cost: a pipeline that begins with the documents, where it is
     * in time, and otherwise with what is no list of documents, which MongoDB refuses.
     */
    static List<Bson> insertAll(String collection, List<? extends BsonDocument> documents, Instant before) {
        return insertAll(collection, documents, before, "fail");
    }

    /** The same, though what is there already stays as it is. */
    static List<Bson> insertMissing(String collection, List<? extends BsonDocument> documents, Instant before) {
        return insertAll(collection, documents, before, "keepExisting");
    }

    /** Matched by the id, as is usual: to name it has MongoDB look for its index, which it may not see in a new collection. */
    private static List<Bson> insertAll(
            String collection, List<? extends BsonDocument> documents, Instant before, String whenMatched) {
        List<BsonValue> choice = List.of(
                isEarlier(before), new BsonDocument("$literal", new BsonArray(documents)), new BsonString("too late"));
        return List.of(
                new BsonDocument("$documents", new BsonDocument("$cond", new BsonArray(choice))),
                new BsonDocument(
                        "$merge",
                        new BsonDocument("into", new BsonString(collection))
                                .append("whenMatched", new BsonString(whenMatched))
                                .append("whenNotMatched", new BsonString("insert"))));
    }

    static boolean isLate(MongoCommandException e) {
        return e.getErrorCode() == NO_LIST_OF_DOCUMENTS;
    }

    private static BsonDocument isEarlier(Instant before) {
        return new BsonDocument(
                "$lt", new BsonArray(List.of(new BsonString("$$NOW"), new BsonDateTime(before.toEpochMilli()))));
    }
}
