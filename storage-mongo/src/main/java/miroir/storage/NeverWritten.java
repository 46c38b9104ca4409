package miroir.storage;

import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.Projections;
import miroir.index.yaml.ConfigurationRefused;
import org.bson.BsonDocument;
import org.bson.BsonValue;

/**
 * Whether nobody ever wrote a resource into a database, of any type. Versions that are put in are of instants long past; whoever followed the database before, by {@code _since}, by
 * links to pages or with a copy of it, has passed those instants and would never be told. There is nothing to follow where nothing ever was.
 */
final class NeverWritten {
    private final StoreDatabase database;
    private final String name;

    NeverWritten(StoreDatabase database, String name) {
        this.database = database;
        this.name = name;
    }

    /** Looks at documents, not at what the database counts of itself, which is wrong after it was killed. */
    void require() {
        for (String type : database.types()) {
            if (isThere(database.current(type)) || isThere(database.history(type))) {
                throw refused("holds resources of " + type + " already, deletions and earlier versions included");
            }
        }
        BsonDocument counter = database.counters().find().first();
        if (counter != null) {
            BsonValue type = counter.get(StoredFields.ID);
            throw refused("had resources once (of "
                    + (type == null ? "" : type.asString().getValue())
                    + "), and whoever followed it would not be told of what comes");
        }
    }

    boolean isEmpty(String type) {
        return !isThere(database.current(type)) && !isThere(database.history(type));
    }

    private static boolean isThere(MongoCollection<?> collection) {
        return collection
                        .find(Filters.empty())
                        .projection(Projections.include(StoredFields.ID))
                        .limit(1)
                        .first()
                != null;
    }

    private ConfigurationRefused refused(String why) {
        return new ConfigurationRefused(
                "the database " + name,
                why
                        + "; an import needs one into which nobody ever wrote a resource: name another database, or drop this one");
    }
}
