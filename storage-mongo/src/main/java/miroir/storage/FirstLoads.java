package miroir.storage;

import com.mongodb.client.model.Filters;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.bson.BsonArray;
import org.bson.BsonDocument;
import org.bson.BsonString;
import org.jspecify.annotations.Nullable;

/**
 * Which types are loaded for the first time, and so have none of the indexes of searches.
 *
 * <p>The problem: a resource of the directory has a hundred keys in some forty indexes, most of them 3-grams. Put in one at a time they are nearly all of what a first
 * load costs the database, and they leave pages half empty: the indexes are three times as large as those that are made of the same resources at once.
 *
 * <p>The approach: who loads a type of which nothing is there drops them while there is nothing in them, and has them made when everything is there. Meanwhile
 * nobody searches the type by anything but ids and instants, which would be a search of a part of it; all processes know that from a job in {@code miroir_jobs},
 * which the loader holds, and at which they look as often as at what is searched. Where he dies, it is free after {@link HoldJob#LENGTH}, and stays so for him: whoever sees that first
 * makes the indexes, while whoever goes on with the load writes.
 */
final class FirstLoads {
    private static final String JOB = "first-load/";

    private final StoreDatabase database;
    private volatile Set<String> known = Set.of();

    FirstLoads(StoreDatabase database) {
        this.database = database;
    }

    /** Whether somebody loads the type for the first time, as it was last read. */
    boolean isOn(String type) {
        return known.contains(type);
    }

    /** Those types, as they were last read. */
    Set<String> types() {
        return known;
    }

    /** That a type is one of them, in a sentence. */
    static String words(String type) {
        return type + " is being loaded for the first time, and searched when everything is there";
    }

    /** Reads which types it is; those that are not loaded for the first time any more, and null where nothing is otherwise than before. */
    synchronized @Nullable Set<String> readOver() {
        Set<String> found = new TreeSet<>();
        BsonDocument isHeld = new BsonDocument(
                "$expr",
                new BsonDocument("$gt", new BsonArray(List.of(new BsonString("$until"), new BsonString("$$NOW")))));
        for (BsonDocument job : database.jobs().find(Filters.and(Filters.regex(StoredFields.ID, "^" + JOB), isHeld))) {
            found.add(job.getString(StoredFields.ID).getValue().substring(JOB.length()));
        }
        Set<String> before = known;
        known = Collections.unmodifiableSet(found);
        if (found.equals(before)) {
            return null;
        }
        Set<String> over = new TreeSet<>(before);
        over.removeAll(found);
        return over;
    }

    /** What the loader of a type holds. */
    HoldJob job(String type) {
        return new HoldJob(database, JOB + type);
    }
}
