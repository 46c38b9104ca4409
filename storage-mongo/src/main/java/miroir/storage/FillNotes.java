package miroir.storage;

import com.mongodb.client.model.Filters;
import com.mongodb.client.model.UpdateOptions;
import com.mongodb.client.model.Updates;
import java.time.Instant;
import java.util.Date;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.bson.BsonArray;
import org.bson.BsonDocument;
import org.bson.BsonString;
import org.bson.BsonValue;
import org.bson.conversions.Bson;
import org.jspecify.annotations.Nullable;

/**
 * What is written down about filling a database, in {@code miroir_state}: of which types, into which collections, which parts are in, what cannot be found by what it says, and whether
 * all is in. Parts count for the collections that they were put into, and for no others of the same name.
 */
final class FillNotes {
    /** How the ids begin. */
    static final String FILLED_WITH = "filled with ";

    private static final String TYPES = "types";
    private static final String COLLECTIONS = "collections";
    private static final String PARTS = "parts";
    private static final String DONE = "done";
    private static final String UNFOUND = "unfound";
    private static final String UNFOUND_CURRENT = "unfoundCurrent";

    private final StoreDatabase database;
    private final Bson byId;

    FillNotes(StoreDatabase database, String with) {
        this.database = database;
        this.byId = Filters.eq(StoredFields.ID, new BsonString(FILLED_WITH + with));
    }

    @Nullable
    BsonDocument read() {
        return database.state().find(byId).first();
    }

    static boolean isDone(BsonDocument known) {
        return known.containsKey(DONE);
    }

    static Set<String> parts(BsonDocument known) {
        return texts(known, PARTS);
    }

    /** The types that it was begun with; empty where nobody wrote that down. */
    static Set<String> types(BsonDocument known) {
        return texts(known, TYPES);
    }

    private static Set<String> texts(BsonDocument known, String field) {
        Set<String> texts = new HashSet<>();
        known.getArray(field, new BsonArray())
                .forEach(text -> texts.add(text.asString().getValue()));
        return texts;
    }

    /** The collections of these types, as they are now. */
    private BsonDocument collections(Set<String> types) {
        BsonDocument collections = new BsonDocument();
        types.forEach(type -> collections.putAll(database.identities(type)));
        return collections;
    }

    /** Those that are not what was filled: somebody dropped them since. */
    Set<String> dropped(BsonDocument known, Set<String> types) {
        BsonDocument now = collections(types);
        Set<String> dropped = new HashSet<>();
        known.getDocument(COLLECTIONS, new BsonDocument()).forEach((name, identity) -> {
            if (!identity.equals(now.get(name))) {
                dropped.add(name);
            }
        });
        return dropped;
    }

    /** Before anything is put in. */
    void begin(Set<String> types, long number) {
        database.state()
                .updateOne(
                        byId,
                        Updates.combine(
                                Updates.set(TYPES, List.copyOf(types)),
                                Updates.set(COLLECTIONS, collections(types)),
                                Updates.set(StoredFields.GENERATION, number)),
                        new UpdateOptions().upsert(true));
    }

    /** Some fields are made by another number by now: whoever opens the store makes sure of all. */
    void ofSeveralNumbers() {
        database.state().updateOne(byId, Updates.set(StoredFields.GENERATION, 0L));
    }

    /** A part is in. */
    void part(String part, Instant until) {
        inTime(Updates.addToSet(PARTS, part), until);
    }

    /** What is in does not count any more. */
    void forgetParts(Instant until) {
        inTime(Updates.unset(PARTS), until);
    }

    /** All is in. */
    void done(Instant now, Instant until) {
        inTime(Updates.set(DONE, Date.from(now)), until);
    }

    private void inTime(Bson change, Instant until) {
        long matched = database.state()
                .updateOne(Filters.and(byId, InTime.condition(until)), change)
                .getMatchedCount();
        if (matched == 0) {
            throw HeldFilling.late(until);
        }
    }

    void remove() {
        database.state().deleteOne(byId);
    }

    /** So many are named as the mark of a type names; more are counted as some. Those that are current are named apart, or others could leave no room for them. */
    void unfound(String type, String resource, boolean isCurrent) {
        add(UNFOUND + "." + type, resource);
        if (isCurrent) {
            add(UNFOUND_CURRENT + "." + type, resource);
        }
    }

    private void add(String list, String resource) {
        database.state()
                .updateOne(
                        Filters.and(byId, Filters.exists(list + "." + FieldsMarks.MOST_NAMED, false)),
                        Updates.addToSet(list, resource));
    }

    /** All that was there was put in with these fields. */
    void mark(String type, long number) {
        BsonDocument known = Objects.requireNonNull(read());
        List<BsonValue> current = named(known, UNFOUND_CURRENT, type);
        int all = Math.max(named(known, UNFOUND, type).size(), current.size());
        new FieldsMarks(database).write(type, number, all, current);
    }

    private static List<BsonValue> named(BsonDocument known, String field, String type) {
        List<BsonValue> all = known.getDocument(field, new BsonDocument())
                .getArray(type, new BsonArray())
                .getValues();
        return all.subList(0, Math.min(all.size(), FieldsMarks.MOST_NAMED + 1));
    }
}
