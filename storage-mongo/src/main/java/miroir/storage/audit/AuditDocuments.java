package miroir.storage.audit;

import com.mongodb.ErrorCategory;
import com.mongodb.MongoBulkWriteException;
import com.mongodb.MongoClientSettings;
import com.mongodb.MongoException;
import com.mongodb.MongoExecutionTimeoutException;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.InsertManyOptions;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import miroir.index.Refusal;
import miroir.index.store.KeptAudit;
import miroir.index.store.NoteId;
import miroir.storage.MongoStoreSettings;
import org.bson.BsonBinary;
import org.bson.BsonDateTime;
import org.bson.BsonDocument;
import org.bson.UuidRepresentation;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notes in the collection {@code miroir_audit}, one document for what was asked and one for what came of it: {@code {_id, at, …}}, with the content beside.
 * Each is inserted once. Nothing here updates or deletes, and the user of the database need not have the right to.
 *
 * <p>It has connections of its own: what is to be noted does not wait for searches.
 */
public final class AuditDocuments implements KeptAudit {
    static final String KEY = "_id";

    /** By which MongoDB removes it; also of an outcome that of what was asked, so that both go together. */
    static final String AT = "at";

    private static final int CONNECTIONS = 4;

    private static final Logger LOG = LoggerFactory.getLogger(AuditDocuments.class);

    private final MongoClient client;
    private final MongoCollection<BsonDocument> notes;

    private AuditDocuments(MongoClient client, String database) {
        this.client = client;
        this.notes = client.getDatabase(database).getCollection("miroir_audit", BsonDocument.class);
    }

    /** Opens it in the database of a store, which need not be there yet. */
    public static AuditDocuments open(MongoStoreSettings settings) {
        MongoClient client = MongoClients.create(MongoClientSettings.builder(settings.clientSettings())
                .applyToConnectionPoolSettings(pool -> pool.minSize(0).maxSize(CONNECTIONS))
                .build());
        return new AuditDocuments(client, settings.database());
    }

    @Override
    public void prepare(@Nullable Duration retention) {
        failures("preparing the audit", () -> {
            new AuditIndexes(client.getDatabase(notes.getNamespace().getDatabaseName()), notes).prepare(retention);
            return true;
        });
    }

    @Override
    public void append(List<Note> all) {
        List<BsonDocument> documents =
                all.stream().map(AuditDocuments::document).toList();
        failures("noting", () -> {
            try {
                notes.insertMany(documents, new InsertManyOptions().ordered(false));
            } catch (MongoBulkWriteException e) {
                if (!isThereAlready(e)) {
                    throw e.getWriteConcernError() == null
                            ? new IllegalArgumentException("some of " + all.size() + " notes: " + e.getMessage(), e)
                            : e;
                }
            }
            return true;
        });
    }

    /** Whether an attempt before this one had done it. */
    private static boolean isThereAlready(MongoBulkWriteException e) {
        return e.getWriteConcernError() == null
                && e.getWriteErrors().stream()
                        .allMatch(error -> ErrorCategory.fromErrorCode(error.getCode()) == ErrorCategory.DUPLICATE_KEY);
    }

    @Override
    public Found find(Question question, boolean newestFirst, @Nullable NoteId after, int most) {
        return failures("reading the audit", () -> new SelectNotes(notes, question, newestFirst, after).select(most));
    }

    static BsonBinary key(NoteId id) {
        return new BsonBinary(id.uuid(), UuidRepresentation.STANDARD);
    }

    private static BsonDocument document(Note note) {
        BsonDocument document = new BsonDocument(KEY, key(note.id()))
                .append(AT, new BsonDateTime(note.id().at().toEpochMilli()));
        document.putAll(note.content());
        return document;
    }

    static Note note(BsonDocument document) {
        BsonDocument content = document.clone();
        content.remove(KEY);
        content.remove(AT);
        return new Note(id(document), content);
    }

    static NoteId id(BsonDocument document) {
        return new NoteId(document.getBinary(KEY).asUuid(UuidRepresentation.STANDARD));
    }

    private static <T> T failures(String asked, Supplier<T> call) {
        try {
            return call.get();
        } catch (MongoExecutionTimeoutException e) {
            throw new Refusal(
                    Refusal.Reason.TOO_COSTLY,
                    "there was not enough time for " + asked + ": say from when (from) to when (to)");
        } catch (MongoException e) {
            LOG.warn("{} failed: {}", asked, e.getMessage());
            throw new Refusal(
                    Refusal.Reason.NOT_READY, "the audit does not answer at the moment (" + asked + "): try again");
        }
    }

    @Override
    public void close() {
        client.close();
    }
}
