package miroir.storage;

import com.mongodb.ErrorCategory;
import com.mongodb.MongoBulkWriteException;
import com.mongodb.MongoCommandException;
import com.mongodb.MongoException;
import com.mongodb.WriteConcern;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.BulkWriteOptions;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.FindOneAndUpdateOptions;
import com.mongodb.client.model.IndexOptions;
import com.mongodb.client.model.Indexes;
import com.mongodb.client.model.ReturnDocument;
import com.mongodb.client.model.UpdateOneModel;
import com.mongodb.client.model.UpdateOptions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.bson.BsonArray;
import org.bson.BsonDocument;
import org.bson.BsonInt64;
import org.bson.BsonString;
import org.bson.conversions.Bson;
import org.bson.types.ObjectId;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes guards and gives them up: {@code {_id: <name>, holder, until}} in {@code miroir_guards}. One command takes a guard that
 * nobody has or whose holder's time is over, by the primary's clock, and leaves it alone otherwise; what comes back tells which.
 * Each taking is a holder of its own, so whoever comes too late gives up nobody else's. What dead holders leave, MongoDB removes.
 */
final class TakeGuard {
    private static final Logger LOG = LoggerFactory.getLogger(TakeGuard.class);
    private static final String HOLDER = "holder";
    private static final String UNTIL = "until";
    private static final BsonString NOW = new BsonString("$$NOW");
    private static final FindOneAndUpdateOptions OR_INSERT =
            new FindOneAndUpdateOptions().upsert(true).returnDocument(ReturnDocument.AFTER);

    private final StoreDatabase database;
    private final Duration length;
    private volatile boolean expiring;

    TakeGuard(StoreDatabase database, Duration length) {
        this.database = database;
        this.length = length;
    }

    /**
     * Guards within a transaction. To write one is enough there: of two transactions that do so one fails, and everybody else
     * waits until the transaction has ended. After that it is held no longer.
     */
    static TakeGuard within(StoreDatabase transaction) {
        TakeGuard takeGuard = new TakeGuard(transaction, Duration.ZERO);
        takeGuard.expiring = true;
        return takeGuard;
    }

    /** Guards that are held for another time; their index is there. */
    TakeGuard lasting(Duration other) {
        TakeGuard takeGuard = new TakeGuard(database, other);
        takeGuard.expiring = true;
        return takeGuard;
    }

    /**
     * A guard that is held.
     *
     * @param until by the primary's clock
     */
    record Guard(String name, String holder, Instant until) {}

    /** Empty where somebody else has it. */
    Optional<Guard> run(String name) {
        String holder = new ObjectId().toHexString();
        try {
            BsonDocument guard = guards().findOneAndUpdate(
                            Filters.eq(StoredFields.ID, name), List.of(takenBy(name, holder)), OR_INSERT);
            return Optional.of(read(Objects.requireNonNull(guard)))
                    .filter(taken -> taken.holder().equals(holder));
        } catch (MongoCommandException e) {
            if (Refusing.isDuplicateKey(e)) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /** Several that are held together. */
    record Guards(List<String> names, String holder) {}

    /**
     * All of these in one command, and a look at whose they are; empty where somebody else has one of them, and then none is kept. Who
     * has them already has them for longer.
     */
    Optional<Guards> all(List<String> names, String holder) {
        Guards guards = new Guards(names, holder);
        List<UpdateOneModel<BsonDocument>> taking = names.stream()
                .map(name -> new UpdateOneModel<BsonDocument>(
                        Filters.eq(StoredFields.ID, name),
                        List.of(takenBy(name, guards.holder())),
                        new UpdateOptions().upsert(true)))
                .toList();
        try {
            guards().bulkWrite(taking, new BulkWriteOptions().ordered(false));
        } catch (MongoBulkWriteException e) {
            if (!e.getWriteErrors().stream().allMatch(error -> error.getCategory() == ErrorCategory.DUPLICATE_KEY)) {
                throw e;
            }
        }
        if (guards().countDocuments(held(guards)) < names.size()) {
            giveUp(guards);
            return Optional.empty();
        }
        return Optional.of(guards);
    }

    private static Bson held(Guards guards) {
        return Filters.and(Filters.in(StoredFields.ID, guards.names()), Filters.eq(HOLDER, guards.holder()));
    }

    void giveUp(Guard guard) {
        giveUp(new Guards(List.of(guard.name()), guard.holder()));
    }

    /** Needs no majority, and may fail: what is not given up lasts until its end. */
    void giveUp(Guards guards) {
        try {
            database.guards().withWriteConcern(WriteConcern.W1).deleteMany(held(guards));
        } catch (MongoException e) {
            LOG.debug("the guards {} are left to expire", guards.names(), e);
        }
    }

    private BsonDocument takenBy(String name, String holder) {
        BsonDocument isHeld = operator(
                "$and",
                new BsonArray(List.of(
                        operator("$gt", new BsonArray(List.of(new BsonString("$" + UNTIL), NOW))),
                        operator(
                                "$ne", new BsonArray(List.of(new BsonString("$" + HOLDER), new BsonString(holder)))))));
        BsonDocument taken = new BsonDocument(StoredFields.ID, new BsonString(name))
                .append(HOLDER, new BsonString(holder))
                .append(UNTIL, operator("$add", new BsonArray(List.of(NOW, new BsonInt64(length.toMillis())))));
        return new BsonDocument(
                "$replaceWith", operator("$cond", new BsonArray(List.of(isHeld, new BsonString("$$ROOT"), taken))));
    }

    private static BsonDocument operator(String name, BsonArray operands) {
        return new BsonDocument(name, operands);
    }

    private static Guard read(BsonDocument guard) {
        return new Guard(
                guard.getString(StoredFields.ID).getValue(),
                guard.getString(HOLDER).getValue(),
                Instant.ofEpochMilli(guard.getDateTime(UNTIL).getValue()));
    }

    /** With the index by which they expire; whoever needs it first makes it. */
    MongoCollection<BsonDocument> guards() {
        MongoCollection<BsonDocument> guards = database.guards();
        if (!expiring) {
            guards.createIndex(Indexes.ascending(UNTIL), new IndexOptions().expireAfter(0L, TimeUnit.SECONDS));
            expiring = true;
        }
        return guards;
    }
}
