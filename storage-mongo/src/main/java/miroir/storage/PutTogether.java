package miroir.storage;

import com.mongodb.MongoException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import miroir.index.Refusal;
import miroir.index.store.Deadline;
import miroir.index.store.Put;
import miroir.index.store.PutOutcome;
import miroir.index.store.ResourceKey;
import miroir.index.store.Written;
import org.bson.RawBsonDocument;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts several resources at once, each for itself.
 *
 * <p>The problem: a put by itself waits for the journal and a majority, and costs commands of its own. A batch of two hundred waited two hundred times.
 *
 * <p>The approach: what is plain is done together, by the steps of {@link CommitBatch}. What is there is read for all by one query. Ids that nobody used get their first
 * versions by one command, live resources of this server the next ones by three, all at one instant; what is the same already is done with. Everything else is left: a deletion,
 * an erased id, somebody else's copy, what the caller may not write, what cannot be made or is large, what has an instant ahead of the clock, which all would get, and who lost to another writer
 * or came too late twice. Whoever asked puts that alone, by {@link PutResource}. So there is one judge of what is refused, and what is done here is what he would have done.
 *
 * <p>Of a command whose end nobody knows nothing is left: put again, what was written would be said to be unchanged, or to exist already. All that was in it fails, as by itself it would have,
 * and nothing more is begun together.
 *
 * <p>In which order they are written is not told: new ones are before changed ones, and what is left comes last. Whoever is killed leaves any part of them.
 *
 * <p>The cost: two commands for new resources, four for changed ones, one for those that are the same, however many there are; and once more for those that lost.
 */
final class PutTogether {
    /** About what is sent at once. */
    private static final int CHUNK_BYTES = 4 * 1024 * 1024;

    private static final int MOST = 1_000;

    /** Of documents that are read or sent, where they turn out to be larger: a command holds 16 MB, and all of it is in memory. */
    private static final int MOST_AT_ONCE = 2 * CHUNK_BYTES;

    private static final Logger LOG = LoggerFactory.getLogger(PutTogether.class);

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

    private record Batch(Function<ResourceKey, WriteScope> scopes, Deadline deadline, PutsSoFar soFar) {
        boolean goesOn() {
            return !soFar.isStopped() && !deadline.remaining().isNegative();
        }
    }

    /** What became of them; the others are left. */
    PutsSoFar run(List<Put> puts, Function<ResourceKey, WriteScope> scopes, Deadline deadline) {
        Batch batch = new Batch(scopes, deadline, new PutsSoFar());
        if (puts.stream().map(Put::key).distinct().count() == puts.size()) {
            puts.stream()
                    .collect(Collectors.groupingBy(put -> put.key().type(), LinkedHashMap::new, Collectors.toList()))
                    .forEach((type, ofType) -> put(type, ofType, batch));
        }
        return batch.soFar();
    }

    private void put(String type, List<Put> puts, Batch batch) {
        for (List<Put> chunk : Chunks.of(puts, PutTogether::bytes, CHUNK_BYTES)) {
            once(type, chunk, batch);
            once(type, batch.soFar().lost(chunk), batch);
        }
    }

    /** About what its document takes: with search fields twice the content. */
    private static int bytes(Put put) {
        return Math.max(2 * put.fhir().getByteBuffer().remaining(), CHUNK_BYTES / MOST);
    }

    private void once(String type, List<Put> chunk, Batch batch) {
        if (chunk.size() < 2 || !batch.goesOn()) {
            return;
        }
        List<PlainPut> first = new ArrayList<>();
        List<PlainPut> next = new ArrayList<>();
        try {
            prepareTypes.beforeWrite(type);
            Set<String> ids = chunk.stream().map(put -> put.key().id()).collect(Collectors.toSet());
            Optional<Map<String, StoredVersion>> there = readCurrent.whole(type, ids, MOST_AT_ONCE);
            if (there.isEmpty()) {
                return;
            }
            for (Put put : chunk) {
                StoredVersion before = there.get().get(put.key().id());
                WriteScope scope = batch.scopes().apply(put.key());
                if (isPlain(put, scope, before)) {
                    judge(put, scope, before, before == null ? first : next, batch.soFar());
                }
            }
        } catch (RuntimeException notNow) {
            // Nothing was written. Whoever comes alone is told why not.
            unlessUsual(notNow);
            return;
        }
        write(type, first, batch);
        write(type, next, batch);
    }

