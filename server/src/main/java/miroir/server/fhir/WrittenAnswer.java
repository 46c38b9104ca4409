package miroir.server.fhir;

import java.util.List;
import java.util.Optional;
import miroir.index.store.ResourceVersion;
import miroir.index.store.Written;
import miroir.server.format.Preference;

/** What is answered to who wrote a resource: where it is now, its version, and as much of it as was wished. */
final class WrittenAnswer {
    private WrittenAnswer() {}

    static Answer of(FhirRequest request, Written written) {
        boolean created = written.effect() == Written.Effect.CREATED;
        ResourceVersion.Live live = (ResourceVersion.Live) written.current();
        String sentence = live.key() + (created ? " was created as" : " is now at") + " version " + live.version();
        return of(request, live, created ? 201 : 200, created ? "Location" : "Content-Location", sentence)
                .making(List.of(written));
    }

    /** To who would have created what is there already. */
    static Answer found(FhirRequest request, ResourceVersion.Live live) {
        String sentence = live.key() + " meets If-None-Exist, at version " + live.version() + "; nothing was written";
        return of(request, live, 200, "Location", sentence);
    }

    private static Answer of(
            FhirRequest request, ResourceVersion.Live live, int status, String location, String sentence) {
        Optional<Preference> preferred = request.preferredReturn();
        // A bundle of a thousand would otherwise come back as long as it was sent.
        String usual = request.exchange().isEntry() ? "minimal" : "representation";
        String wished = preferred.map(Preference::value).orElse(usual);
        Answer answer = Answer.of(status, body(wished, live, sentence))
                .with(location, VersionHeaders.location(request.base(), live))
                .about(live);
        return preferred.map(answer::applying).orElse(answer);
    }

    /** What {@code Prefer: return=} says. */
    private static Answer.Body body(String wished, ResourceVersion.Live live, String sentence) {
        return switch (wished) {
            case "minimal" -> new Answer.None();
            case "OperationOutcome" -> new Answer.Information(sentence);
            default -> new Answer.OneResource(live.fhir());
        };
    }
}
