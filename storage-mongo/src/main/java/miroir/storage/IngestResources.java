package miroir.storage;

import com.mongodb.client.model.BulkWriteOptions;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.UpdateOneModel;
import com.mongodb.client.model.Updates;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Date;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import miroir.index.store.ResourceKey;
import miroir.index.store.ResourceVersion;
import miroir.storage.Ingested.Why;
import org.bson.BsonBoolean;
import org.bson.BsonDocument;
import org.bson.RawBsonDocument;
import org.bson.conversions.Bson;
import org.jspecify.annotations.Nullable;

/**
 * Takes in many resources of one owner at once.
 *
 * <p>The problem: an owner sends everything again and again, of which a little has changed, at thousands a second; what did
 * not change must cost next to nothing and make no version, and of what did nothing may be lost, whoever else writes.
 *
 * <p>The approach: a small part of each current document, with the hash of its content, is read for the whole batch by one
 * query. What is there already is done with. New ones are inserted by one command, changed ones are read whole and replaced
 * by the steps of {@link CommitBatch}, all at one instant. Whoever lost to another writer, or came too late, is judged again
 * from the start, and only those. Nothing is remembered between calls: the same batch a second time changes nothing, so
 * whoever is killed sends it again.
 *
 * <p>The cost: one round trip for a batch that is known, two for a new one, five for a changed one. One resource at a time
 * would take two to five each.
 */
final class IngestResources {
    /** A command holds 16 MB. */
    private static final int CHUNK_BYTES = 6 * 1024 * 1024;

    private final StoreDatabase database;
    private final TakePositions takePositions;
    private final Commits commits;
    private final CommitVersion commitVersion;
    private final CommitBatch commitBatch;
    private final RemoveHistory removeHistory;

    IngestResources(
            StoreDatabase database,
            TakePositions takePositions,
            Commits commits,
            CommitVersion commitVersion,
            RemoveHistory removeHistory) {
        this.database = database;
        this.takePositions = takePositions;
        this.commits = commits;
        this.commitVersion = commitVersion;
        this.commitBatch = new CommitBatch(database);
        this.removeHistory = removeHistory;
    }

    /** Which resources are taken. */
    enum Age {
        /** Those that their owner says are not older than what is here. */
        NEWER,
        ANY
    }

    /** What has to be written, as one look at the heads has it. */
    private static final class Attempt {
        final List<Incoming> unknown = new ArrayList<>();
        final Map<String, Judged> changed = new LinkedHashMap<>();
        final List<Judged> bumped = new ArrayList<>();
    }

    /** What is judged by a version holds for that one only: another may be erased, or somebody else's. */
    private record Judged(Incoming incoming, long version) {}

    /** A batch on its way. */
    private record Batch(String source, String type, Age age, Instant until, Map<String, Incoming> open, Tally tally) {
        void close(String id) {
            open.remove(id);
        }
    }

    /**
     * Stores the batch, all of one type.
     *
     * @param until nothing is written after that, by the database's clock
     */
    Ingested run(String source, String type, List<Mirrored> batch, Age age, Instant until) {
        Batch on = new Batch(source, type, age, until, Incoming.newest(batch), new Tally());
        WriteAttempts.until(database.operationTimeout(), new ResourceKey(type, "*"), () -> {
            attempt(on);
            return on.open().isEmpty() ? on : null;
        });
        return on.tally().ingested();
    }

    /** Removes those of the resources that this owner still has: deletions with history. */
    Ingested remove(String source, String type, Collection<String> ids, Instant until) {
        Tally tally = new Tally();
        Map<String, String> open = new LinkedHashMap<>();
        ids.forEach(id -> open.put(id, id));
        WriteAttempts.until(database.operationTimeout(), new ResourceKey(type, "*"), () -> {
            List<StoredVersion> owned = whole(type, open.keySet()).values().stream()
                    .filter(version -> version.isLive()
                            && version.mirrored() != null
                            && version.mirrored().source().equals(source))
                    .toList();
            open.keySet().retainAll(owned.stream().map(IngestResources::id).toList());
            commit(
                            type,
                            owned,
                            Age.NEWER,
                            until,
                            (before, instant) -> VersionDocuments.removal(
                                    before, Objects.requireNonNull(before.mirrored()), instant.from()))
                    .forEach(id -> {
                        open.remove(id);
                        tally.removed++;
                    });
            return open.isEmpty() ? tally : null;
        });
        return tally.ingested();
    }

