package miroir.server.fhir;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import miroir.index.Refusal;
import miroir.index.patch.Patch;
import miroir.index.store.Deadline;
import miroir.index.store.Precondition;
import miroir.index.store.ResourceKey;
import miroir.index.store.ResourceStore;
import miroir.index.store.ResourceVersion;
import miroir.index.store.Written;
import miroir.server.pipeline.Step;
import org.bson.BsonString;
import org.bson.RawBsonDocument;

/**
 * {@code PATCH [base]/[type]/[id]}: reads the current version, changes it, and stores the outcome as an update would, on
 * condition that the version is still the current one. Where somebody was faster everything is done again on what they made,
 * so nothing is overwritten that the patch has not seen.
 */
final class PatchInteraction {
    private static final int MOST_ATTEMPTS = 100;
    private static final long LONGEST_PAUSE = Duration.ofMillis(50).toNanos();
    private static final long FIRST_PAUSE = Duration.ofMillis(1).toNanos();

    private final ResourceStore store;
    private final BodyReader reader;
    private final WriteInteraction write;
    private final Room room;
    private final Duration patience;

    PatchInteraction(ResourceStore store, BodyReader reader, WriteInteraction write, Room room, Duration patience) {
        this.store = store;
        this.reader = reader;
        this.write = write;
        this.room = room;
        this.patience = patience;
    }

    Answer answer(FhirRequest request, byte[] body) {
        request.refuseParameters();
        Precondition precondition = VersionHeaders.precondition(request);
        room.forUpdate(request, body);
        Patch patch = reader.readPatch(request, body);
        request.exchange().done(Step.PARSE);
        return write.answer(request, written(request, patch, precondition));
    }

    private Written written(FhirRequest request, Patch patch, Precondition precondition) {
        Deadline deadline = request.deadline(patience);
        for (int lost = 0; lost < MOST_ATTEMPTS && deadline.remaining().toNanos() > 0; lost++) {
            ResourceVersion.Live before = current(request);
            check(precondition, before);
            RawBsonDocument after = after(request, patch, before, deadline);
            try {
                return store.put(request.caller(), before.key(), after, Precondition.versionIs(before.version()));
            } catch (Refusal refusal) {
                passIfOvertaken(refusal);
            }
            // A random pause that grows keeps many patches of one resource from losing to each other in step.
            LockSupport.parkNanos(
                    ThreadLocalRandom.current().nextLong(Math.min(LONGEST_PAUSE, FIRST_PAUSE << Math.min(lost, 6))));
        }
        throw new Refusal(
                Refusal.Reason.CONFLICT,
                request.key() + " is being written by others all the time, so the patch was not done");
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

    /** What the client demands of the version that is patched; that there is one is known already. */
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
                            + ", and only what exists can be patched");
        }
    }

    /** What the patch makes of it, as it is to be stored. */
    RawBsonDocument after(FhirRequest request, Patch patch, ResourceVersion.Live before, Deadline deadline) {
        RawBsonDocument made = patch.applyTo(before.fhir(), deadline);
        ResourceKey key = before.key();
        checkKept(made, "resourceType", key.type(), key);
        checkKept(made, "id", key.id(), key);
        return WriteInteraction.accepted(request, reader.readMade(made));
    }

    private static void checkKept(RawBsonDocument made, String name, String value, ResourceKey key) {
        if (!new BsonString(value).equals(made.get(name))) {
            throw new Refusal(
                    Refusal.Reason.NOT_APPLICABLE,
                    "the patch would change " + name + ", which has to stay \"" + value + "\"",
                    key.type() + "." + name);
        }
    }
}
