package miroir.storage;

import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongConsumer;
import miroir.index.Refusal;
import org.jspecify.annotations.Nullable;

/**
 * By which number of what is searched commits of this process write: each by the newest that may be written when it begins, and it keeps
 * that to its end. From this follows what can be promised to others: never again anything below the least of them. Numbers only
 * go up, so a promise, once made, holds for ever.
 *
 * <p>A commit that the database cannot apply any more is no longer counted, whether anybody heard of its end or not.
 */
final class OpenNumbers {
    private final Map<Long, Use> uses = new TreeMap<>();
    private @Nullable VersionDocuments newest;

    /** Of the newest, also where nothing is written at the moment. */
    private long number;

    private String reason = "nobody asked the database yet what is searched";
    private volatile LongConsumer learn = closed -> {};

    /** How many commits are open with a number, and until when the last of them can be applied. */
    private record Use(int open, Instant until) {
        Use more(Instant also) {
            return new Use(open + 1, also.isAfter(until) ? also : until);
        }

        Use less() {
            return new Use(open - 1, until);
        }
    }

    /** Who is asked to find out more where nothing may be written below a number that is not known here yet. */
    void learnFrom(LongConsumer source) {
        learn = source;
    }

    /** Returns once commits write with that number or a later one; refuses where they cannot. */
    void reach(long closed, Instant passed) {
        learn.accept(closed);
        if (!FieldsNumber.isAtLeast(current().number(), closed) || !FieldsNumber.isAtLeast(least(passed), closed)) {
            throw new Refusal(
                    Refusal.Reason.NOT_READY, "what is searched has changed, and is not known here yet: try again");
        }
    }

    /** From now on commits write by these. */
    synchronized void writeWith(VersionDocuments documents) {
        if (number == documents.number() || !FieldsNumber.isAtLeast(number, documents.number())) {
            newest = documents;
            number = documents.number();
        }
    }

    /** From now on nothing is written. */
    synchronized void stop(String why) {
        newest = null;
        reason = why;
    }

    /** By which commits write that begin now; refused where none may. */
    synchronized VersionDocuments current() {
        VersionDocuments documents = newest;
        if (documents == null) {
            throw new Refusal(Refusal.Reason.NOT_READY, "nothing can be written at the moment: " + reason);
        }
        return documents;
    }

    /** Opens a commit that may be applied until then. */
    synchronized VersionDocuments begin(Instant until) {
        VersionDocuments documents = current();
        uses.merge(documents.number(), new Use(1, until), (before, one) -> before.more(one.until()));
        return documents;
    }

    /** The commit can be seen by everybody, or never will be. */
    synchronized void end(VersionDocuments documents) {
        uses.computeIfPresent(documents.number(), (number, use) -> use.open() == 1 ? null : use.less());
    }

    /**
     * The least number with which anything can still be applied.
     *
     * @param passed what could be applied until then cannot be any more
     */
    synchronized long least(Instant passed) {
        uses.values().removeIf(use -> use.until().isBefore(passed));
        return uses.keySet().stream().reduce(number, Math::min);
    }
}