    /** What a batch would change. */
    List<String> differing(String source, String type, List<Mirrored> batch) {
        Map<String, Incoming> there = Incoming.newest(batch);
        Map<String, MirrorHead> here = find(type, there.keySet(), MirrorHead.PARTS, MirrorHead::of);
        List<String> differing = new ArrayList<>();
        there.forEach((id, incoming) -> {
            MirrorHead head = here.get(id);
            if (head == null || !head.live()) {
                differing.add(id + " is there and not here");
            } else if (!source.equals(head.source())) {
                differing.add(id + " is here, and not from there");
            } else if (!incoming.hash().equals(head.hash())) {
                differing.add(id + " has another content here");
            }
        });
        return differing;
    }

    private void attempt(Batch batch) {
        Attempt attempt = new Attempt();
        Map<String, MirrorHead> heads = find(batch.type(), batch.open().keySet(), MirrorHead.PARTS, MirrorHead::of);
        for (Incoming incoming : List.copyOf(batch.open().values())) {
            MirrorHead head = heads.get(incoming.key().id());
            if (head == null) {
                attempt.unknown.add(incoming);
            } else if (judge(batch, incoming, head, attempt)) {
                batch.close(incoming.key().id());
            }
        }
        bump(batch, attempt.bumped);
        create(batch, attempt.unknown);
        change(batch, attempt.changed);
    }

    /** Whether that is all there is to do about it. */
    private boolean judge(Batch batch, Incoming incoming, MirrorHead head, Attempt attempt) {
        Tally tally = batch.tally();
        if (head.erased()) {
            // An attempt that lost to the erasure may have put a copy into history after the erasure had emptied it.
            removeHistory.of(incoming.key());
            return tally.refuse(
                    incoming.key(), Why.ERASED, "it was erased for data protection and is not brought back");
        }
        if (head.live() && !batch.source().equals(head.source())) {
            return tally.refuse(
                    incoming.key(),
                    Why.OWNED_BY_OTHERS,
                    head.source() == null
                            ? "there is a resource of this server under that id"
                            : "it belongs to the synchronisation " + head.source());
        }
        Instant up = incoming.mirrored().up();
        boolean sameContent = head.live() && incoming.hash().equals(head.hash());
        if (batch.age() == Age.NEWER && up.isBefore(head.up())) {
            return tally.older(incoming.key(), sameContent);
        }
        Judged judged = new Judged(incoming, head.version());
        if (!sameContent) {
            attempt.changed.put(incoming.key().id(), judged);
            return false;
        }
        if (up.isAfter(head.up())) {
            attempt.bumped.add(judged);
            return false;
        }
        tally.unchanged++;
        return true;
    }

    /**
     * The owner says that they are newer, with the same content: no version, but nothing older may come any more. Where
     * somebody was faster, all are judged again; those that were done are unchanged then.
     */
    private void bump(Batch batch, List<Judged> bumped) {
        if (bumped.isEmpty()) {
            return;
        }
        Boolean all = commits.at(Instant.EPOCH, instant -> {
            CommitInstant within = instant.notAfter(batch.until());
            List<UpdateOneModel<RawBsonDocument>> bumps =
                    bumped.stream().map(each -> bump(each, within)).toList();
            int matched = database.current(batch.type())
                    .bulkWrite(bumps, new BulkWriteOptions().ordered(false))
                    .getMatchedCount();
            return matched == bumps.size();
        });
        if (Boolean.TRUE.equals(all)) {
            bumped.forEach(each -> batch.close(each.incoming().key().id()));
            batch.tally().unchanged += bumped.size();
        }
    }

    private static UpdateOneModel<RawBsonDocument> bump(Judged judged, CommitInstant within) {
        Date up = Date.from(judged.incoming().mirrored().up());
        return new UpdateOneModel<>(
                Filters.and(
                        Filters.eq(StoredFields.ID, judged.incoming().key().id()),
                        Filters.eq(StoredFields.VERSION, judged.version()),
                        Filters.lt(StoredFields.UPSTREAM, up),
                        InTime.condition(within)),
                Updates.set(StoredFields.UPSTREAM, up));
    }

    private void create(Batch batch, List<Incoming> unknown) {
        for (List<Incoming> chunk : Chunks.of(unknown, Incoming::bytes, CHUNK_BYTES)) {
            Set<String> won = commits.at(Instant.EPOCH, instant -> {
                CommitInstant within = instant.notAfter(batch.until());
                List<RawBsonDocument> first = new ArrayList<>();
                for (Incoming incoming : chunk) {
                    long position = takePositions.next(batch.type());
                    RawBsonDocument document =
                            document(batch, incoming, position, 1, ResourceVersion.Origin.PUT_CREATED, instant);
                    if (document != null) {
                        first.add(document);
                    }
                }
                return first.isEmpty() ? null : nullIfNone(first(batch.type(), first, within));
            });
            if (won != null) {
                batch.tally().created += won.size();
                won.forEach(batch::close);
            }
        }
    }

