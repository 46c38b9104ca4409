package miroir.storage;

import com.mongodb.client.model.Filters;
import com.mongodb.client.model.Projections;
import com.mongodb.client.model.Sorts;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import miroir.index.store.Deadline;
import miroir.index.store.ResourceKey;
import org.bson.RawBsonDocument;
import org.bson.conversions.Bson;

/**
 * Until when a version held whose history entry does not say it, as a crash between two steps of {@link CommitVersion}
 * leaves it: the {@code from} of the version after it.
 *
 * <p>Current is read before history. The other way round, two updates between the two reads would have the successor move
 * past us into history, and we would take the instant of the one after it.
 */
final class FindEnd {
    private static final Bson INSTANT = Projections.include(StoredFields.VERSION, StoredFields.FROM);

    private final StoreDatabase database;

    FindEnd(StoreDatabase database) {
        this.database = database;
    }

    /** Empty where the version still holds: the entry is a copy of the current one, made by a write that has not come further. */
    Optional<Instant> run(ResourceKey key, long version, Deadline deadline) {
        RawBsonDocument current = database.current(key.type())
                .find(Filters.eq(StoredFields.ID, key.id()))
                .projection(INSTANT)
                .maxTime(TimeLeft.millis(deadline), TimeUnit.MILLISECONDS)
                .first();
        if (current == null || current.getNumber(StoredFields.VERSION).longValue() <= version) {
            return Optional.empty();
        }
        RawBsonDocument next = current.getNumber(StoredFields.VERSION).longValue() == version + 1
                ? current
                : nextInHistory(key, version, deadline).orElse(current);
        return Optional.of(
                Instant.ofEpochMilli(next.getDateTime(StoredFields.FROM).getValue()));
    }

    /**
     * Whether what history has held until after an instant.
     *
     * @param found read by a filter that leaves out those whose end is said and not after the instant
     */
    boolean isAfter(Instant instant, ResourceKey key, RawBsonDocument found, Deadline deadline) {
        return found.containsKey(StoredFields.TO)
                || run(key, found.getNumber(StoredFields.VERSION).longValue(), deadline)
                        .filter(end -> end.isAfter(instant))
                        .isPresent();
    }

    private Optional<RawBsonDocument> nextInHistory(ResourceKey key, long version, Deadline deadline) {
        return Optional.ofNullable(database.history(key.type())
                .find(Filters.and(
                        Filters.gt(StoredFields.ID, HistoryIds.of(key.id(), version)),
                        Filters.lt(StoredFields.ID, HistoryIds.last(key.id()))))
                .sort(Sorts.ascending(StoredFields.ID))
                .projection(INSTANT)
                .maxTime(TimeLeft.millis(deadline), TimeUnit.MILLISECONDS)
                .first());
    }
}
