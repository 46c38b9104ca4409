package miroir.storage;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import miroir.index.Refusal;
import miroir.index.yaml.ConfigurationRefused;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has this process go by the stored format of its database, or leave it alone.
 *
 * <p>It looks when it starts, before anything else, and then whenever it looks what is searched ({@link FollowSearch}), once a second. Finds it an older format than it writes, it
 * says first that everything is written in the newer one. Finds it one that it may not go on beside, it reads and writes no resource any more. Nor does it before it has looked for the first time, where the
 * database was away when it started.
 */
final class FollowFormat {
    private static final Logger LOG = LoggerFactory.getLogger(FollowFormat.class);

    /** A start does not wait longer for a database that is away. */
    private static final Duration AT_START = Duration.ofSeconds(2);

    private final FormatBoard board;
    private final FormatSteps steps;
    private final String named;

    /** As it was last read; of number 0 before that. */
    private volatile StoredFormat found = new StoredFormat(0, StoredFormat.FIRST, 0, "");

    private volatile String refusal = "";

    FollowFormat(StoreDatabase database, FormatSteps steps) {
        this.board = new FormatBoard(database.vital());
        this.steps = steps;
        this.named = database.database().getName();
    }

    /** The format that this process writes. */
    int known() {
        return steps.newest();
    }

    /** What the database said last. */
    StoredFormat found() {
        return found;
    }

    /**
     * Looks, for who starts. A database that is away, or takes long, is looked at later.
     *
     * @throws ConfigurationRefused where this Miroir has to leave the database alone
     */
    void lookAtStart() {
        FutureTask<Optional<String>> first = new FutureTask<>(this::look);
        Thread thread = new Thread(first, "look-at-format");
        thread.setDaemon(true);
        thread.start();
        try {
            first.get(AT_START.toMillis(), TimeUnit.MILLISECONDS).ifPresent(why -> {
                throw RequireFormat.refused(named, why);
            });
        } catch (TimeoutException e) {
            LOG.warn("the database does not answer, its stored format is looked at later");
        } catch (ExecutionException e) {
            LOG.warn("the stored format is looked at later: {}", String.valueOf(e.getCause()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            first.cancel(true);
        }
    }

    /** Looks; why this process has to leave the database alone, where it has to. */
    Optional<String> look() {
        StoredFormat now = board.read(steps.newest());
        Optional<String> why = now.refusal(steps.newest());
        if (why.isEmpty() && (now.number() < steps.newest() || now.writers() < steps.writers())) {
            board.raise(steps.newest(), steps.writers());
            LOG.info("what is stored is of format {}, and is written in format {} from now on", now.number(), known());
            now = board.read(steps.newest());
            why = now.refusal(steps.newest());
        }
        found = now;
        refusal = why.orElse("");
        return why;
    }

    /** In words, how far what is stored is from the newest format, whoever works on that; empty where it is there. */
    String remark() {
        StoredFormat now = found;
        if (!now.isBehind()) {
            return "";
        }
        return "what is stored is being brought from format " + now.complete() + " to " + now.number()
                + (now.progress().isEmpty() ? "" : " (" + now.progress() + ")");
    }

    /** Refuses whatever is to be read or written where the format is one that this process does not know, or has not heard of yet. */
    void require() {
        if (found.number() == 0) {
            throw new Refusal(
                    Refusal.Reason.NOT_READY,
                    "the database has not answered yet in which format it is kept: try again");
        }
        if (!refusal.isEmpty()) {
            throw new Refusal(Refusal.Reason.NOT_READY, refusal);
        }
    }
}
