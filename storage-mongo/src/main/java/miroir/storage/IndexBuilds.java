package miroir.storage;

import com.mongodb.MongoException;
import com.mongodb.client.model.Aggregates;
import com.mongodb.client.model.Filters;
import java.util.ArrayList;
import java.util.List;
import org.bson.BsonDocument;
import org.bson.BsonString;

/** How far the server is with the indexes that it is building. */
final class IndexBuilds {
    private final StoreDatabase database;

    IndexBuilds(StoreDatabase database) {
        this.database = database;
    }

    /** In words, one sentence per build; empty where nothing is known. */
    List<String> progress() {
        List<String> builds = new ArrayList<>();
        try {
            database.admin()
                    .aggregate(
                            List.of(
                                    new BsonDocument("$currentOp", new BsonDocument()),
                                    Aggregates.match(Filters.and(
                                            Filters.regex("msg", "^Index Build"), Filters.exists("progress")))),
                            BsonDocument.class)
                    .forEach(build -> builds.add(
                            build.getString("msg", new BsonString("")).getValue()));
        } catch (MongoException e) {
            // Not everyone may ask for this, and an answer without figures is better than none.
            return List.of();
        }
        return builds.stream().distinct().toList();
    }
}
