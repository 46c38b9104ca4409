package miroir.storage;

import com.mongodb.ErrorCategory;
import com.mongodb.MongoBulkWriteException;
import com.mongodb.MongoCommandException;
import com.mongodb.MongoConnectionPoolClearedException;
import com.mongodb.MongoCursorNotFoundException;
import com.mongodb.MongoException;
import com.mongodb.MongoExecutionTimeoutException;
import com.mongodb.MongoInterruptedException;
import com.mongodb.MongoNodeIsRecoveringException;
import com.mongodb.MongoNotPrimaryException;
import com.mongodb.MongoServerException;
import com.mongodb.MongoServerUnavailableException;
import com.mongodb.MongoSocketException;
import com.mongodb.MongoStalePrimaryException;
import com.mongodb.MongoTimeoutException;
import com.mongodb.bulk.WriteConcernError;
import java.util.Map;
import java.util.function.Supplier;
import miroir.index.Refusal;
import org.bson.BsonDocument;
import org.bson.BsonValue;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns what the database cannot do at the moment into refusals; a failure that is our own fault stays what it is. */
final class Refusing {
    private static final Logger LOG = LoggerFactory.getLogger(Refusing.class);

    /** What MongoDB says when a node is away, steps down, shuts down or is behind, or when an operation was killed. */
    private static final Map<Integer, String> AWAY = Map.ofEntries(
            Map.entry(6, "HostUnreachable"),
            Map.entry(7, "HostNotFound"),
            Map.entry(64, "WriteConcernFailed"),
            Map.entry(89, "NetworkTimeout"),
            Map.entry(91, "ShutdownInProgress"),
            Map.entry(112, "WriteConflict"),
            Map.entry(134, "ReadConcernMajorityNotAvailableYet"),
            Map.entry(189, "PrimarySteppedDown"),
            Map.entry(262, "ExceededTimeLimit"),
            Map.entry(9001, "SocketException"),
            Map.entry(10107, "NotWritablePrimary"),
            Map.entry(11600, "InterruptedAtShutdown"),
            Map.entry(11601, "Interrupted"),
            Map.entry(11602, "InterruptedDueToReplStateChange"),
            Map.entry(13435, "NotPrimaryNoSecondaryOk"),
            Map.entry(13436, "NotPrimaryOrSecondary"));

    private static final int BAD_VALUE = 2;
    private static final int OVER_TIME = 50;

    /** Of a transaction that would not fit however often it is tried. */
    private static final int LARGER_THAN_CACHE = 388;

    /** What goes by an index ends when that is dropped. */
    private static final int PLAN_KILLED = 175;

    private Refusing() {}

    /**
     * Runs a call of the database.
     *
     * @param asked what is being done, to be named where there was no time for it
     */
    static <T> T failures(String asked, Supplier<T> call) {
        return failures(() -> asked, call);
    }

    /** The same where it takes time to say what is being done. */
    static <T> T failures(Supplier<String> asked, Supplier<T> call) {
        try {
            return call.get();
        } catch (MongoException e) {
            if (e.hasErrorLabel(MongoException.TRANSIENT_TRANSACTION_ERROR_LABEL)) {
                // Whoever does the transaction does it again.
                throw e;
            }
            if (isOverTime(e)) {
                throw tooCostly(asked.get());
            }
            if (e.getCode() == LARGER_THAN_CACHE) {
                throw new Refusal(
                        Refusal.Reason.TOO_LARGE,
                        "the transaction is larger than the cache of the database can hold beside what is in it ("
                                + asked.get() + "): send it in parts, or give the database a larger cache");
            }
            if (isAway(e)) {
                LOG.warn("the database is away while {}: {}", asked.get(), e.getMessage());
                throw new Refusal(
                        Refusal.Reason.NOT_READY,
                        "the database does not answer at the moment (" + asked.get() + "): try again");
            }
            throw e;
        }
    }

    static Refusal tooCostly(String asked) {
        return new Refusal(Refusal.Reason.TOO_COSTLY, "there was not enough time for " + asked);
    }

    /** Whether the limit that a call was given was over, be it while it was done or while a majority was waited for. */
    static boolean isOverTime(MongoException e) {
        return e instanceof MongoExecutionTimeoutException || e.getCode() == OVER_TIME;
    }

    /** Whether the database has said what it did not do of a write, and nothing of it is open any more. */
    static boolean isKnown(MongoException e) {
        boolean isAnswer = (e instanceof MongoCommandException command && majority(command) == null)
                || (e instanceof MongoBulkWriteException bulk && bulk.getWriteConcernError() == null);
        return isAnswer && !isAway(e) && !isOverTime(e);
    }

    static boolean isDuplicateKey(MongoServerException e) {
        return ErrorCategory.fromErrorCode(e.getCode()) == ErrorCategory.DUPLICATE_KEY;
    }

    /** Whether a search named an index that is not there, or went by one that was dropped. */
    static boolean isLostIndex(MongoException e) {
        return e.getCode() == PLAN_KILLED
                || (e.getCode() == BAD_VALUE
                        && e.getMessage() != null
                        && e.getMessage().contains("hint"));
    }

    /** Whether trying again is what helps; a cursor is not found where the server that it was opened on is gone. */
    static boolean isAway(MongoException e) {
        return e instanceof MongoSocketException
                || e instanceof MongoTimeoutException
                || e instanceof MongoConnectionPoolClearedException
                || e instanceof MongoServerUnavailableException
                || e instanceof MongoStalePrimaryException
                || e instanceof MongoCursorNotFoundException
                || e.getCause() instanceof MongoSocketException
                || e instanceof MongoNotPrimaryException
                || e instanceof MongoNodeIsRecoveringException
                || e instanceof MongoInterruptedException
                || AWAY.containsKey(e.getCode())
                || (e instanceof MongoCommandException command && isAway(majority(command)))
                || (e instanceof MongoBulkWriteException bulk && isAway(bulk));
    }

    /** What a command that failed says of the part of it that was done before, where no majority is known to have that. */
    private static @Nullable BsonValue majority(MongoCommandException e) {
        return e.getResponse().get("writeConcernError");
    }

    private static boolean isAway(@Nullable BsonValue majority) {
        return majority instanceof BsonDocument said
                && said.isNumber("code")
                && AWAY.containsKey(said.getNumber("code").intValue());
    }

    /** An exception of several writes says nothing itself. */
    private static boolean isAway(MongoBulkWriteException e) {
        WriteConcernError majority = e.getWriteConcernError();
        return (majority != null && AWAY.containsKey(majority.getCode()))
                || e.getWriteErrors().stream().anyMatch(error -> AWAY.containsKey(error.getCode()));
    }
}
