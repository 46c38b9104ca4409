package miroir.server.fhir;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import miroir.index.Refusal;
import miroir.index.json.Shape;
import miroir.index.search.ShapeParameters;
import miroir.index.store.Deadline;
import miroir.index.store.ResourceKey;
import miroir.index.store.ResourceStore;
import miroir.index.store.ResourceVersion;
import miroir.server.pipeline.Step;
import miroir.server.pipeline.WorkingMemory;
import miroir.server.routing.Interaction;

/**
 * {@code GET [base]/[type]/[id]}, the current version, and {@code GET [base]/[type]/[id]/_history/[vid]}, any version
 * (vread): 304 where the client has it, 410 where it is a deletion.
 */
final class ReadInteraction {
    private final ResourceStore store;
    private final WorkingMemory memory;
    private final Duration patience;

    ReadInteraction(ResourceStore store, WorkingMemory memory, Duration patience) {
        this.store = store;
        this.memory = memory;
        this.patience = patience;
    }

    Answer answer(FhirRequest request) {
        request.refuseParametersBut(ShapeParameters.NAMES);
        Shape shape = request.shape();
        request.exchange().done(Step.PARSE);
        WorkingMemory.Held held =
                request.exchange().holding(memory.forPage(request.key().type(), 1, 1, Deadline.in(patience)));
        ResourceVersion version = find(request).orElseThrow(() -> missing(request));
        held.read(List.of(version), request.format());
        request.exchange().done(Step.STORE);
        if (version instanceof ResourceVersion.Live live) {
            return answer(request, live, shape);
        }
        throw gone((ResourceVersion.Deleted) version);
    }

    private Optional<ResourceVersion> find(FhirRequest request) {
        if (!isVread(request)) {
            return store.read(request.caller(), request.key());
        }
        return VersionHeaders.number(request.version()).stream()
                .boxed()
                .flatMap(version -> store.readVersion(request.caller(), request.key(), version).stream())
                .findFirst();
    }

    private static boolean isVread(FhirRequest request) {
        return request.exchange().route().interaction() == Interaction.VREAD;
    }

    /** Why it is not there: it never was, or, of a version, it is not kept or everything was erased. */
    private Refusal missing(FhirRequest request) {
        if (!isVread(request)) {
            memory.foundNothing(request.key().type());
            return unknown(request.key());
        }
        ResourceVersion newest = store.read(request.caller(), request.key()).orElseThrow(() -> unknown(request.key()));
        boolean was = VersionHeaders.number(request.version()).orElse(Long.MAX_VALUE) < newest.version();
        if (was && newest instanceof ResourceVersion.Deleted deleted && deleted.erased()) {
            return gone(deleted);
        }
        String missing = was
                ? " does not keep version " + request.version() + " any more"
                : " has no version \"" + request.version() + "\"";
        return new Refusal(Refusal.Reason.NOT_FOUND, request.key() + missing + "; the newest is " + newest.version());
    }

    static Refusal unknown(ResourceKey key) {
        return new Refusal(Refusal.Reason.NOT_FOUND, key + " is not known");
    }

    private static Refusal gone(ResourceVersion.Deleted deletion) {
        return new Refusal(
                Refusal.Reason.DELETED,
                deletion.key() + (deletion.erased() ? " was erased at " : " was deleted at ") + deletion.from()
                        + ", as version " + deletion.version());
    }

    private static Answer answer(FhirRequest request, ResourceVersion.Live live, Shape shape) {
        boolean known =
                VersionHeaders.isKnown(live, request.tags("If-None-Match"), request.header("If-Modified-Since"));
        Answer answer = known
                ? Answer.empty(304)
                : Answer.of(200, new Answer.OneResource(shape.of(live.fhir())))
                        .with("Content-Location", VersionHeaders.location(request.base(), live));
        return answer.with("ETag", VersionHeaders.etag(live)).with("Last-Modified", VersionHeaders.lastModified(live));
    }
}
