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
import java.util.function.Supplier;
import miroir.index.Refusal;
import miroir.index.store.ResourceKey;
import miroir.index.store.ResourceVersion;
import miroir.storage.Ingested.Why;
import org.bson.BsonBinary;
import org.bson.BsonDocument;
import org.bson.RawBsonDocument;
import org.bson.conversions.Bson;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

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
    private static final Logger LOG = LoggerFactory.getLogger(IngestResources.class);

    /** A command holds 16 MB. */
    private static final int CHUNK_BYTES = 6 * 1024 * 1024;

    private final StoreDatabase database;
    private final TakePositions takePositions;
    private final VersionDocuments documents;
    private final Commits commits;
    private final CommitVersion commitVersion;
    private final CommitBatch commitBatch;

    IngestResources(
            StoreDatabase database,
            TakePositions takePositions,
            VersionDocuments documents,
            Commits commits,
            CommitVersion commitVersion) {
        this.database = database;
        this.takePositions = takePositions;
        this.documents = documents;
        this.commits = commits;
        this.commitVersion = commitVersion;
        this.commitBatch = new CommitBatch(database);
    }

    /** Which resources are taken. */
    enum Age {
        /** Those that their owner says are not older than what is here. */
        NEWER,
        ANY
    }

    /** One resource on its way. */
    private record Incoming(Mirrored mirrored, Content content, BsonBinary hash) {
        ResourceKey key() {
            return mirrored.key();
        }
    }

    /** What one attempt is about: everything that is not done with yet, and what it found. */
    private static final class Attempt {
        final List<Incoming> unknown = new ArrayList<>();
        final Map<String, Incoming> changed = new LinkedHashMap<>();
        final List<UpdateOneModel<RawBsonDocument>> bumps = new ArrayList<>();
        final Age age;

        Attempt(Age age) {
            this.age = age;
        }
    }

    /**
     * Stores the batch, all of one type.
     *
     * @param until nothing is written after that, by the database's clock
     */
    Ingested run(String source, String type, List<Mirrored> batch, Age age, Instant until) {
        Map<String, Incoming> open = newest(batch);
        Tally tally = new Tally();
        WriteAttempts.until(database.operationTimeout(), new ResourceKey(type, "*"), () -> {
            attempt(source, type, age, open, tally, until);
            return open.isEmpty() ? tally : null;
        });
        return tally.ingested();
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
                            (before, from) ->
                                    documents.removal(before, Objects.requireNonNull(before.mirrored()), from))
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
        Map<String, Incoming> there = newest(batch);
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

    private static Map<String, Incoming> newest(List<Mirrored> batch) {
        Map<String, Mirrored> newest = new LinkedHashMap<>();
        batch.forEach(each ->
                newest.merge(each.key().id(), each, (one, other) -> other.up().isBefore(one.up()) ? one : other));
        Map<String, Incoming> open = new LinkedHashMap<>();
        newest.forEach((id, each) -> {
            Content content = new Content(each.fhir());
            open.put(id, new Incoming(each, content, content.hash()));
        });
        return open;
    }

    private void attempt(String source, String type, Age age, Map<String, Incoming> open, Tally tally, Instant until) {
        Attempt attempt = new Attempt(age);
        Map<String, MirrorHead> heads = find(type, open.keySet(), MirrorHead.PARTS, MirrorHead::of);
        for (Incoming incoming : List.copyOf(open.values())) {
            MirrorHead head = heads.get(incoming.key().id());
            if (head == null) {
                attempt.unknown.add(incoming);
            } else if (judge(source, incoming, head, attempt, tally)) {
                open.remove(incoming.key().id());
            }
        }
        if (!attempt.bumps.isEmpty()) {
            database.current(type).bulkWrite(attempt.bumps, new BulkWriteOptions().ordered(false));
        }
        create(source, type, attempt.unknown, open, tally, until);
        change(source, type, attempt, open, tally, until);
    }

    /** Whether that is all there is to do about it. */
    private boolean judge(String source, Incoming incoming, MirrorHead head, Attempt attempt, Tally tally) {
        if (head.erased()) {
            return tally.refuse(
                    incoming.key(), Why.ERASED, "it was erased for data protection and is not brought back");
        }
        if (head.live() && !source.equals(head.source())) {
            return tally.refuse(
                    incoming.key(),
                    Why.OWNED_BY_OTHERS,
                    head.source() == null
                            ? "there is a resource of this server under that id"
                            : "it belongs to the synchronisation " + head.source());
        }
        Instant up = incoming.mirrored().up();
        boolean sameContent = head.live() && incoming.hash().equals(head.hash());
        if (attempt.age == Age.NEWER && up.isBefore(head.up())) {
            return tally.older(incoming.key(), sameContent);
        }
        if (!sameContent
                || head.generation() != documents.generation(incoming.key().type())) {
            attempt.changed.put(incoming.key().id(), incoming);
            return false;
        }
        if (up.isAfter(head.up())) {
            attempt.bumps.add(bump(incoming, head));
        }
        tally.unchanged++;
        return true;
    }

    /** The owner says that it is newer, with the same content: no version, but nothing older may come any more. */
    private static UpdateOneModel<RawBsonDocument> bump(Incoming incoming, MirrorHead head) {
        return new UpdateOneModel<>(
                Filters.and(
                        Filters.eq(StoredFields.ID, incoming.key().id()),
                        Filters.eq(StoredFields.VERSION, head.version()),
                        Filters.lt(
                                StoredFields.UPSTREAM,
                                Date.from(incoming.mirrored().up()))),
                Updates.set(StoredFields.UPSTREAM, Date.from(incoming.mirrored().up())));
    }

    private void create(
            String source,
            String type,
            List<Incoming> unknown,
            Map<String, Incoming> open,
            Tally tally,
            Instant until) {
        for (List<Incoming> chunk : Chunks.of(unknown, IngestResources::bytes, CHUNK_BYTES)) {
            Set<String> won = commits.at(Instant.EPOCH, instant -> {
                CommitInstant within = instant.notAfter(until);
                List<RawBsonDocument> first = new ArrayList<>();
                for (Incoming incoming : chunk) {
                    long position = takePositions.next(type);
                    RawBsonDocument document = tally.orRefused(
                            incoming.key(),
                            () -> document(
                                    source, incoming, position, 1, ResourceVersion.Origin.PUT_CREATED, instant.from()));
                    if (document == null) {
                        open.remove(incoming.key().id());
                    } else {
                        first.add(document);
                    }
                }
                return first.isEmpty() ? null : nullIfNone(first(type, first, within));
            });
            if (won != null) {
                tally.created += won.size();
                open.keySet().removeAll(won);
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

    private void change(
            String source, String type, Attempt attempt, Map<String, Incoming> open, Tally tally, Instant until) {
        Map<String, Incoming> changed = attempt.changed;
        if (changed.isEmpty()) {
            return;
        }
        List<StoredVersion> before = new ArrayList<>();
        for (StoredVersion version : whole(type, changed.keySet()).values()) {
            Incoming incoming = Objects.requireNonNull(changed.get(id(version)));
            if (version.isLive() && incoming.hash().equals(version.hash())) {
                refresh(version, open, tally);
            } else {
                before.add(version);
            }
        }
        Map<String, Boolean> wasLive = new HashMap<>();
        before.forEach(version -> wasLive.put(id(version), version.isLive()));
        Set<String> won = commit(type, before, attempt.age, until, (version, from) -> {
            Incoming incoming = Objects.requireNonNull(changed.get(id(version)));
            ResourceVersion.Origin origin =
                    version.isLive() ? ResourceVersion.Origin.UPDATED : ResourceVersion.Origin.PUT_CREATED;
            RawBsonDocument document = tally.orRefused(
                    incoming.key(),
                    () -> document(
                            source,
                            incoming,
                            version.position(),
                            version.version().version() + 1,
                            origin,
                            from));
            if (document == null) {
                open.remove(id(version));
            }
            return document;
        });
        for (String id : won) {
            open.remove(id);
            if (Boolean.TRUE.equals(wasLive.get(id))) {
                tally.updated++;
            } else {
                tally.created++;
            }
        }
    }

    /** The same content, found by fields of another configuration: it gets those of now, and keeps its own if they cannot be made. */
    private void refresh(StoredVersion version, Map<String, Incoming> open, Tally tally) {
        if (documents.isOfThisGeneration(version)) {
            return;
        }
        StoredVersion refreshed = documents.upToDate(version);
        if (documents.isOfThisGeneration(refreshed)) {
            commitVersion.rewrite(version, refreshed.document());
        } else {
            open.remove(id(version));
            tally.unchanged++;
        }
    }

    /** Makes the document that takes the place of a version; null where it cannot be made. */
    private interface Successor {
        @Nullable
        RawBsonDocument of(StoredVersion before, Instant from);
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
                RawBsonDocument document = successor.of(version, instant.from());
                if (document != null) {
                    changes.add(new CommitBatch.Change(documents.upToDate(version), document));
                }
            }
            return changes.isEmpty() ? null : nullIfNone(commitBatch.next(type, changes, age, within));
        });
        return won == null ? Set.of() : won;
    }

    private RawBsonDocument document(
            String source,
            Incoming incoming,
            long position,
            long version,
            ResourceVersion.Origin origin,
            Instant from) {
        Ownership owner = new Ownership(source, incoming.mirrored().up());
        return documents.live(
                new NewVersion(incoming.key(), incoming.content(), position, version, origin, from, owner));
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

    private static int bytes(Incoming incoming) {
        // With search fields a document is about twice its content.
        return 2 * incoming.mirrored().fhir().getByteBuffer().remaining();
    }

    private static String id(StoredVersion version) {
        return version.version().key().id();
    }

    private static @Nullable Set<String> nullIfNone(Set<String> won) {
        return won.isEmpty() ? null : won;
    }

    /** What became of the batch so far. */
    private static final class Tally {
        private int created;
        private int updated;
        private int removed;
        private int unchanged;
        private int older;
        private final List<String> disputed = new ArrayList<>();
        private final List<Ingested.Refused> refused = new ArrayList<>();

        boolean refuse(ResourceKey key, Why why, String reason) {
            refused.add(new Ingested.Refused(key, why, reason));
            return true;
        }

        boolean older(ResourceKey key, boolean sameContent) {
            older++;
            if (!sameContent) {
                disputed.add(key.id());
            }
            return true;
        }

        /** What cannot be stored is refused alone, whatever its search fields stumble over. */
        @Nullable
        RawBsonDocument orRefused(ResourceKey key, Supplier<RawBsonDocument> document) {
            try {
                return document.get();
            } catch (Refusal refusal) {
                refuse(key, Why.UNSTORABLE, String.valueOf(refusal.getMessage()));
                return null;
            } catch (RuntimeException e) {
                LOG.warn("the document of {} cannot be made", key, e);
                refuse(key, Why.UNSTORABLE, "its document cannot be made: " + e);
                return null;
            }
        }

        Ingested ingested() {
            return new Ingested(created, updated, removed, unchanged, older, disputed, refused);
        }
    }
}
