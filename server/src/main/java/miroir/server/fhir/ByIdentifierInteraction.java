package miroir.server.fhir;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import miroir.index.Refusal;
import miroir.index.json.Shape;
import miroir.index.search.QueryParameter;
import miroir.index.search.ShapeParameters;
import miroir.index.store.Page;
import miroir.index.store.ResourceVersion;
import miroir.server.pipeline.Step;

/**
 * {@code GET [type]/$by-identifier?value=}: the resource that has a business identifier, such as the RPPS of a practitioner or the FINESS of a place, answered like
 * a read. Of several the one that is active is meant; two of these are a conflict, which names them.
 */
final class ByIdentifierInteraction {
    private static final String VALUE = "value";
    private static final List<String> PARAMETERS =
            Stream.concat(Stream.of(VALUE), ShapeParameters.NAMES.stream()).toList();

    private final FindByIdentifier findByIdentifier;
    private final NeverCopied neverCopied;
    private final Duration patience;

    ByIdentifierInteraction(FindByIdentifier findByIdentifier, NeverCopied neverCopied, Duration patience) {
        this.findByIdentifier = findByIdentifier;
        this.neverCopied = neverCopied;
        this.patience = patience;
    }

    Answer answer(FhirRequest request) {
        request.refuseParametersBut(PARAMETERS);
        Shape shape = request.shape();
        String value = value(request);
        request.exchange().done(Step.PARSE);
        Page page = findByIdentifier.inTurn(request, Set.of(token(value)), request.deadline(patience));
        List<ResourceVersion.Live> found = FindByIdentifier.active(page.resources());
        request.exchange().done(Step.STORE);
        if (found.isEmpty()) {
            throw unknown(request, value);
        }
        if (found.size() > 1 || page.more()) {
            throw several(value, found);
        }
        ResourceVersion.Live live = found.get(0);
        return Answer.of(200, new Answer.OneResource(request.shown(live.fhir(), shape)))
                .with("Content-Location", VersionHeaders.location(request.base(), live))
                .about(live);
    }

    private static String value(FhirRequest request) {
        List<String> values = request.query().stream()
                .filter(parameter -> parameter.name().equals(VALUE))
                .map(QueryParameter::value)
                .toList();
        if (values.size() != 1 || values.get(0).isBlank()) {
            throw new Refusal(
                    Refusal.Reason.INVALID,
                    "value is given once, as [value] or [system]|[value]: " + request.path() + "?value=810000000001");
        }
        return values.get(0);
    }

    /** What stands before the first bar is the system; nothing in it has a meaning beside that. */
    private static String token(String value) {
        int bar = value.indexOf('|');
        if (bar == value.length() - 1) {
            throw new Refusal(
                    Refusal.Reason.INVALID, "\"" + Refusal.shown(value) + "\" has no value behind its system");
        }
        return FindByIdentifier.token(bar < 0 ? "" : value.substring(0, bar), bar >= 0, value.substring(bar + 1));
    }

    private Refusal unknown(FhirRequest request, String value) {
        String type = request.key().type();
        String what = "a " + type + " with the identifier \"" + Refusal.shown(value) + "\"";
        neverCopied.requireKnown(type, what);
        return new Refusal(Refusal.Reason.NOT_FOUND, what + " is not known");
    }

    private static Refusal several(String value, List<ResourceVersion.Live> found) {
        return new Refusal(
                Refusal.Reason.CONFLICT,
                "several have the identifier \"" + Refusal.shown(value) + "\"; [system]|[value] may tell them apart: "
                        + found.stream().map(live -> live.key().toString()).collect(Collectors.joining(", ")));
    }
}
