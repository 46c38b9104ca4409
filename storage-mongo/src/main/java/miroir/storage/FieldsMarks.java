package miroir.storage;

import com.mongodb.MongoServerException;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.Projections;
import com.mongodb.client.model.UpdateOptions;
import com.mongodb.client.model.Updates;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.bson.BsonArray;
import org.bson.BsonDocument;
import org.bson.BsonInt64;
import org.bson.BsonValue;
import org.bson.conversions.Bson;

/**
 * The mark of each type in {@code miroir_state}: the number of which the fields of all its documents are, or of a later one, and the
 * identities of its two collections, for a collection that was restored in place of another has another. It is true for ever once it is true, so one that
 * comes late does no harm, as long as it does not take the place of a greater one. Beside it stands how far the work is.
 */
final class FieldsMarks {
    private static final String LEFT = "left";
    private static final String INCOMPLETE = "incomplete";
    private static final String PROGRESS = "progress";
    private static final String DONE = "done";
    private static final String MOST = "most";

    /** Of more than so many it is not asked which of them are left: some are taken to be. */
    static final int MOST_NAMED = 100;

    private final StoreDatabase database;
    private final Map<String, Mark> known = new ConcurrentHashMap<>();

    /**
     * What was read.
     *
     * @param left how many versions kept older fields, because others cannot be made or do not fit
     * @param incomplete the ids of those of them that were the newest then, or one more than are named
     */
    private record Mark(long number, long left, List<BsonValue> incomplete, Progress progress) {
        Mark at(Progress now) {
            return new Mark(number, left, incomplete, now);
        }
    }

    /**
     * How far the work on a type is.
     *
     * @param done how many versions have their fields anew
     * @param most how many there are at most to be done; 0: nothing is done at the moment
     */
    record Progress(long done, long most) {
        static final Progress NONE = new Progress(0, 0);

        Progress and(Progress other) {
            return new Progress(done + other.done, most + other.most);
        }

        String words() {
            return most == 0 ? "" : done + " made anew of at most " + most;
        }
    }

    FieldsMarks(StoreDatabase database) {
        this.database = database;
    }

    /** Whether all documents of a type have the fields of a number or of a later one, as it was last read. */
    boolean reach(String type, long number) {
        Mark mark = known.get(type);
        return mark != null && FieldsNumber.isAtLeast(mark.number(), number);
    }

    /** How far the work on a type is, in words, as it was last read. */
    String progress(String type) {
        Mark mark = known.get(type);
        return mark == null ? "" : mark.progress().words();
    }

    /** How far the work on all types together is, as it was last read. */
    Progress progress() {
        return known.values().stream().map(Mark::progress).reduce(Progress.NONE, Progress::and);
    }

    /** How many versions kept older fields, by type. */
    Map<String, Long> left() {
        Map<String, Long> left = new TreeMap<>();
        known.forEach((type, mark) -> {
            if (mark.left() > 0) {
                left.put(type, mark.left());
            }
        });
        return left;
    }

    /** The types of which some resource cannot be found by all that it is, unless it was changed or deleted since. */
    Set<String> incomplete() {
        Set<String> types = new TreeSet<>();
        known.forEach((type, mark) -> {
            if (!mark.incomplete().isEmpty() && isIncomplete(type, mark)) {
                types.add(type);
            }
        });
        return types;
    }

    private boolean isIncomplete(String type, Mark mark) {
        return mark.incomplete().size() > MOST_NAMED
                || Refusing.failures(
                        "looking for resources of " + type + " with older search fields",
                        () -> database.current(type)
                                        .find(Filters.and(
                                                Filters.in(StoredFields.ID, mark.incomplete()),
                                                FieldsNumber.isBelow(mark.number()),
                                                Filters.exists(StoredFields.FHIR)))
                                        .projection(Projections.include(StoredFields.ID))
                                        .first()
                                != null);
    }

    boolean hasLeft(String type) {
        return left().containsKey(type);
    }

    /** Reads the marks of some types as far as they have changed, with one query; whether one has. */
    boolean readNews(Set<String> types) {
        Map<BsonValue, String> byId = new HashMap<>();
        types.forEach(type -> byId.put(StoreDatabase.stateId("fields", type), type));
        boolean news = false;
        for (BsonDocument found : database.state().find(Filters.in(StoredFields.ID, byId.keySet()))) {
            String type = Objects.requireNonNull(byId.get(found.get(StoredFields.ID)));
            Mark before = known.get(type);
            if (before == null || before.number() != FieldsNumber.of(found)) {
                read(type);
                news = true;
            } else {
                known.computeIfPresent(type, (same, mark) -> mark.at(progress(found)));
            }
        }
        return news;
    }

    /** The words beside the numbers are for who looks into the database. */
    private static Progress progress(BsonDocument mark) {
        return new Progress(
                mark.getInt64(DONE, new BsonInt64(0)).getValue(),
                mark.getInt64(MOST, new BsonInt64(0)).getValue());
    }

    /** Reads the mark of a type. One after the other, or an older one would be taken for the newer. */
    synchronized void read(String type) {
        BsonDocument found = database.state().find(byId(type)).first();
        boolean isOfThese = found != null
                && found.entrySet().containsAll(database.identities(type).entrySet());
        BsonDocument mark = found == null ? new BsonDocument() : found;
        known.put(
                type,
                new Mark(
                        isOfThese ? FieldsNumber.of(mark) : 0,
                        mark.getInt64(LEFT, new BsonInt64(0)).getValue(),
                        mark.getArray(INCOMPLETE, new BsonArray()).getValues(),
                        progress(mark)));
    }

    /**
     * All documents of a type have fields of that number or a later one.
     *
     * @param incomplete the ids of those that have not, and are the newest versions; one more than {@link #MOST_NAMED} where there are more
     */
    void write(String type, long number, long left, List<BsonValue> incomplete) {
        List<Bson> changes = new ArrayList<>(List.of(
                Updates.set(StoredFields.GENERATION, number),
                Updates.set(LEFT, left),
                Updates.set(INCOMPLETE, incomplete),
                Updates.unset(PROGRESS),
                Updates.unset(DONE),
                Updates.unset(MOST)));
        List<Bson> others = new ArrayList<>(List.of(
                FieldsNumber.isBelow(number),
                Filters.and(Filters.eq(StoredFields.GENERATION, number), Filters.gt(LEFT, left))));
        for (Map.Entry<String, BsonValue> identity : database.identities(type).entrySet()) {
            changes.add(Updates.set(identity.getKey(), identity.getValue()));
            others.add(Filters.ne(identity.getKey(), identity.getValue()));
        }
        try {
            database.state()
                    .updateOne(
                            Filters.and(byId(type), Filters.or(others)),
                            Updates.combine(changes),
                            new UpdateOptions().upsert(true));
        } catch (MongoServerException e) {
            if (!Refusing.isDuplicateKey(e)) {
                throw e;
            }
            // A greater one is there.
        }
        read(type);
    }

    /**
     * Says to all how far the work is. Once a majority has it, what is read patiently is read of a primary that knows all that was
     * known to a majority before.
     */
    void say(String type, Progress progress) {
        known.computeIfPresent(type, (same, mark) -> mark.at(progress));
        database.patiently(database.state())
                .updateOne(
                        byId(type),
                        Updates.combine(
                                Updates.set(PROGRESS, progress.words()),
                                Updates.set(DONE, progress.done()),
                                Updates.set(MOST, progress.most())),
                        new UpdateOptions().upsert(true));
    }

    private static Bson byId(String type) {
        return Filters.eq(StoredFields.ID, StoreDatabase.stateId("fields", type));
    }
}
