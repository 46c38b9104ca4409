package miroir.storage;

import com.mongodb.MongoException;
import com.mongodb.MongoServerException;
import com.mongodb.MongoWriteConcernException;
import com.mongodb.ReadConcern;
import com.mongodb.ReadPreference;
import com.mongodb.TransactionOptions;
import com.mongodb.WriteConcern;
import com.mongodb.client.ClientSession;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import miroir.index.Refusal;
import miroir.index.store.Deadline;
import org.jspecify.annotations.Nullable;

/**
 * Writes several resources, all or none, in a transaction of MongoDB.
 *
 * <p>The problem: versions of a transaction become visible at its commit, which may be long after their instant was chosen, and
 * what {@link CommitVersion} relies on is not there: a commit has no filter in which the database could hold it against its clock.
 * A process that stood still before it could commit below an instant up to which followers were told that all is settled.
 *
 * <p>The approach: the instant is chosen before the first version is written, for all of them, and counts as open until the end of
 * the transaction is known, so nobody is told more than that. MongoDB ends transactions by itself that take too long, counted from
 * the first command in them. The row of this process on the board of floors is taken for as long as that, and after such a command,
 * so what a process leaves that died or stood still is ended before its row is ignored. The steps of
 * a single write are the same, history included, only within the transaction. A version that another writer has made in between
 * is a conflict, which MongoDB tells; then all is done again, on what there is then. A resource whose version is not before the
 * instant, since a clock went back, has the next attempt choose a later one.
 *
 * <p>A transaction that only reads has no instant, and holds up nobody.
 *
 * <p>Where nobody knows whether a commit was done it is sent again, which MongoDB does once. Where that does not help either,
 * it counts as open until MongoDB must have ended it.
 *
 * <p>The cost: a round trip, and followers see T stand still from the first write of a transaction. A process that is killed within one holds T back until MongoDB has
 * ended it, a minute and a half as MongoDB is shipped, and others who want to write what it has written wait as long.
 * Another protocol, of intentions that readers resolve, would need neither, and every reader would pay for it.
 */
final class RunTransaction {
    private static final long LONGEST_PAUSE = Duration.ofMillis(100).toNanos();
    private static final long FIRST_PAUSE = Duration.ofMillis(1).toNanos();
    private static final int WRITE_CONFLICT = 112;

    private final StoreDatabase database;
    private final HeldFloor floor;
    private final OpenCommits open;
    private final OpenNumbers numbers;
    private final TransactionLifetime lifetime;
    private final TransactionOptions options;

    RunTransaction(StoreDatabase database, HeldFloor floor, OpenCommits open, OpenNumbers numbers) {
        this.database = database;
        this.floor = floor;
        this.open = open;
        this.numbers = numbers;
        this.lifetime = new TransactionLifetime(database);
        this.options = TransactionOptions.builder()
                .readConcern(ReadConcern.SNAPSHOT)
                .readPreference(ReadPreference.primary())
                .writeConcern(WriteConcern.MAJORITY.withJournal(true))
                .maxCommitTime(database.operationTimeout().toMillis(), TimeUnit.MILLISECONDS)
                .build();
    }

    /** After how long a transaction has been ended at the latest. */
    Duration longest() {
        return lifetime.longest();
    }

    /** Does the work, as often as it takes until nobody was faster. */
    <T> T run(Deadline deadline, Function<OpenTransaction, T> work) {
        Duration longest = lifetime.longest();
        Instant previous = Instant.EPOCH;
        for (int lost = 0; ; lost++) {
            MongoException failure = null;
            try {
                return attempt(previous, longest, work);
            } catch (TransactionLost again) {
                previous = again.previous();
            } catch (MongoException e) {
                if (!e.hasErrorLabel(MongoException.TRANSIENT_TRANSACTION_ERROR_LABEL)) {
                    throw e;
                }
                failure = e;
            }
            if (deadline.remaining().isNegative()) {
                throw refused(failure, lost + 1);
            }
            LockSupport.parkNanos(
                    ThreadLocalRandom.current().nextLong(Math.min(LONGEST_PAUSE, FIRST_PAUSE << Math.min(lost, 10))));
        }
    }

    private static Refusal refused(@Nullable MongoException failure, int attempts) {
        return failure == null || failure.getCode() == WRITE_CONFLICT
                ? new Refusal(
                        Refusal.Reason.CONFLICT,
                        "what the transaction would write is being written by others all the time: " + attempts
                                + " attempts; nothing was written")
                : new Refusal(
                        Refusal.Reason.NOT_READY,
                        "the database does not answer at the moment (a transaction); nothing was written: try again");
    }

    private <T> T attempt(Instant previous, Duration longest, Function<OpenTransaction, T> work) {
        try (ClientSession session = database.startSession()) {
            session.startTransaction(options);
            OpenTransaction transaction =
                    new OpenTransaction(database, session, replaced -> floor.begin(later(previous, replaced), longest));
            boolean known = true;
            try {
                T done = work.apply(transaction);
                transaction.send();
                known = false;
                commit(session);
                known = true;
                return done;
            } catch (MongoException e) {
                known = known || tellsTheEnd(e);
                throw e;
            } finally {
                end(transaction, known);
            }
        }
    }

    private void end(OpenTransaction transaction, boolean known) {
        transaction.instant().ifPresent(instant -> {
            if (known) {
                open.end(instant.from());
                numbers.end(instant.use());
            } else {
                open.lose(instant.from(), instant.before());
            }
        });
        if (known) {
            transaction.over();
        }
    }

    private static Instant later(Instant one, Instant other) {
        return one.isBefore(other) ? other : one;
    }

    private void commit(ClientSession session) {
        Deadline patience = Deadline.in(database.operationTimeout());
        while (true) {
            try {
                session.commitTransaction();
                return;
            } catch (MongoException e) {
                if (!isUnknown(e) || patience.remaining().isNegative()) {
                    throw e;
                }
                LockSupport.parkNanos(LONGEST_PAUSE);
            }
        }
    }

    /** Whether the database has answered to the commit; who was interrupted while waiting for it knows nothing. */
    static boolean tellsTheEnd(MongoException e) {
        return e instanceof MongoServerException && !(e instanceof MongoWriteConcernException) && !isUnknown(e);
    }

    private static boolean isUnknown(MongoException e) {
        return e.hasErrorLabel(MongoException.UNKNOWN_TRANSACTION_COMMIT_RESULT_LABEL);
    }
}
