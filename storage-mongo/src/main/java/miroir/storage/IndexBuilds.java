package miroir.storage;

import com.mongodb.MongoException;
import com.mongodb.client.model.Aggregates;
import com.mongodb.client.model.Filters;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.bson.BsonDocument;
import org.bson.BsonString;
import org.jspecify.annotations.Nullable;

/** How far the server is with the indexes that it is building; asked once a second, however many probes want to know. */
final class IndexBuilds {
    private static final long FRESH_FOR = Duration.ofSeconds(1).toNanos();

    private final StoreDatabase database;
    private volatile @Nullable Known known;

    private record Known(List<String> builds, long at) {}

    IndexBuilds(StoreDatabase database) {
        this.database = database;
    }

    /** In words, one sentence per build; empty where nothing is known. */
    List<String> progress() {
        Known latest = known;
        if (latest == null || System.nanoTime() - latest.at() > FRESH_FOR) {
            latest = new Known(ask(), System.nanoTime());
            known = latest;
        }
        return latest.builds();
    }

    private List<String> ask() {
        List<String> builds = new ArrayList<>();
        try {
            database.admin()
                    .aggregate(
                            List.of(
                                    new BsonDocument("$currentOp", new BsonDocument()),
                                    Aggregates.match(Filters.and(
                                            Filters.regex("msg", "^Index Build"), Filters.exists("progress")))),
                            BsonDocument.class)
                    .maxTime(FRESH_FOR, TimeUnit.NANOSECONDS)
                    .forEach(build -> builds.add(
                            build.getString("msg", new BsonString("")).getValue()));
        } catch (MongoException e) {
            // Not everyone may ask for this, and an answer without figures is better than none.
            return List.of();
        }
        return builds.stream().distinct().toList();
    }
}
