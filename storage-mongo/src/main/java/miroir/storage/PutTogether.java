package miroir.storage;

import com.mongodb.MongoException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import miroir.index.store.Deadline;
import miroir.index.store.Put;
import miroir.index.store.PutOutcome;
import miroir.index.store.ResourceKey;
import miroir.index.store.ResourceVersion;
import miroir.index.store.Written;
import org.bson.RawBsonDocument;
import org.jspecify.annotations.Nullable;

/**
 * Puts several resources at once, each for itself.
 *
 * <p>The problem: a put by itself waits for the journal and a majority, and costs commands of its own. A batch of two hundred waited two hundred times.
 *
 * <p>The approach: what is plain is done together, by the steps of {@link CommitBatch}. What is there is read for all by one query. Ids that nobody used get their first
 * versions by one command, live resources of this server the next ones by three, all at one instant; what is the same already is done with. Everything else is left: a deletion,
 * an erased id, somebody else's copy, what the caller may not write, what cannot be made or is large, and who lost to another writer or came too late. Whoever asked puts that alone, by
 * {@link PutResource}. So there is one judge of what is refused, and what is done here is what he would have done.
 *
 * <p>Of a command whose end nobody knows nothing is left: put again, what was written would be said to be unchanged, or to exist already. All that was in it fails, as by itself it would have.
 *
 * <p>The cost: two commands for new resources, four for changed ones, one for those that are the same, however many there are.
 */
final class PutTogether {
    /** About what is sent at once. */
    private static final int CHUNK_BYTES = 4 * 1024 * 1024;

    private static final int MOST = 1_000;

    /** Of documents that are read or sent, where they turn out to be larger: a command holds 16 MB, and all of it is in memory. */
    private static final int MOST_AT_ONCE = 2 * CHUNK_BYTES;

    private final PrepareTypes prepareTypes;
    private final ReadCurrent readCurrent;
    private final TakePositions takePositions;
    private final CommitInstants commits;
    private final CommitBatch commitBatch;

    PutTogether(
            StoreDatabase database,
            PrepareTypes prepareTypes,
            ReadCurrent readCurrent,
            TakePositions takePositions,
            CommitInstants commits) {
        this.prepareTypes = prepareTypes;
        this.readCurrent = readCurrent;
        this.takePositions = takePositions;
        this.commits = commits;
        this.commitBatch = new CommitBatch(database);
    }

    /** What is to be written; {@code before} is null where the id was never used. */
    private record Plain(
            Put put,
            WriteScope scope,
            Content content,
            @Nullable StoredVersion before,
            long position) {
        NewVersion version(Instant from) {
            long version = before == null ? 1 : before.version().version() + 1;
            ResourceVersion.Origin origin = before == null ? put.whenNew() : ResourceVersion.Origin.UPDATED;
            return new NewVersion(put.key(), content, position, version, origin, from, null);
        }

        Instant previous() {
            return before == null ? Instant.EPOCH : before.version().from();
        }
    }

    /** The document of its version. */
    private record Made(Plain plain, RawBsonDocument document) {
        PutOutcome stored() {
            StoredVersion before = plain.before();
            ResourceVersion now = StoredVersion.of(plain.put().key(), document).version();
            return new PutOutcome.Stored(
                    before == null
                            ? new Written(now, Written.Effect.CREATED)
                            : new Written(now, Written.Effect.UPDATED, before.liveBytes()));
        }
    }

    /** What became of those that are done with, by their keys; the others are left. */
    Map<ResourceKey, PutOutcome> run(List<Put> puts, Function<ResourceKey, WriteScope> scopes, Deadline deadline) {
        Map<ResourceKey, PutOutcome> done = new HashMap<>();
        if (puts.stream().map(Put::key).distinct().count() < puts.size()) {
            return done;
        }
        puts.stream().collect(Collectors.groupingBy(put -> put.key().type())).forEach((type, ofType) -> {
            for (List<Put> chunk : Chunks.of(ofType, PutTogether::bytes, CHUNK_BYTES)) {
                if (chunk.size() > 1 && !deadline.remaining().isNegative()) {
                    put(type, chunk, scopes, done);
                }
            }
        });
        return done;
    }

    /** About what its document takes: with search fields twice the content. */
    private static int bytes(Put put) {
        return Math.max(2 * put.fhir().getByteBuffer().remaining(), CHUNK_BYTES / MOST);
    }

