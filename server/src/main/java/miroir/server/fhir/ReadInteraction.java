package miroir.server.fhir;

import miroir.index.Refusal;
import miroir.index.store.ResourceKey;
import miroir.index.store.ResourceStore;
import miroir.index.store.ResourceVersion;
import miroir.server.pipeline.Step;

/** {@code GET [base]/[type]/[id]}: the current version, 304 where the client has it, 410 where it was deleted. */
final class ReadInteraction {
    private final ResourceStore store;

    ReadInteraction(ResourceStore store) {
        this.store = store;
    }

    Answer answer(FhirRequest request) {
        request.refuseParameters();
        ResourceKey key = request.key();
        request.exchange().done(Step.PARSE);
        ResourceVersion version = store.read(request.caller(), key)
                .orElseThrow(() -> new Refusal(Refusal.Reason.NOT_FOUND, key + " is not known"));
        request.exchange().done(Step.STORE);
        if (!(version instanceof ResourceVersion.Live live)) {
            throw new Refusal(
                    Refusal.Reason.DELETED,
                    key + " was deleted at " + version.from() + ", as version " + version.version());
        }
        return answer(request, live);
    }

    private static Answer answer(FhirRequest request, ResourceVersion.Live live) {
        boolean known =
                VersionHeaders.isKnown(live, request.header("If-None-Match"), request.header("If-Modified-Since"));
        Answer answer = known
                ? Answer.empty(304)
                : Answer.of(200, new Answer.OneResource(live.fhir()))
                        .with("Content-Location", VersionHeaders.location(request.base(), live));
        return answer.with("ETag", VersionHeaders.etag(live)).with("Last-Modified", VersionHeaders.lastModified(live));
    }
}
