package miroir.storage;

import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
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
    private final Set<Use> uses = new HashSet<>();
    private @Nullable VersionDocuments newest;

    /** Of the newest, also where nothing is written at the moment. */
    private long number;

    private String reason = "nobody asked the database yet what is searched";
    private volatile LongConsumer learn = closed -> {};

    /**
     * What one commit writes by, and until when it can be applied. No two are equal: one that ends late, when it is not counted any more,
     * ends no other of the same number.
     */
    static final class Use {
        private final VersionDocuments documents;
        private final Instant until;

        Use(VersionDocuments documents, Instant until) {
            this.documents = documents;
            this.until = until;
        }

        /** Builds what the commit writes. */
        VersionDocuments documents() {
            return documents;
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
    synchronized Use begin(Instant until) {
        Use use = new Use(current(), until);
        uses.add(use);
        return use;
    }

    /** The commit can be seen by everybody, or never will be. */
    synchronized void end(Use use) {
        uses.remove(use);
    }

    /**
     * The least number with which anything can still be applied.
     *
     * @param passed what could be applied until then cannot be any more
     */
    synchronized long least(Instant passed) {
        uses.removeIf(use -> use.until.isBefore(passed));
        return uses.stream().map(use -> use.documents.number()).reduce(number, Math::min);
    }
}
