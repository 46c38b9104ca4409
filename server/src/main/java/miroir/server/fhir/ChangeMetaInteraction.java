package miroir.server.fhir;

import java.util.List;
import miroir.index.Refusal;
import miroir.index.store.Precondition;
import miroir.index.store.ResourceVersion;
import miroir.index.store.Written;
import miroir.server.format.SentParameters;
import miroir.server.pipeline.Step;
import org.bson.BsonDocument;
import org.bson.BsonString;
import org.bson.BsonValue;
import org.bson.RawBsonDocument;

/**
 * {@code $meta-add} and {@code $meta-delete}: profiles, security labels and tags of a resource, as a new version of it. R4 would
 * have the version itself changed; here no version ever changes, since its ETag, pages of searches and those who
 * follow the history go by that.
 */
final class ChangeMetaInteraction {
    private static final String META = "valueMeta";

    private final ChangeCurrent changeCurrent;
    private final BodyReader reader;
    private final Room room;

    ChangeMetaInteraction(ChangeCurrent changeCurrent, BodyReader reader, Room room) {
        this.changeCurrent = changeCurrent;
        this.reader = reader;
        this.room = room;
    }

    Answer add(FhirRequest request, byte[] body) {
        return answer(request, body, ChangeLabels::added);
    }

    Answer delete(FhirRequest request, byte[] body) {
        return answer(request, body, ChangeLabels::removed);
    }

    /** What becomes of a resource by what was sent. */
    private interface Change {
        RawBsonDocument in(RawBsonDocument fhir, BsonDocument meta);
    }

    private Answer answer(FhirRequest request, byte[] body, Change change) {
        request.refuseParameters();
        Precondition precondition = VersionHeaders.precondition(request);
        room.forUpdate(request, body);
        BsonDocument meta = meta(reader.read(request, body));
        request.exchange().done(Step.PARSE);
        Written written = changeCurrent.run(
                request,
                precondition,
                (before, deadline) ->
                        WriteInteraction.accepted(request, reader.readMade(change.in(before.fhir(), meta))));
        room.saw(written);
        request.exchange().done(Step.STORE);
        return MetaInteraction.of((ResourceVersion.Live) written.current()).making(List.of(written));
    }

    private static BsonDocument meta(RawBsonDocument body) {
        List<BsonDocument> sent = SentParameters.of(body);
        BsonDocument only = sent.size() == 1 ? sent.get(0).asDocument() : new BsonDocument();
        BsonValue meta = only.get(META);
        if (meta == null || !new BsonString("meta").equals(only.get("name"))) {
            throw new Refusal(
                    Refusal.Reason.INVALID,
                    "the operation has one parameter: \"meta\", with a valueMeta",
                    "Parameters.parameter");
        }
        return meta.asDocument();
    }
}
