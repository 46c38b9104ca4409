package miroir.server.fhir;

import miroir.index.Refusal;
import miroir.index.json.SubsettedTag;
import miroir.index.store.Precondition;
import miroir.index.store.Put;
import miroir.index.store.ResourceKey;
import miroir.index.store.ResourceStore;
import miroir.index.store.Written;
import miroir.server.pipeline.Step;
import miroir.server.routing.Interaction;
import org.bson.BsonDocument;
import org.bson.BsonString;
import org.bson.BsonValue;
import org.bson.RawBsonDocument;
import org.bson.codecs.BsonDocumentCodec;

/**
 * {@code POST [base]/[type]} and {@code PUT [base]/[type]/[id]}: create under an id of ours, and update, which creates
 * where nothing was.
 */
final class WriteInteraction {
    private static final byte[] NO_BODY = new byte[0];

    private final ResourceStore store;
    private final BodyReader reader;
    private final Room room;

    WriteInteraction(ResourceStore store, BodyReader reader, Room room) {
        this.store = store;
        this.reader = reader;
        this.room = room;
    }

    Answer create(FhirRequest request, byte[] body) {
        request.refuseParameters();
        VersionHeaders.refuseConditions(
                request,
                "a create makes a resource of which there is no version yet; PUT [type]/[id] takes conditions");
        Put put = toCreate(request, body);
        return answer(request, store.create(request.caller(), put.key(), put.fhir()));
    }

    Answer update(FhirRequest request, byte[] body) {
        request.refuseParameters();
        Precondition precondition = VersionHeaders.precondition(request);
        Put put = toUpdate(request, body);
        return answer(request, store.put(request.caller(), put.key(), put.fhir(), precondition));
    }

    /** What an entry of a bundle that has no conditions writes by one of these, for who writes it with others, and answers it afterwards. */
    Put put(FhirRequest entry) {
        entry.refuseParameters();
        return entry.exchange().route().interaction() == Interaction.CREATE
                ? toCreate(entry, NO_BODY)
                : toUpdate(entry, NO_BODY);
    }

    private Put toCreate(FhirRequest request, byte[] body) {
        room.forBody(request, body);
        RawBsonDocument sent = read(request, body);
        ResourceKey key = new ResourceKey(request.key().type(), request.newId());
        return new Put(key, withId(sent, key.id()), true);
    }

    private Put toUpdate(FhirRequest request, byte[] body) {
        room.forUpdate(request, body);
        RawBsonDocument sent = read(request, body);
        checkId(request.key(), sent);
        return new Put(request.key(), sent, false);
    }

    private RawBsonDocument read(FhirRequest request, byte[] body) {
        RawBsonDocument accepted = accepted(request, reader.readWritten(request, body));
        request.exchange().done(Step.PARSE);
        return accepted;
    }

    /** What is stored of a resource that has the right structure. */
    static RawBsonDocument accepted(FhirRequest request, RawBsonDocument sent) {
        String type = request.key().type();
        String sentType = sent.getString("resourceType").getValue();
        if (!sentType.equals(type)) {
            throw new Refusal(
                    Refusal.Reason.INVALID,
                    "the body is a " + sentType + ", and the URL says " + type,
                    sentType + ".resourceType");
        }
        if (SubsettedTag.isOn(sent)) {
            throw new Refusal(
                    Refusal.Reason.UNPROCESSABLE,
                    "the tag SUBSETTED says that this is only a part of a resource, and storing it would lose the rest;"
                            + " allowed is the whole resource, without that tag",
                    type + ".meta.tag");
        }
        return OwnReferences.relative(sent, request.exchange().ownBases());
    }

    /** Refuses a resource whose id is not that of the URL. */
    static void checkId(ResourceKey key, RawBsonDocument sent) {
        BsonValue id = sent.get("id");
        if (id == null || !id.asString().getValue().equals(key.id())) {
            String found = id == null ? "no id" : "the id \"" + id.asString().getValue() + "\"";
            throw new Refusal(
                    Refusal.Reason.INVALID,
                    "the body has " + found + ", and the URL says \"" + key.id() + "\"",
                    key.type() + ".id");
        }
    }

    /** The same resource with this id, where FHIR has it: behind {@code resourceType}. */
    static RawBsonDocument withId(RawBsonDocument sent, String id) {
        BsonDocument named = new BsonDocument();
        named.put("resourceType", sent.get("resourceType"));
        named.put("id", new BsonString(id));
        sent.forEach(named::putIfAbsent);
        return new RawBsonDocument(named, new BsonDocumentCodec());
    }

    /** What is answered once it is stored. */
    Answer answer(FhirRequest request, Written written) {
        request.exchange().done(Step.STORE);
        room.saw(written);
        return WrittenAnswer.of(request, written);
    }
}
