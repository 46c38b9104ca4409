package miroir.storage;

import com.mongodb.client.FindIterable;
import com.mongodb.client.MongoCursor;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.Projections;
import com.mongodb.client.model.Sorts;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import miroir.index.store.ResourceKey;
import miroir.index.store.ResourceVersion;
import miroir.index.yaml.ConfigurationRefused;
import org.bson.RawBsonDocument;
import org.bson.conversions.Bson;
import org.jspecify.annotations.Nullable;

/**
 * All versions of a type as at a settled instant, by id and then by version, each once: what a page of resources has in current, put
 * together with what history has of the same ids.
 *
 * <p>The problem: writers go on, and move versions from current to history while both are read. What was committed after the instant must not
 * be there in part, and a version that held then must say that it held, though it has ended since.
 *
 * <p>The approach: current is read before history, as for histories ({@link SelectHistory}), so nothing is missed between the two, and what
 * both have is taken from current. Versions that began after the instant are left out; they cannot be any that were there, and all
 * that began before are visible, since the instant is settled. One that ended after it is one that held: its end is not told. Where a crash
 * left the end out, it is the beginning of the next ({@link FindEnd}). Of an erased resource nothing is told but the mark, by {@link #erased}.
 *
 * <p>What ended after the instant must not have been purged: it is not, for as long as links to pages last ({@link PurgeHistory}). An export that takes longer than that finds
 * a version that began after the instant, and not the one before it, and is refused.
 *
 * <p>Each question is answered wholly before anything of it is told, so it may be asked again where the database was away meanwhile.
 *
 * <p>The cost: two walks along the ids, without search fields. Ids are not the order in which documents lie on the disk; that order has no
 * deletions beside what lives, and nothing by which history could be put beside it.
 */
final class SelectAllVersions {
    private static final int RESOURCES = 500;
    private static final int VERSIONS = 1_000;
    private static final long BYTES = 4L << 20;

    private static final Bson EVERYTHING = Projections.include(
            StoredFields.FHIR,
            StoredFields.VERSION,
            StoredFields.FROM,
            StoredFields.TO,
            StoredFields.HASH,
            StoredFields.OPERATION,
            StoredFields.DELETED,
            StoredFields.ERASED,
            StoredFields.POSITION,
            StoredFields.POSITION_KEPT,
            StoredFields.SOURCE,
            StoredFields.SOURCE_KEPT,
            StoredFields.UPSTREAM);

    private final StoreDatabase database;
    private final String type;
    private final Instant asOf;
    private final Read read;

    /** Does one question, and again where the database is away. */
    interface Read {
        <T> T of(Supplier<T> question);
    }

    SelectAllVersions(StoreDatabase database, String type, Instant asOf, Read read) {
        this.database = database;
        this.type = type;
        this.asOf = asOf;
        this.read = read;
    }

    /** A version as it was met, and until when history says that it held. */
    private record Met(StoredVersion stored, @Nullable Instant to, boolean isCurrent) {
        String id() {
            return stored.version().key().id();
        }
    }

    /**
     * Tells of the versions of the next resources after an id, which all are after the empty one; returns the last of these ids, or null where that was all.
     */
    @Nullable
    String next(String afterId, Consumer<MovedVersion> take) {
        List<Met> current = read.of(() -> current(afterId));
        String last = current.isEmpty() ? null : current.get(current.size() - 1).id();
        Chain chain = new Chain(take);
        merge(current.iterator(), new History(afterId, last), chain);
        chain.end();
        return last;
    }

    private List<Met> current(String afterId) {
        List<Met> page = new ArrayList<>();
        long bytes = 0;
        try (MongoCursor<RawBsonDocument> found = limited(database.current(type)
                        .find(Filters.gt(StoredFields.ID, afterId))
                        .limit(RESOURCES))
                .iterator()) {
            while (found.hasNext() && bytes < BYTES) {
                RawBsonDocument document = found.next();
                String id = document.getString(StoredFields.ID).getValue();
                page.add(new Met(StoredVersion.of(new ResourceKey(type, id), document), null, true));
                bytes += document.getByteBuffer().remaining();
            }
        }
        return page;
    }

    /** What history has of the ids of a page, some at a time: there is no limit to how many versions these have. */
    private final class History implements Iterator<RawBsonDocument> {
        private final @Nullable String last;
        private Bson after;
        private Iterator<RawBsonDocument> some = Collections.emptyIterator();
        private boolean isEnd;

        History(String afterId, @Nullable String last) {
            this.last = last;
            this.after = Filters.gt(StoredFields.ID, HistoryIds.last(afterId));
        }

        @Override
        public boolean hasNext() {
            if (!some.hasNext() && !isEnd) {
                some = read.of(this::nextSome).iterator();
            }
            return some.hasNext();
        }

        /** Where the question is asked again, nothing of the first answer is left. */
        private List<RawBsonDocument> nextSome() {
            Bson between =
                    last == null ? after : Filters.and(after, Filters.lt(StoredFields.ID, HistoryIds.last(last)));
            List<RawBsonDocument> found = new ArrayList<>();
            long bytes = 0;
            isEnd = true;
            try (MongoCursor<RawBsonDocument> next = limited(
                            database.history(type).find(between).limit(VERSIONS))
                    .iterator()) {
                while (isEnd && next.hasNext()) {
                    RawBsonDocument document = next.next();
                    found.add(document);
                    bytes += document.getByteBuffer().remaining();
                    isEnd = found.size() < VERSIONS && bytes < BYTES;
                }
            }
            if (!found.isEmpty()) {
                after = Filters.gt(StoredFields.ID, found.get(found.size() - 1).get(StoredFields.ID));
            }
            return found;
        }

