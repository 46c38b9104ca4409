package miroir.server.fhir;

import java.util.Optional;
import miroir.index.store.Precondition;
import miroir.index.store.ResourceKey;
import miroir.index.store.ResourceStore;
import miroir.index.store.ResourceVersion;
import miroir.index.store.Written;
import miroir.server.pipeline.Step;

/** {@code DELETE [base]/[type]/[id]}: 204 with the version that the deletion made, 404 where nothing ever was. */
final class DeleteInteraction {
    private final ResourceStore store;

    DeleteInteraction(ResourceStore store) {
        this.store = store;
    }

    Answer answer(FhirRequest request) {
        request.refuseParameters();
        ResourceKey key = request.key();
        Precondition precondition =
                VersionHeaders.precondition(request.header("If-Match"), request.header("If-None-Match"));
        request.exchange().done(Step.PARSE);
        Optional<Written> written = store.delete(request.caller(), key, precondition);
        request.exchange().done(Step.STORE);
        return written.map(deletion -> answer(deletion.current())).orElseThrow(() -> ReadInteraction.unknown(key));
    }

    private static Answer answer(ResourceVersion deletion) {
        return Answer.empty(204)
                .with("ETag", VersionHeaders.etag(deletion))
                .with("Last-Modified", VersionHeaders.lastModified(deletion));
    }
}
