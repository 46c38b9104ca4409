package miroir.storage;

import com.mongodb.client.model.Filters;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import miroir.index.store.HistoryPosition;
import miroir.index.store.HistoryQuery;
import org.bson.BsonDateTime;
import org.bson.BsonNull;
import org.bson.BsonString;
import org.bson.BsonValue;
import org.bson.conversions.Bson;
import org.jspecify.annotations.Nullable;

/**
 * Which versions of a type or a resource a page of a history is among. Instants are stored in milliseconds, so a bound
 * between two of them is taken to the one that it allows.
 *
 * @param after what came before is not asked for any more
 * @param notBefore versions older than this cannot be on the page any more; null: all can
 */
record HistoryBounds(
        HistoryQuery query,
        @Nullable HistoryPosition after,
        @Nullable Instant notBefore) {

    /** Among current documents. */
    List<Bson> ofCurrent(String type) {
        List<Bson> bounds = instants(type);
        if (query.of() instanceof HistoryQuery.Resource of) {
            bounds.add(Filters.eq(StoredFields.ID, of.key().id()));
        }
        HistoryPosition last = after;
        if (last != null && last.type().equals(type)) {
            bounds.add(afterTies(last, new BsonString(last.id())));
        }
        return bounds;
    }

    /** Among history documents. */
    List<Bson> ofHistory(String type) {
        List<Bson> bounds = instants(type);
        if (query.of() instanceof HistoryQuery.Resource of) {
            bounds.add(HistoryIds.all(of.key()));
        }
        HistoryQuery.During at = query.at();
        if (at != null) {
            // Where the end is not known, it is asked of the successor.
            bounds.add(Filters.or(
                    Filters.gt(StoredFields.TO, floor(at.start())), Filters.eq(StoredFields.TO, BsonNull.VALUE)));
        }
        HistoryPosition last = after;
        if (last != null && last.type().equals(type)) {
            bounds.add(afterTies(last, HistoryIds.last(last.id())));
        }
        return bounds;
    }

    private List<Bson> instants(String type) {
        List<Bson> bounds = new ArrayList<>();
        bounds.add(Filters.lte(StoredFields.FROM, floor(query.until())));
        Instant since = query.since();
        if (since != null) {
            bounds.add(Filters.gte(StoredFields.FROM, ceiling(since)));
        }
        HistoryQuery.During at = query.at();
        if (at != null) {
            bounds.add(Filters.lt(StoredFields.FROM, ceiling(at.end())));
        }
        if (notBefore != null) {
            bounds.add(Filters.gte(StoredFields.FROM, floor(notBefore)));
        }
        if (after != null) {
            bounds.add(beyond(after, type));
        }
        return bounds;
    }

    /** Those of the position's own instant are still to come for later types, and partly for its own. */
    private static Bson beyond(HistoryPosition after, String type) {
        return type.compareTo(after.type()) < 0
                ? Filters.lt(StoredFields.FROM, floor(after.from()))
                : Filters.lte(StoredFields.FROM, floor(after.from()));
    }

    private static Bson afterTies(HistoryPosition after, BsonValue id) {
        return Filters.or(Filters.lt(StoredFields.FROM, floor(after.from())), Filters.gt(StoredFields.ID, id));
    }

    static BsonDateTime floor(Instant instant) {
        return new BsonDateTime(instant.toEpochMilli());
    }

    private static BsonDateTime ceiling(Instant instant) {
        Instant whole = instant.truncatedTo(ChronoUnit.MILLIS);
        return floor(whole.equals(instant) ? whole : whole.plusMillis(1));
    }
}
