package miroir.storage;

import com.mongodb.client.model.Filters;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import miroir.index.store.HistoryPosition;
import miroir.index.store.HistoryQuery;
import org.bson.BsonDateTime;
import org.bson.BsonDocument;
import org.bson.BsonMaxKey;
import org.bson.BsonNull;
import org.bson.BsonString;
import org.bson.BsonValue;
import org.bson.conversions.Bson;
import org.jspecify.annotations.Nullable;

/**
 * Which versions of a type or a resource a page of a history is among. Instants are stored in milliseconds, so a bound
 * between two of them is taken to the one that it allows.
 *
 * <p>A history of a type goes from one key of {@link TypeIndexes#VERSIONS} to another, which says exactly where a page
 * begins among resources of one instant; conditions on {@code from} and {@code _id} would have all of them fetched.
 *
 * @param after what came before is not asked for any more
 * @param notBefore versions older than this cannot be on the page any more, or younger where the oldest come first; null: all can
 */
record HistoryBounds(
        HistoryQuery query,
        @Nullable HistoryPosition after,
        @Nullable Instant notBefore) {
    /** What does not say until when it held; its successor is asked ({@link FindEnd}). */
    static final Bson WITHOUT_END = Filters.eq(StoredFields.TO, BsonNull.VALUE);

    private static final BsonValue BEFORE_ALL_IDS = new BsonMaxKey();

    /** The key that all of a type's versions are before, in current. */
    BsonDocument endInCurrent(String type) {
        return end(type, after == null ? BEFORE_ALL_IDS : new BsonString(after.id()));
    }

    /** The same in history. */
    BsonDocument endInHistory(String type) {
        return end(type, after == null ? BEFORE_ALL_IDS : HistoryIds.last(after.id()));
    }

    /** The first key that is asked for. */
    BsonDocument start() {
        return key(earliest(), BEFORE_ALL_IDS);
    }

    /** Whether there is nothing between start and end, which MongoDB would refuse to look for. */
    static boolean isNothing(BsonDocument start, BsonDocument end) {
        int order = start.getDateTime(StoredFields.FROM).compareTo(end.getDateTime(StoredFields.FROM));
        return order > 0
                || (order == 0 && end.get(StoredFields.ID, BEFORE_ALL_IDS).equals(BEFORE_ALL_IDS));
    }

    /** The first key that is asked for where the oldest come first; of the position's own instant some are over. */
    BsonDocument startAfter(String type) {
        BsonDocument start = key(earliest(null), BEFORE_ALL_IDS);
        if (after == null) {
            return start;
        }
        BsonDateTime from = floor(after.from());
        BsonDateTime first = type.compareTo(after.type()) > 0 ? next(from) : from;
        return first.compareTo(start.getDateTime(StoredFields.FROM)) < 0 ? start : key(first, BEFORE_ALL_IDS);
    }

    /** The key that all that are asked for are before, where the oldest come first: what comes after those that were met is not needed. */
    BsonDocument endOfFollowing() {
        BsonDateTime beyond = beyondLatest();
        BsonDateTime needed = notBefore == null ? beyond : next(floor(notBefore));
        return key(needed.compareTo(beyond) < 0 ? needed : beyond, BEFORE_ALL_IDS);
    }

    /** What those in current must meet besides, where the oldest come first. */
    List<Bson> afterInCurrent(String type) {
        return after(type, after == null ? BEFORE_ALL_IDS : new BsonString(after.id()));
    }

    /** The same in history. */
    List<Bson> afterInHistory(String type) {
        return after(type, after == null ? BEFORE_ALL_IDS : HistoryIds.first(after.id()));
    }

    /** Of its own instant and type, those of later ids were before it. */
    private List<Bson> after(String type, BsonValue id) {
        return after == null || !type.equals(after.type())
                ? List.of()
                : List.of(Filters.or(
                        Filters.gt(StoredFields.FROM, floor(after.from())), Filters.lt(StoredFields.ID, id)));
    }

    /** What versions between these two keys must meet where another index leads; the end is not part of it. */
    static Bson between(BsonDocument start, BsonDocument end) {
        Bson sameInstant = Filters.and(
                Filters.eq(StoredFields.FROM, end.get(StoredFields.FROM)),
                Filters.gt(StoredFields.ID, end.get(StoredFields.ID)));
        return Filters.and(
                Filters.gte(StoredFields.FROM, start.get(StoredFields.FROM)),
                Filters.or(Filters.lt(StoredFields.FROM, end.get(StoredFields.FROM)), sameInstant));
    }

    /** What the versions of one resource in current must meet. */
    List<Bson> ofResourceInCurrent(HistoryQuery.Resource of) {
        return ofResource(Filters.eq(StoredFields.ID, of.key().id()));
    }

    /** The same in history. */
    List<Bson> ofResourceInHistory(HistoryQuery.Resource of) {
        return ofResource(HistoryIds.all(of.key()));
    }

    /** What superseded versions must meet besides. */
    List<Bson> ofEnds() {
        Instant heldAfter = query.heldAfter();
        // Where the end is not known, it is asked of the successor.
        return heldAfter == null ? List.of() : List.of(Filters.or(endedAfter(heldAfter), WITHOUT_END));
    }

    private List<Bson> ofResource(Bson whose) {
        List<Bson> bounds = new ArrayList<>(List.of(
                whose, Filters.gte(StoredFields.FROM, earliest()), Filters.lt(StoredFields.FROM, beyondLatest())));
        if (after != null) {
            bounds.add(Filters.lt(StoredFields.FROM, floor(after.from())));
        }
        return bounds;
    }

    /** Of the position's own instant, later types are still to come, and of its own type later ids. */
    private BsonDocument end(String type, BsonValue lastId) {
        BsonDateTime beyond = beyondLatest();
        if (after == null) {
            return key(beyond, BEFORE_ALL_IDS);
        }
        int order = type.compareTo(after.type());
        BsonDateTime last = order > 0 ? next(floor(after.from())) : floor(after.from());
        return last.compareTo(beyond) < 0
                ? key(last, order == 0 ? lastId : BEFORE_ALL_IDS)
                : key(beyond, BEFORE_ALL_IDS);
    }

    private BsonDateTime earliest() {
        return earliest(notBefore);
    }

    private BsonDateTime earliest(@Nullable Instant instant) {
        BsonDateTime since = query.since() == null ? new BsonDateTime(Long.MIN_VALUE) : ceiling(query.since());
        BsonDateTime needed = instant == null ? since : floor(instant);
        return needed.compareTo(since) > 0 ? needed : since;
    }

    private BsonDateTime beyondLatest() {
        BsonDateTime until = next(floor(query.until()));
        BsonDateTime end = query.at() == null ? until : ceiling(query.at().end());
        return end.compareTo(until) < 0 ? end : until;
    }

    private static BsonDocument key(BsonDateTime from, BsonValue id) {
        return new BsonDocument(StoredFields.FROM, from).append(StoredFields.ID, id);
    }

    /** What is said to have held until after an instant. */
    static Bson endedAfter(Instant instant) {
        return Filters.gt(StoredFields.TO, floor(instant));
    }

    static BsonDateTime floor(Instant instant) {
        return new BsonDateTime(instant.toEpochMilli());
    }

    private static BsonDateTime ceiling(Instant instant) {
        BsonDateTime floor = floor(instant);
        return instant.truncatedTo(ChronoUnit.MILLIS).equals(instant) ? floor : next(floor);
    }

    private static BsonDateTime next(BsonDateTime instant) {
        return new BsonDateTime(instant.getValue() + 1);
    }
}
