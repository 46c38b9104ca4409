package miroir.storage;

import com.mongodb.MongoServerException;
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
import java.util.UUID;
import org.bson.BsonArray;
import org.bson.BsonDocument;
import org.bson.BsonInt64;
import org.bson.BsonString;
import org.bson.BsonValue;
import org.bson.conversions.Bson;
import org.jspecify.annotations.Nullable;

/**
 * Has one server at a time do a job: a document in {@code miroir_jobs} says who has it and until when, when it is due again,
 * and what came of it last. All instants are the primary's. Who stops gives it back; whoever dies with it holds it for
 * {@link #LENGTH} at most, or for as long as he said, and the work is such that it does no harm if two do it.
 */
final class HoldJob {
    static final Duration LENGTH = Duration.ofMinutes(2);
    private static final String HOLDER = "holder";
    private static final String UNTIL = "until";
    private static final String DUE = "due";
    private static final BsonString NOW = new BsonString("$$NOW");

    private final MongoCollection<BsonDocument> jobs;
    private final Bson job;
    private final String self = UUID.randomUUID().toString();
    private final Duration length;
    private volatile boolean held;
    private volatile long keptAt;

    HoldJob(StoreDatabase database, String job) {
        this(database, job, LENGTH);
    }

    /** One that is held for so long by who dies with it. */
    HoldJob(StoreDatabase database, String job, Duration length) {
        this.length = length;
        this.jobs = database.jobs();
        this.job = Filters.eq(StoredFields.ID, job);
    }

    /**
     * Takes the job, and answers with the time.
     *
     * @param early whether it is taken even if it is not due yet
     */
    Optional<Instant> take(boolean early) {
        makeSure();
        held = true;
        keptAt = System.nanoTime();
        Bson isFree = early ? passed(UNTIL) : Filters.and(passed(UNTIL), passed(DUE));
        BsonDocument taken = jobs.findOneAndUpdate(
                Filters.and(job, Filters.or(Filters.eq(HOLDER, self), isFree)),
                List.of(Updates.combine(Updates.set(HOLDER, self), Updates.set(UNTIL, in(length)))),
                new FindOneAndUpdateOptions().returnDocument(ReturnDocument.AFTER));
        held = taken != null;
        return Optional.ofNullable(taken).map(mine -> instant(mine, UNTIL).minus(length));
    }

    /** The same once a quarter of the time has passed: for who asks all the time. */
    boolean keepWhereDue() {
        return System.nanoTime() - keptAt < length.toNanos() / 4 || keep();
    }

    /** Holds it for longer; false where somebody else has it. */
    boolean keep() {
        keptAt = System.nanoTime();
        return jobs.updateOne(Filters.and(job, Filters.eq(HOLDER, self)), List.of(Updates.set(UNTIL, in(length))))
                        .getMatchedCount()
                == 1;
    }

    /** The same only where the time is not over: others may have seen that it was. */
    boolean keepWhereHeld() {
        BsonDocument isHeld = new BsonDocument(
                "$expr", new BsonDocument("$gt", new BsonArray(List.of(new BsonString("$" + UNTIL), NOW))));
        return jobs.updateOne(
                                Filters.and(job, Filters.eq(HOLDER, self), isHeld),
                                List.of(Updates.set(UNTIL, in(length))))
                        .getMatchedCount()
                == 1;
    }

    /**
     * Gives it back with what came of it.
     *
     * @param dueIn when it is to be done again; null: when it was to be done anyway
     */
    void giveBack(@Nullable Duration dueIn, Instant taken, UpkeepCounts counts) {
        BsonDocument last = counts.document().append("at", HistoryBounds.floor(taken));
        BsonDocument took = new BsonDocument("$subtract", new BsonArray(List.of(NOW, HistoryBounds.floor(taken))));
        jobs.updateOne(
                Filters.and(job, Filters.eq(HOLDER, self)),
                List.of(
                        Updates.combine(
                                Updates.set(UNTIL, NOW),
                                Updates.set(DUE, dueIn == null ? new BsonString("$" + DUE) : in(dueIn)),
                                Updates.set("last", last.append("took", took))),
                        new BsonDocument("$unset", new BsonString(HOLDER))));
        held = false;
    }

    /** Gives it back half done, to whoever wants it next. */
    void letGo() {
        if (held) {
            jobs.updateOne(
                    Filters.and(job, Filters.eq(HOLDER, self)),
                    List.of(Updates.set(UNTIL, NOW), new BsonDocument("$unset", new BsonString(HOLDER))));
            held = false;
        }
    }

    private void makeSure() {
        Date longAgo = Date.from(Instant.EPOCH);
        try {
            jobs.updateOne(
                    job,
                    Updates.combine(Updates.setOnInsert(UNTIL, longAgo), Updates.setOnInsert(DUE, longAgo)),
                    new UpdateOptions().upsert(true));
        } catch (MongoServerException e) {
            if (!Refusing.isDuplicateKey(e)) {
                throw e;
            }
        }
    }

    private static Bson passed(String field) {
        return new BsonDocument(
                "$expr", new BsonDocument("$lte", new BsonArray(List.of(new BsonString("$" + field), NOW))));
    }

    private static BsonValue in(Duration duration) {
        return new BsonDocument("$add", new BsonArray(List.of(NOW, new BsonInt64(duration.toMillis()))));
    }

    private static Instant instant(BsonDocument document, String field) {
        return Instant.ofEpochMilli(document.getDateTime(field).getValue());
    }
}
