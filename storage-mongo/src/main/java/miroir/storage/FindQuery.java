package miroir.storage;

import com.mongodb.client.model.Filters;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.bson.BsonDocument;

/** Finds what {@link KeepQuery} kept. */
final class FindQuery {
    private final StoreDatabase database;

    FindQuery(StoreDatabase database) {
        this.database = database;
    }

    Optional<byte[]> run(String name) {
        BsonDocument kept = database.queries()
                .find(Filters.eq(StoredFields.ID, name))
                .maxTime(database.operationTimeout().toMillis(), TimeUnit.MILLISECONDS)
                .first();
        return Optional.ofNullable(kept)
                .map(document -> document.getBinary(KeepQuery.QUERY).getData());
    }
}