        @Override
        public RawBsonDocument next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            return some.next();
        }
    }

    private FindIterable<RawBsonDocument> limited(FindIterable<RawBsonDocument> found) {
        return found.projection(EVERYTHING)
                .sort(Sorts.ascending(StoredFields.ID))
                .hint(TypeIndexes.IDS)
                .maxTime(database.operationTimeout().toMillis(), TimeUnit.MILLISECONDS);
    }

    private void merge(Iterator<Met> current, Iterator<RawBsonDocument> history, Chain chain) {
        Met now = nextOf(current);
        while (history.hasNext()) {
            Met old = superseded(history.next());
            while (now != null && now.id().compareTo(old.id()) < 0) {
                chain.add(now);
                now = nextOf(current);
            }
            if (now == null || !now.id().equals(old.id()) || isBefore(old, now)) {
                chain.add(old);
            }
        }
        for (; now != null; now = nextOf(current)) {
            chain.add(now);
        }
    }

    /** A copy of what is current, or what a restore left of a later time, is none; and of what was erased nothing is. */
    private static boolean isBefore(Met old, Met now) {
        return !now.stored().isErased()
                && old.stored().version().version() < now.stored().version().version();
    }

    private static @Nullable Met nextOf(Iterator<Met> current) {
        return current.hasNext() ? current.next() : null;
    }

    private Met superseded(RawBsonDocument document) {
        ResourceKey key = new ResourceKey(type, HistoryIds.resource(document));
        Instant to = document.containsKey(StoredFields.TO)
                ? Instant.ofEpochMilli(document.getDateTime(StoredFields.TO).getValue())
                : null;
        return new Met(StoredVersion.of(key, document), to, false);
    }

    /** Tells of one version as soon as the next one is known. */
    private final class Chain {
        private final Consumer<MovedVersion> take;
        private @Nullable Met before;

        Chain(Consumer<MovedVersion> take) {
            this.take = take;
        }

        void add(Met met) {
            Met earlier = before;
            boolean isSame = earlier != null && earlier.id().equals(met.id());
            if (earlier != null) {
                tell(earlier, isSame ? met : null);
            }
            requireBefore(isSame ? earlier : null, met);
            before = met;
        }

        /**
         * The first version that began after the instant took the place of one that held then, or of one that began after it as well. That one has to be there: where it is not, it
         * was purged since.
         */
        private void requireBefore(@Nullable Met earlier, Met met) {
            ResourceVersion version = met.stored().version();
            boolean isFirstAfter = version.from().isAfter(asOf)
                    && (earlier == null || !earlier.stored().version().from().isAfter(asOf));
            long known = earlier == null ? 0 : earlier.stored().version().version();
            if (isFirstAfter && !met.stored().isErased() && version.version() != known + 1) {
                throw new ConfigurationRefused(
                        "the history",
                        "of " + version.key() + " was purged, or erased, while it was exported: version "
                                + (version.version() - 1) + " is missing, which may have held at " + asOf
                                + "; export it again, and keep versions for longer than an export takes (search.linkExpiry)");
            }
        }

        void end() {
            Met last = before;
            if (last != null) {
                tell(last, null);
            }
        }

        private void tell(Met met, @Nullable Met next) {
            if (!met.stored().version().from().isAfter(asOf) && !met.stored().isErased()) {
                Instant end = end(met, next);
                take.accept(moved(met.stored(), end == null || end.isAfter(asOf) ? null : end));
            }
        }

        /** What history has and nothing came after was replaced by something that is lost. */
        private @Nullable Instant end(Met met, @Nullable Met next) {
            if (met.to() != null || met.isCurrent()) {
                return met.to();
            }
            return next == null ? asOf : next.stored().version().from();
        }
    }

    /** Tells of what erasures left, whenever they were: an erasure is for good, also where it came after the instant. */
    void erased(Consumer<MovedVersion> take) {
        String last = "";
        for (int found = VERSIONS; found == VERSIONS; ) {
            String after = last;
            List<RawBsonDocument> marks = read.of(() -> marks(after));
            for (RawBsonDocument document : marks) {
                last = document.getString(StoredFields.ID).getValue();
                take.accept(moved(StoredVersion.of(new ResourceKey(type, last), document), null));
            }
            found = marks.size();
        }
    }

    private List<RawBsonDocument> marks(String afterId) {
        return database.current(type)
                .find(Filters.and(Filters.eq(StoredFields.ERASED, true), Filters.gt(StoredFields.ID, afterId)))
                .projection(EVERYTHING)
                .sort(Sorts.ascending(StoredFields.ID))
                .limit(VERSIONS)
                .maxTime(database.operationTimeout().toMillis(), TimeUnit.MILLISECONDS)
                .into(new ArrayList<>());
    }

    private static MovedVersion moved(StoredVersion stored, @Nullable Instant to) {
        ResourceVersion version = stored.version();
        Ownership owner = stored.mirrored();
        return new MovedVersion(
                version.key().id(),
                version.version(),
                version.from(),
                to,
                stored.position(),
                version instanceof ResourceVersion.Live live ? Origins.operation(live.origin(), live.version()) : null,
                owner == null ? null : owner.source(),
                owner == null ? null : owner.up(),
                stored.hash() == null
                        ? null
                        : HexFormat.of().formatHex(stored.hash().getData()),
                stored.isErased(),
                version instanceof ResourceVersion.Live live ? live.fhir() : null);
    }
}
