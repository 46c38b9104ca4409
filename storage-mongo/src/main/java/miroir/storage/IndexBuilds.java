package miroir.storage;

import com.mongodb.MongoException;
import com.mongodb.ReadConcern;
import com.mongodb.client.model.Aggregates;
import com.mongodb.client.model.Filters;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonString;
import org.jspecify.annotations.Nullable;

/** How far the server is with the indexes that it is building; asked once a second, however many probes want to know. */
final class IndexBuilds {
    private static final long FRESH_FOR = Duration.ofSeconds(1).toNanos();
    private static final long PATIENCE = Duration.ofSeconds(3).toNanos();
    private static final BsonInt32 ZERO = new BsonInt32(0);

    private final StoreDatabase database;
    private volatile @Nullable Known known;

    private record Known(@Nullable List<Build> builds, long at) {}

    /**
     * One that goes on.
     *
     * @param said in words
     * @param done how much of the phase that it is in is done, of {@code all}
     */
    record Build(String said, long done, long all) {}

    IndexBuilds(StoreDatabase database) {
        this.database = database;
    }

    /** In words, one sentence per build; empty where nothing is known. */
    List<String> progress() {
        List<Build> present = present();
        return present == null
                ? List.of()
                : present.stream().map(Build::said).distinct().toList();
    }

    /** Those that the database does now; null where nothing is known, which is not the same as none. */
    @Nullable
    List<Build> present() {
        Known latest = known;
        if (latest == null || System.nanoTime() - latest.at() > FRESH_FOR) {
            latest = new Known(ask(), System.nanoTime());
            known = latest;
        }
        return latest.builds();
    }

    private @Nullable List<Build> ask() {
        List<Build> builds = new ArrayList<>();
        try {
            database.admin()
                    .withReadConcern(ReadConcern.LOCAL) // It knows no other.
                    .aggregate(
                            List.of(
                                    new BsonDocument("$currentOp", new BsonDocument()),
                                    Aggregates.match(Filters.and(
                                            Filters.regex("msg", "^Index Build"), Filters.exists("progress")))),
                            BsonDocument.class)
                    .maxTime(PATIENCE, TimeUnit.NANOSECONDS)
                    .forEach(build -> builds.add(read(build)));
        } catch (MongoException e) {
            // Not everyone may ask for this, and an answer without figures is better than none.
            return null;
        }
        return builds.stream().distinct().toList();
    }

    private static Build read(BsonDocument operation) {
        BsonDocument progress = operation.getDocument("progress", new BsonDocument());
        return new Build(
                operation.getString("msg", new BsonString("")).getValue(),
                progress.getNumber("done", ZERO).longValue(),
                progress.getNumber("total", ZERO).longValue());
    }
}
