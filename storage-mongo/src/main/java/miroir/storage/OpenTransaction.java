package miroir.storage;

import com.mongodb.bulk.BulkWriteResult;
import com.mongodb.client.ClientSession;
import com.mongodb.client.model.BulkWriteOptions;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.InsertOneModel;
import com.mongodb.client.model.ReplaceOneModel;
import com.mongodb.client.model.WriteModel;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import miroir.index.Refusal;
import miroir.index.store.ResourceKey;
import org.bson.RawBsonDocument;
import org.jspecify.annotations.Nullable;

/**
 * One attempt at a transaction: what is to be written is collected, and sent type by type before something is searched, once it is
 * much, and in the end. All versions have the instant of the transaction, which begins with the first of them.
 */
final class OpenTransaction implements MakeCurrent, CommitInstants {
    /** What is written is as large as the body allows, and what it replaces as large as it is. */
    private static final long MOST_COLLECTED = 8 << 20;

    private static final BulkWriteOptions IN_ANY_ORDER = new BulkWriteOptions().ordered(false);

    private final StoreDatabase written;
    private final StoreDatabase read;
    private final Function<Instant, CommitInstant> begin;
    private final KeepVersions keepVersions;
    private final EndVersions endVersions;
    private final Map<String, Due> due = new LinkedHashMap<>();
    private final Set<ResourceKey> keys = new HashSet<>();
    private final List<Runnable> whenOver = new ArrayList<>();
    private long collected;
    private @Nullable CommitInstant instant;

    /** What is to be written of a type. */
    private record Due(List<WriteModel<RawBsonDocument>> writes, List<StoredVersion> replaced) {
        static Due nothing() {
            return new Due(new ArrayList<>(), new ArrayList<>());
        }
    }

    /**
     * Nothing yet.
     *
     * @param begin opens a commit whose instant is after this one
     */
    OpenTransaction(StoreDatabase database, ClientSession session, Function<Instant, CommitInstant> begin) {
        this.written = database.within(session, () -> {});
        this.read = database.within(session, this::send);
        this.begin = begin;
        this.keepVersions = new KeepVersions(written);
        this.endVersions = new EndVersions(written);
    }

    /** The database within the transaction, as it is with everything that was written so far. */
    StoreDatabase read() {
        return read;
    }

    /** The database within the transaction, without what is collected: enough for who looks at what he writes first. */
    StoreDatabase written() {
        return written;
    }

    @Override
    public <T> @Nullable T at(Instant previous, Function<CommitInstant, @Nullable T> write) {
        CommitInstant now = begun(previous);
        if (!previous.isBefore(now.from())) {
            throw new TransactionLost(previous);
        }
        return write.apply(now);
    }

    /** The instant of the versions; empty where there are none so far. */
    Optional<CommitInstant> instant() {
        return Optional.ofNullable(instant);
    }

    /** Has this done once the end of the transaction is known, whatever it was. */
    void whenOver(Runnable action) {
        whenOver.add(action);
    }

    /** Its end is known. */
    void over() {
        whenOver.forEach(Runnable::run);
    }

    private CommitInstant begun(Instant previous) {
        CommitInstant begun = instant;
        if (begun == null) {
            beginLimit();
            begun = begin.apply(previous);
            instant = begun;
        }
        return begun;
    }

    /**
     * MongoDB counts from the first command in a transaction how long it may take. Whoever stood still between choosing the
     * instant and that command could outlast the row that protects the instant, and commit all the same.
     */
    private void beginLimit() {
        written.guards().find(Filters.eq(StoredFields.ID, "")).first();
    }

    @Override
    public boolean first(ResourceKey key, RawBsonDocument document, CommitInstant now) {
        due(key).writes().add(new InsertOneModel<>(document));
        collected(size(document));
        return true;
    }

    @Override
    public boolean next(StoredVersion before, RawBsonDocument document, CommitInstant now) {
        ResourceKey key = before.version().key();
        Due ofType = due(key);
        ofType.writes()
                .add(new ReplaceOneModel<>(
                        Filters.and(
                                Filters.eq(StoredFields.ID, key.id()),
                                Filters.eq(
                                        StoredFields.VERSION, before.version().version())),
                        document));
        ofType.replaced().add(before);
        collected(size(document) + size(before.document()));
        return true;
    }

    private void collected(long bytes) {
        collected += bytes;
        if (collected >= MOST_COLLECTED) {
            send();
        }
    }

    private static long size(RawBsonDocument document) {
        return document.getByteBuffer().remaining();
    }

    /** Sends what was collected. */
    void send() {
        instant().ifPresent(now -> due.forEach((type, ofType) -> send(type, ofType, now)));
        due.clear();
        collected = 0;
    }

    private void send(String type, Due ofType, CommitInstant now) {
        if (!ofType.replaced().isEmpty()) {
            keepVersions.runWithin(type, ofType.replaced());
            endVersions.runWithin(type, ofType.replaced(), now.from());
        }
        BulkWriteResult result = written.current(type).bulkWrite(ofType.writes(), IN_ANY_ORDER);
        if (result.getMatchedCount() != ofType.replaced().size()) {
            throw new TransactionLost(Instant.EPOCH);
        }
    }

    private Due due(ResourceKey key) {
        if (!keys.add(key)) {
            throw new Refusal(
                    Refusal.Reason.INVALID, key + " would be written twice in one transaction; allowed is once");
        }
        return due.computeIfAbsent(key.type(), type -> Due.nothing());
    }
}
