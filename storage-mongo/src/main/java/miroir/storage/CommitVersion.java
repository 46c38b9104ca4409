package miroir.storage;

import com.mongodb.DuplicateKeyException;
import com.mongodb.MongoWriteException;
import com.mongodb.client.model.Filters;
import java.util.List;
import miroir.index.store.ResourceKey;
import org.bson.RawBsonDocument;

/**
 * Makes a version the current one, without a transaction and without losing any.
 *
 * <p>The problem: two writers that read the same version must not both succeed, and a crash between two writes must not
 * lose the version that is replaced. The order does it:
 *
 * <ol>
 *   <li>the current document was read, live or deleted;
 *   <li>it is inserted into history under {@code {id, v}}. Content never changes, so whoever does it first does it for all,
 *       and a crash after it leaves a copy that the next writer finds there;
 *   <li>the current document is replaced where it still has version {@code v}. One of several writers matches; the others
 *       read again;
 *   <li>the winner writes into history until when the version held. Should a crash forbid it, the instant is known from
 *       the successor, and the next write to the resource, which looks one version further back, or {@link RepairHistory}
 *       completes it.
 * </ol>
 *
 * <p>The cost is four round trips for an update and two for a create. A multi-document transaction would be five times as
 * dear for mongod and still fail for one of two writers.
 */
final class CommitVersion implements MakeCurrent {
    private final StoreDatabase database;
    private final KeepVersions keepVersions;
    private final EndVersions endVersions;

    CommitVersion(StoreDatabase database) {
        this.database = database;
        this.keepVersions = new KeepVersions(database);
        this.endVersions = new EndVersions(database);
    }

    @Override
    public boolean first(ResourceKey key, RawBsonDocument document, CommitInstant instant) {
        try {
            return inserted(() -> database.current(key.type())
                    .updateOne(InTime.nothingYet(key.id()), InTime.insert(document, instant), InTime.UPSERT));
        } catch (MongoWriteException e) {
            if (InTime.isLate(e)) {
                return false;
            }
            throw e;
        }
    }

    @Override
    public boolean next(StoredVersion before, RawBsonDocument document, CommitInstant instant) {
        keepVersions.run(before.version().key().type(), List.of(before));
        boolean won = inPlaceOf(before, document, instant);
        if (won) {
            endVersions.run(before.version().key().type(), List.of(before), instant.from());
        }
        return won;
    }

    /** The version after this one, which is not kept; false where somebody else was faster, or where it came too late. */
    boolean inPlaceOf(StoredVersion before, RawBsonDocument document, CommitInstant instant) {
        ResourceKey key = before.version().key();
        return database.current(key.type())
                        .replaceOne(
                                Filters.and(
                                        Filters.eq(StoredFields.ID, key.id()),
                                        Filters.eq(
                                                StoredFields.VERSION,
                                                before.version().version()),
                                        InTime.condition(instant)),
                                document)
                        .getMatchedCount()
                == 1;
    }

    private static boolean inserted(Runnable insert) {
        try {
            insert.run();
            return true;
        } catch (DuplicateKeyException e) {
            return false;
        } catch (MongoWriteException e) {
            if (Refusing.isDuplicateKey(e)) {
                return false;
            }
            throw e;
        }
    }
}
