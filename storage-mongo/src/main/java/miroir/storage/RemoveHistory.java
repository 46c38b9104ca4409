package miroir.storage;

import com.mongodb.client.model.Filters;
import miroir.index.store.ResourceKey;
import org.bson.conversions.Bson;

/** Removes the superseded versions of an erased resource; as often as one likes. */
final class RemoveHistory {
    private final StoreDatabase database;

    RemoveHistory(StoreDatabase database) {
        this.database = database;
    }

    /** Returns how many versions with content there were besides this one, of which history may have a copy. */
    long of(ResourceKey key, long besides) {
        Bson withContent = Filters.and(
                HistoryIds.all(key), Filters.ne(StoredFields.VERSION, besides), Filters.exists(StoredFields.FHIR));
        long removed = database.history(key.type()).deleteMany(withContent).getDeletedCount();
        of(key);
        return removed;
    }

    void of(ResourceKey key) {
        database.history(key.type()).deleteMany(HistoryIds.all(key));
    }
}
