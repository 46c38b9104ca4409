package miroir.server.fhir;

import miroir.index.Refusal;
import miroir.index.patch.Patch;
import miroir.index.store.Deadline;
import miroir.index.store.Precondition;
import miroir.index.store.ResourceKey;
import miroir.index.store.ResourceVersion;
import miroir.server.pipeline.Step;
import org.bson.BsonString;
import org.bson.RawBsonDocument;

/** {@code PATCH [base]/[type]/[id]}: changes the current version, and whatever others make of it meanwhile. */
final class PatchInteraction {
    private final ChangeCurrent changeCurrent;
    private final BodyReader reader;
    private final WriteInteraction write;
    private final Room room;

    PatchInteraction(ChangeCurrent changeCurrent, BodyReader reader, WriteInteraction write, Room room) {
        this.changeCurrent = changeCurrent;
        this.reader = reader;
        this.write = write;
        this.room = room;
    }

    Answer answer(FhirRequest request, byte[] body) {
        request.refuseParameters();
        Precondition precondition = VersionHeaders.precondition(request);
        room.forUpdate(request, body);
        Patch patch = reader.readPatch(request, body);
        request.exchange().done(Step.PARSE);
        return write.answer(
                request,
                changeCurrent.run(
                        request, precondition, (before, deadline) -> after(request, patch, before, deadline)));
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