    private void put(
            String type, List<Put> chunk, Function<ResourceKey, WriteScope> scopes, Map<ResourceKey, PutOutcome> done) {
        List<Plain> first = new ArrayList<>();
        List<Plain> next = new ArrayList<>();
        try {
            prepareTypes.beforeWrite(type);
            Set<String> ids = chunk.stream().map(put -> put.key().id()).collect(Collectors.toSet());
            Optional<Map<String, StoredVersion>> there = readCurrent.whole(type, ids, MOST_AT_ONCE);
            if (there.isEmpty()) {
                return;
            }
            for (Put put : chunk) {
                StoredVersion before = there.get().get(put.key().id());
                WriteScope scope = scopes.apply(put.key());
                if (isPlain(put, scope, before)) {
                    judge(put, scope, before, before == null ? first : next, done);
                }
            }
        } catch (RuntimeException notNow) {
            // Nothing was written. Whoever comes alone is told why not.
            return;
        }
        write(type, first, done);
        write(type, next, done);
    }

    private static boolean isPlain(Put put, WriteScope scope, @Nullable StoredVersion before) {
        try {
            scope.requireComplete();
            if (before != null && before.isLive()) {
                scope.requireChangeable(before::meets);
            }
        } catch (RuntimeException refused) {
            return false;
        }
        return before == null || (before.isLive() && before.mirrored() == null && !put.isNew());
    }

    private void judge(
            Put put,
            WriteScope scope,
            @Nullable StoredVersion before,
            List<Plain> toWrite,
            Map<ResourceKey, PutOutcome> done) {
        Content content = new Content(put.fhir());
        if (before == null) {
            toWrite.add(new Plain(
                    put, scope, content, null, takePositions.next(put.key().type())));
        } else if (content.hash().equals(before.hash())) {
            Written unchanged = new Written(before.version(), Written.Effect.UNCHANGED, before.liveBytes());
            done.put(put.key(), new PutOutcome.Stored(unchanged));
        } else {
            toWrite.add(new Plain(put, scope, content, before, before.position()));
        }
    }

    /** All of them are first versions, or none is. */
    private void write(String type, List<Plain> plain, Map<ResourceKey, PutOutcome> done) {
        if (plain.isEmpty()) {
            return;
        }
        List<Made> sent = new ArrayList<>();
        Instant previous =
                plain.stream().map(Plain::previous).max(Instant::compareTo).orElseThrow();
        try {
            Set<String> won = commits.at(previous, instant -> {
                sent.addAll(made(plain, instant));
                Set<String> current = sent.isEmpty() ? Set.<String>of() : send(type, sent, instant);
                return current.isEmpty() ? null : current;
            });
            for (Made each : sent) {
                if (won != null && won.contains(each.plain().put().key().id())) {
                    done.put(each.plain().put().key(), each.stored());
                }
            }
        } catch (RuntimeException unknown) {
            PutOutcome failed =
                    PutOutcome.of(() -> Refusing.failures("writing " + sent.size() + " resources of " + type, () -> {
                        throw unknown;
                    }));
            sent.forEach(each -> done.put(each.plain().put().key(), failed));
        }
    }

    /** Those that can be made, and may be written. */
    private static List<Made> made(List<Plain> plain, CommitInstant instant) {
        List<Made> made = new ArrayList<>();
        long bytes = 0;
        for (Plain each : plain) {
            try {
                RawBsonDocument document = instant.documents().live(each.version(instant.from()));
                each.scope().requireWritable(document, each.before() != null);
                bytes += document.getByteBuffer().remaining();
                if (bytes > MOST_AT_ONCE) {
                    return made;
                }
                made.add(new Made(each, document));
            } catch (RuntimeException refused) {
                // So it is alone, where that is told.
            }
        }
        return made;
    }

    /** Returns the ids of those that are current now. */
    private Set<String> send(String type, List<Made> made, CommitInstant instant) {
        List<CommitBatch.Change> changes = new ArrayList<>();
        for (Made each : made) {
            StoredVersion before = each.plain().before();
            if (before != null) {
                changes.add(new CommitBatch.Change(instant.documents().upToDate(before), each.document()));
            }
        }
        List<RawBsonDocument> documents = made.stream().map(Made::document).toList();
        try {
            return changes.isEmpty()
                    ? commitBatch.first(type, documents, instant)
                    : commitBatch.next(type, changes, IngestResources.Age.ANY, instant);
        } catch (MongoException e) {
            if (Refusing.isKnown(e)) {
                // One that the database cannot store; what came of the others is known.
                return commitBatch.current(type, documents);
            }
            throw e;
        }
    }
}
