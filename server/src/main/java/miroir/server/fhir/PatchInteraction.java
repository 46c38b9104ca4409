package miroir.server.fhir;

import java.util.Set;
import miroir.index.Refusal;
import miroir.index.patch.Patch;
import miroir.index.store.Deadline;
import miroir.index.store.Precondition;
import miroir.index.store.ResourceKey;
import miroir.index.store.ResourceVersion;
import miroir.server.pipeline.Step;
import org.bson.BsonDocument;
import org.bson.BsonString;
import org.bson.BsonValue;
import org.bson.RawBsonDocument;
import org.bson.codecs.BsonDocumentCodec;

/** {@code PATCH [base]/[type]/[id]}: changes the current version, and whatever others make of it meanwhile. */
final class PatchInteraction {
    private static final String TEXT = "text";
    private static final Set<BsonValue> GENERATED = Set.of(new BsonString("generated"), new BsonString("extensions"));

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
        return WriteInteraction.accepted(request, reader.readMade(withoutStaleNarrative(before.fhir(), made)));
    }

    /**
     * A text that was generated from elements says what they were before the patch, and a reader may act on it; R4 makes the server
     * answer for that. So it goes, unless the patch changed it as well, or changed nothing that it could tell.
     */
    private static RawBsonDocument withoutStaleNarrative(RawBsonDocument before, RawBsonDocument made) {
        BsonValue text = made.get(TEXT);
        if (text == null
                || !text.isDocument()
                || !GENERATED.contains(text.asDocument().get("status"))
                || !text.equals(before.get(TEXT))
                || told(made).equals(told(before))) {
            return made;
        }
        BsonDocument rest = made.decode(new BsonDocumentCodec());
        rest.remove(TEXT);
        return new RawBsonDocument(rest, new BsonDocumentCodec());
    }

    /** What a text may be made from. */
    private static BsonDocument told(RawBsonDocument resource) {
        BsonDocument told = resource.decode(new BsonDocumentCodec());
        told.keySet().removeAll(Set.of(TEXT, "meta"));
        return told;
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
