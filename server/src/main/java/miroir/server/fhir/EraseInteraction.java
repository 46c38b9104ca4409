package miroir.server.fhir;

import java.util.stream.Stream;
import miroir.index.store.Erased;
import miroir.index.store.ResourceKey;
import miroir.index.store.ResourceStore;
import miroir.server.pipeline.Step;

/**
 * {@code POST [base]/[type]/[id]/$erase}: the content of all versions is gone for ever, and the answer says how much that
 * was. A condition is refused rather than ignored: nothing brings back what was erased.
 */
final class EraseInteraction {
    private final ResourceStore store;
    private final BodyReader reader;
    private final Room room;

    EraseInteraction(ResourceStore store, BodyReader reader, Room room) {
        this.store = store;
        this.reader = reader;
        this.room = room;
    }

    Answer answer(FhirRequest request, byte[] body) {
        request.refuseParameters();
        VersionHeaders.refuseConditions(request, "an erasure of one version only is not offered");
        room.forUpdate(request, body);
        if (body.length > 0) {
            OperationParameters.checkNone(reader.read(request, body), "an erasure");
        }
        ResourceKey key = request.key();
        request.exchange().done(Step.PARSE);
        Erased erased = store.erase(request.caller(), key).orElseThrow(() -> ReadInteraction.unknown(key));
        request.exchange().done(Step.STORE);
        return Answer.of(200, new Answer.Information(sentence(erased)))
                .with("ETag", VersionHeaders.etag(erased.version()))
                .making(Stream.of(VersionHeaders.reference(key, erased.version())));
    }

    private static String sentence(Erased erased) {
        String removed = erased.versions() == 0
                ? "nothing was left to remove"
                : "the content of " + erased.versions() + (erased.versions() == 1 ? " version" : " versions")
                        + " was removed for ever";
        return erased.key() + " is erased as version " + erased.version() + ": " + removed
                + "; the id cannot be written again";
    }
}