    /** Refusals and the database's failures are told by who puts it alone; anything else is a mistake of ours, and would only be slow. */
    private static void unlessUsual(RuntimeException failure) {
        if (!(failure instanceof Refusal || failure instanceof MongoException)) {
            LOG.warn("resources are put one by one, because", failure);
        }
    }

    private static boolean isPlain(Put put, WriteScope scope, @Nullable StoredVersion before) {
        try {
            scope.requireComplete();
            if (before != null && before.isLive()) {
                scope.requireChangeable(before::meets);
            }
        } catch (Refusal refused) {
            return false;
        }
        return before == null || (before.isLive() && before.mirrored() == null && !put.isNew());
    }

    private void judge(
            Put put, WriteScope scope, @Nullable StoredVersion before, List<PlainPut> toWrite, PutsSoFar soFar) {
        Content content = new Content(put.fhir());
        if (before == null) {
            long position = takePositions.next(put.key().type());
            toWrite.add(new PlainPut(put, scope, content, null, position));
        } else if (content.hash().equals(before.hash())) {
            Written unchanged = new Written(before.version(), Written.Effect.UNCHANGED, before.liveBytes());
            soFar.done(put.key(), new PutOutcome.Stored(unchanged));
        } else {
            toWrite.add(new PlainPut(put, scope, content, before, before.position()));
        }
    }

    /** All of them are first versions, or none is. */
    private void write(String type, List<PlainPut> plain, Batch batch) {
        if (plain.isEmpty() || !batch.goesOn()) {
            return;
        }
        List<PlainPut.Made> sent = new ArrayList<>();
        try {
            Set<String> won = commits.at(Instant.EPOCH, instant -> {
                sent.addAll(made(plain, instant));
                return sent.isEmpty() ? Set.<String>of() : nullIfNone(send(type, sent, instant));
            });
            for (PlainPut.Made each : sent) {
                if (won != null && won.contains(each.key().id())) {
                    batch.soFar().done(each.key(), each.stored());
                } else {
                    batch.soFar().lost(each.key(), each.plain().before() != null);
                }
            }
        } catch (RuntimeException unknown) {
            PutOutcome failed =
                    PutOutcome.of(() -> Refusing.failures("writing " + sent.size() + " resources of " + type, () -> {
                        throw unknown;
                    }));
            sent.forEach(each -> batch.soFar().done(each.key(), failed));
            batch.soFar().stop();
        }
    }

    private static @Nullable Set<String> nullIfNone(Set<String> won) {
        return won.isEmpty() ? null : won;
    }

    /** Those that can be made for the instant, and may be written. */
    private static List<PlainPut.Made> made(List<PlainPut> plain, CommitInstant instant) {
        List<PlainPut.Made> made = new ArrayList<>();
        long bytes = 0;
        for (PlainPut each : plain) {
            if (!each.previous().isBefore(instant.from())) {
                continue;
            }
            try {
                PlainPut.Made one = each.at(instant);
                bytes += one.document().getByteBuffer().remaining();
                if (bytes > MOST_AT_ONCE) {
                    return made;
                }
                made.add(one);
            } catch (RuntimeException refused) {
                // So it is alone, where that is told.
                unlessUsual(refused);
            }
        }
        return made;
    }

    /** Returns the ids of those that were written. */
    private Set<String> send(String type, List<PlainPut.Made> made, CommitInstant instant) {
        List<CommitBatch.Change> changes = new ArrayList<>();
        for (PlainPut.Made each : made) {
            StoredVersion before = each.plain().before();
            if (before != null) {
                changes.add(new CommitBatch.Change(instant.documents().upToDate(before), each.document()));
            }
        }
        List<RawBsonDocument> documents =
                made.stream().map(PlainPut.Made::document).toList();
        try {
            return changes.isEmpty()
                    ? commitBatch.first(type, documents, instant)
                    : commitBatch.next(type, changes, IngestResources.Age.ANY, instant);
        } catch (MongoException e) {
            if (Refusing.isKnown(e)) {
                // One that the database cannot store; what came of the others is known.
                return commitBatch.won(type, documents);
            }
            throw e;
        }
    }
}