    private Set<String> first(String type, List<RawBsonDocument> first, CommitInstant instant) {
        if (first.size() > 1 || first.get(0).getByteBuffer().remaining() < CHUNK_BYTES) {
            return commitBatch.first(type, first, instant);
        }
        ResourceKey key =
                new ResourceKey(type, first.get(0).getString(StoredFields.ID).getValue());
        return commitVersion.first(key, first.get(0), instant) ? Set.of(key.id()) : Set.of();
    }

    private void change(Batch batch, Map<String, Judged> changed) {
        if (changed.isEmpty()) {
            return;
        }
        List<StoredVersion> before = new ArrayList<>();
        for (StoredVersion version : whole(batch.type(), changed.keySet()).values()) {
            Judged judged = Objects.requireNonNull(changed.get(id(version)));
            if (version.version().version() == judged.version()) {
                before.add(version);
            }
        }
        Map<String, ResourceVersion> earlier = new HashMap<>();
        before.forEach(version -> earlier.put(id(version), version.version()));
        Set<String> won = commit(batch.type(), before, batch.age(), batch.until(), (version, instant) -> {
            Incoming incoming = Objects.requireNonNull(changed.get(id(version))).incoming();
            ResourceVersion.Origin origin =
                    version.isLive() ? ResourceVersion.Origin.UPDATED : ResourceVersion.Origin.PUT_CREATED;
            return document(
                    batch, incoming, version.position(), version.version().version() + 1, origin, instant);
        });
        for (String id : won) {
            batch.close(id);
            if (earlier.get(id) instanceof ResourceVersion.Live live) {
                Mirrored now =
                        Objects.requireNonNull(changed.get(id)).incoming().mirrored();
                batch.tally().updated(isActive(live.fhir()) && !isActive(now.fhir()));
            } else {
                batch.tally().created++;
            }
        }
    }

    private static boolean isActive(RawBsonDocument fhir) {
        return !BsonBoolean.FALSE.equals(fhir.get("active"));
    }

    /** Makes the document that takes the place of a version; null where it cannot be made. */
    private interface Successor {
        @Nullable
        RawBsonDocument of(StoredVersion before, CommitInstant instant);
    }

    private Set<String> commit(String type, List<StoredVersion> before, Age age, Instant until, Successor successor) {
        if (before.isEmpty()) {
            return Set.of();
        }
        Instant newest = before.stream()
                .map(version -> version.version().from())
                .max(Instant::compareTo)
                .orElse(Instant.EPOCH);
        Set<String> won = commits.at(newest, instant -> {
            CommitInstant within = instant.notAfter(until);
            List<CommitBatch.Change> changes = new ArrayList<>();
            for (StoredVersion version : before) {
                RawBsonDocument document = successor.of(version, instant);
                if (document != null) {
                    changes.add(new CommitBatch.Change(instant.documents().upToDate(version), document));
                }
            }
            return changes.isEmpty() ? null : nullIfNone(commitBatch.next(type, changes, age, within));
        });
        return won == null ? Set.of() : won;
    }

    /** Null where it cannot be made: then it is done with. */
    private @Nullable RawBsonDocument document(
            Batch batch,
            Incoming incoming,
            long position,
            long version,
            ResourceVersion.Origin origin,
            CommitInstant instant) {
        Ownership owner = new Ownership(batch.source(), incoming.mirrored().up());
        NewVersion made =
                new NewVersion(incoming.key(), incoming.content(), position, version, origin, instant.from(), owner);
        RawBsonDocument document = batch.tally()
                .orRefused(incoming.key(), () -> instant.documents().live(made));
        if (document == null) {
            batch.close(incoming.key().id());
        }
        return document;
    }

    private Map<String, StoredVersion> whole(String type, Set<String> ids) {
        return find(type, ids, new BsonDocument(), document -> {
            String id = document.getString(StoredFields.ID).getValue();
            return StoredVersion.of(new ResourceKey(type, id), document);
        });
    }

    private <T> Map<String, T> find(String type, Set<String> ids, Bson parts, Function<RawBsonDocument, T> read) {
        Map<String, T> found = new HashMap<>();
        database.current(type)
                .find(Filters.in(StoredFields.ID, ids))
                .projection(parts)
                .batchSize(ids.size() + 1)
                .maxTime(database.operationTimeout().toMillis(), TimeUnit.MILLISECONDS)
                .forEach(document ->
                        found.put(document.getString(StoredFields.ID).getValue(), read.apply(document)));
        return found;
    }

    private static String id(StoredVersion version) {
        return version.version().key().id();
    }

    private static @Nullable Set<String> nullIfNone(Set<String> won) {
        return won.isEmpty() ? null : won;
    }
}
