package miroir.server.fhir;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import miroir.index.Refusal;
import miroir.index.json.Shape;
import miroir.index.search.ShapeParameters;
import miroir.index.store.ResourceKey;
import miroir.index.store.ResourceStore;
import miroir.index.store.ResourceVersion;
import miroir.server.pipeline.Step;
import miroir.server.pipeline.WorkingMemory;

/**
 * {@code GET [base]/[type]/[id]}, the current version, and {@code GET [base]/[type]/[id]/_history/[vid]}, any version
 * (vread): 304 where the client has it, 410 where it is a deletion.
 */
final class ReadInteraction {
    private final ResourceStore store;
    private final Room room;
    private final NeverCopied neverCopied;
    private final FindSuccessor findSuccessor;

    ReadInteraction(ResourceStore store, Room room, NeverCopied neverCopied, FindSuccessor findSuccessor) {
        this.store = store;
        this.room = room;
        this.neverCopied = neverCopied;
        this.findSuccessor = findSuccessor;
    }

    Answer answer(FhirRequest request) {
        request.refuseParametersBut(ShapeParameters.NAMES);
        Shape shape = request.shape();
        request.exchange().done(Step.PARSE);
        WorkingMemory.Held held = room.forResource(request, isByDate(request) ? 2 : 1);
        ResourceVersion version = find(request).orElseThrow(() -> missing(request));
        boolean known = version instanceof ResourceVersion.Live && isKnown(request, version);
        held.read(List.of(version), request.format());
        request.exchange().done(Step.STORE);
        if (version instanceof ResourceVersion.Live live) {
            return answer(request, live, shape, known);
        }
        ResourceVersion.Deleted deleted = (ResourceVersion.Deleted) version;
        Optional<ResourceKey> successor = isVread(request) ? Optional.empty() : findSuccessor.run(request, deleted);
        return successor.map(key -> moved(request, deleted, key)).orElseThrow(() -> gone(deleted));
    }

    private static Answer moved(FhirRequest request, ResourceVersion.Deleted deleted, ResourceKey successor) {
        return Answer.of(
                        301,
                        new Answer.Information(deleted.key() + " is not there any more; " + successor
                                + " has its business identifiers"))
                .with("Location", request.base() + "/" + successor);
    }

    /** The resource or the version that the path names. */
    ResourceVersion.Live live(FhirRequest request) {
        WorkingMemory.Held held = room.forResource(request, 1);
        ResourceVersion version = find(request).orElseThrow(() -> missing(request));
        held.read(List.of(version), request.format());
        if (version instanceof ResourceVersion.Live live) {
            return live;
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
        return !request.version().isEmpty();
    }

    /** {@code If-None-Match} decides alone where it is given. */
    private static boolean isByDate(FhirRequest request) {
        return request.header("If-None-Match") == null && request.header("If-Modified-Since") != null;
    }

    /** Whether the client has this version already. */
    private boolean isKnown(FhirRequest request, ResourceVersion version) {
        if (!isByDate(request)) {
            EntityTags tags = request.tags("If-None-Match");
            return tags != null && tags.name(Long.toString(version.version()));
        }
        Instant second = VersionHeaders.second(version);
        return VersionHeaders.instant(String.valueOf(request.header("If-Modified-Since")))
                .filter(since -> since.isAfter(second) || (since.equals(second) && isAloneIn(second, request, version)))
                .isPresent();
    }

    /**
     * Whether no other version was the current one within that second. A client that has such a one knows the same date, and
     * would never get to see this one.
     */
    private boolean isAloneIn(Instant second, FhirRequest request, ResourceVersion version) {
        return isVread(request)
                || version.version() == 1
                || store.readVersion(request.caller(), version.key(), version.version() - 1)
                        .filter(before -> VersionHeaders.second(before).isBefore(second))
                        .isPresent();
    }

    /** Why it is not there: it never was, or, of a version, it is not kept or everything was erased. */
    private Refusal missing(FhirRequest request) {
        if (!isVread(request)) {
            room.foundNothing(request);
            neverCopied.requireKnown(request.key().type(), request.key().toString());
            return unknown(request.key());
        }
        ResourceVersion newest = store.read(request.caller(), request.key()).orElseThrow(() -> unknown(request.key()));
        boolean was = VersionHeaders.number(request.version()).orElse(Long.MAX_VALUE) < newest.version();
        if (was && newest instanceof ResourceVersion.Deleted deleted && deleted.erased()) {
            return gone(deleted);
        }
        String missing = was
                ? " does not keep version " + request.version() + " any more"
                : " has no version \"" + Refusal.shown(request.version()) + "\"";
        return new Refusal(Refusal.Reason.NOT_FOUND, request.key() + missing + "; the newest is " + newest.version());
    }

    static Refusal unknown(ResourceKey key) {
        return new Refusal(Refusal.Reason.NOT_FOUND, key + " is not known");
    }

    static Refusal gone(ResourceVersion.Deleted deletion) {
        return new Refusal(
                Refusal.Reason.DELETED,
                deletion.key() + (deletion.erased() ? " was erased at " : " was deleted at ") + deletion.from()
                        + ", as version " + deletion.version());
    }

    private static Answer answer(FhirRequest request, ResourceVersion.Live live, Shape shape, boolean known) {
        Answer answer = known
                ? Answer.of(304, new Answer.Known(live.fhir()))
                : Answer.of(200, new Answer.OneResource(request.shown(live.fhir(), shape)))
                        .with("Content-Location", VersionHeaders.location(request.base(), live));
        return answer.about(live);
    }
}
