package miroir.storage.ledger;

import com.mongodb.ErrorCategory;
import com.mongodb.MongoWriteException;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.FindOneAndUpdateOptions;
import com.mongodb.client.model.ReturnDocument;
import com.mongodb.client.model.UpdateOptions;
import com.mongodb.client.model.Updates;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import org.bson.BsonArray;
import org.bson.BsonDocument;
import org.bson.BsonInt64;
import org.bson.BsonString;
import org.bson.BsonValue;
import org.bson.conversions.Bson;

/**
 * Leases in {@code miroir_jobs}, by the database's clock alone. Each taking has a greater token, which is what fences: a
 * process that was stopped for longer than its lease still has the old one, and its changes match nothing.
 */
final class TakeLease {
    private static final String HOLDER = "holder";
    private static final String UNTIL = "until";
    private static final String TOKEN = "token";
    private static final BsonString NOW = new BsonString("$$NOW");

    private final MongoCollection<BsonDocument> jobs;

    TakeLease(MongoCollection<BsonDocument> jobs) {
        this.jobs = jobs;
    }

    /** Empty where somebody else has it. */
    Optional<Lease> take(String job, String holder, Duration length) {
        makeSure(job);
        return takeKnown(job, holder, length);
    }

    /** The same of one that is there already, and is not made where it is not. */
    Optional<Lease> takeKnown(String job, String holder, Duration length) {
        Bson free = Filters.and(Filters.eq("_id", job), Filters.or(Filters.eq(HOLDER, holder), passed()));
        BsonDocument next =
                new BsonDocument("$add", new BsonArray(List.of(new BsonString("$" + TOKEN), new BsonInt64(1))));
        return update(
                free,
                Updates.combine(Updates.set(HOLDER, holder), Updates.set(UNTIL, in(length)), Updates.set(TOKEN, next)));
    }

    /** For longer; empty where somebody else has it. */
    Optional<Lease> keep(Lease lease, Duration length) {
        return update(mine(lease), Updates.set(UNTIL, in(length)));
    }

    void giveBack(Lease lease) {
        jobs.updateOne(
                mine(lease), List.of(Updates.set(UNTIL, NOW), new BsonDocument("$unset", new BsonString(HOLDER))));
    }

    static Bson mine(Lease lease) {
        return Filters.and(Filters.eq("_id", lease.job()), Filters.eq(TOKEN, lease.token()));
    }

    private Optional<Lease> update(Bson filter, Bson update) {
        return Optional.ofNullable(jobs.findOneAndUpdate(
                        filter, List.of(update), new FindOneAndUpdateOptions().returnDocument(ReturnDocument.AFTER)))
                .map(taken -> new Lease(
                        taken.getString("_id").getValue(),
                        taken.getString(HOLDER).getValue(),
                        taken.getNumber(TOKEN).longValue(),
                        Instant.ofEpochMilli(taken.getDateTime(UNTIL).getValue())));
    }

    private void makeSure(String job) {
        try {
            jobs.updateOne(
                    Filters.eq("_id", job),
                    Updates.combine(
                            Updates.setOnInsert(UNTIL, Date.from(Instant.EPOCH)), Updates.setOnInsert(TOKEN, 0L)),
                    new UpdateOptions().upsert(true));
        } catch (MongoWriteException e) {
            if (e.getError().getCategory() != ErrorCategory.DUPLICATE_KEY) {
                throw e;
            }
        }
    }

    /** That nobody has it. */
    static Bson passed() {
        return Filters.expr(new BsonDocument("$lte", new BsonArray(List.of(new BsonString("$" + UNTIL), NOW))));
    }

    private static BsonValue in(Duration duration) {
        return new BsonDocument("$add", new BsonArray(List.of(NOW, new BsonInt64(duration.toMillis()))));
    }
}
