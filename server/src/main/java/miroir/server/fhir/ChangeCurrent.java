package miroir.server.fhir;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import miroir.index.Refusal;
import miroir.index.store.Deadline;
import miroir.index.store.Precondition;
import miroir.index.store.ResourceStore;
import miroir.index.store.ResourceVersion;
import miroir.index.store.Written;
import org.bson.RawBsonDocument;

/**
 * Reads the current version of a resource, changes it, and stores the outcome as an update would, on condition that the version is
 * still the current one. Where somebody was faster everything is done again on what they made, so nothing is overwritten that
 * the change has not seen.
 */
final class ChangeCurrent {
    private static final int MOST_ATTEMPTS = 100;
    private static final long LONGEST_PAUSE = Duration.ofMillis(50).toNanos();
    private static final long FIRST_PAUSE = Duration.ofMillis(1).toNanos();

    private final ResourceStore store;
    private final Duration patience;

    ChangeCurrent(ResourceStore store, Duration patience) {
        this.store = store;
        this.patience = patience;
    }

    /** What is to be stored in place of a version. */
    interface Change {
        RawBsonDocument of(ResourceVersion.Live before, Deadline deadline);
    }

    /** Changes the resource that the path names. */
    Written run(FhirRequest request, Precondition precondition, Change change) {
        Deadline deadline = request.deadline(patience);
        for (int lost = 0; lost < MOST_ATTEMPTS && deadline.remaining().toNanos() > 0; lost++) {
            ResourceVersion.Live before = current(request);
            check(precondition, before);
            RawBsonDocument after = change.of(before, deadline);
            try {
                return store.put(request.caller(), before.key(), after, Precondition.versionIs(before.version()));
            } catch (Refusal refusal) {
                passIfOvertaken(refusal);
            }
            // A random pause that grows keeps many changes of one resource from losing to each other in step.
            LockSupport.parkNanos(
                    ThreadLocalRandom.current().nextLong(Math.min(LONGEST_PAUSE, FIRST_PAUSE << Math.min(lost, 6))));
        }
        throw new Refusal(
                Refusal.Reason.CONFLICT,
                request.key() + " is being written by others all the time, so nothing was changed");
    }

    /** The condition is ours: that nobody was faster. */
    private static void passIfOvertaken(Refusal refusal) {
        if (refusal.reason() != Refusal.Reason.PRECONDITION_FAILED) {
            throw refusal;
        }
    }

    private ResourceVersion.Live current(FhirRequest request) {
        ResourceVersion current =
                store.read(request.caller(), request.key()).orElseThrow(() -> ReadInteraction.unknown(request.key()));
        if (current instanceof ResourceVersion.Live live) {
            return live;
        }
        throw ReadInteraction.gone((ResourceVersion.Deleted) current);
    }

    /** What the client demands of the version that is changed; that there is one is known already. */
    private static void check(Precondition precondition, ResourceVersion.Live before) {
        if (precondition instanceof Precondition.VersionIs expected
                && !expected.versions().contains(before.version())) {
            throw new Refusal(
                    Refusal.Reason.PRECONDITION_FAILED,
                    before.key() + " has version " + before.version() + ", not " + expected);
        }
        if (precondition instanceof Precondition.Absent) {
            throw new Refusal(
                    Refusal.Reason.PRECONDITION_FAILED,
                    before.key() + " exists, with version " + before.version()
                            + ", and only what exists can be changed");
        }
    }
}
