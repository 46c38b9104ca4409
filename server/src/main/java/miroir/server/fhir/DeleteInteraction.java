package miroir.server.fhir;

import java.util.List;
import java.util.Optional;
import miroir.index.store.Precondition;
import miroir.index.store.ResourceKey;
import miroir.index.store.ResourceStore;
import miroir.index.store.ResourceVersion;
import miroir.index.store.Written;
import miroir.server.format.Preference;
import miroir.server.pipeline.Step;

/**
 * {@code DELETE [base]/[type]/[id]}: 204 with the version that the deletion made, or 200 with a sentence. Where nothing ever was, what is
 * wished is so already, and there is no version.
 */
final class DeleteInteraction {
    private final ResourceStore store;
    private final Room room;

    DeleteInteraction(ResourceStore store, Room room) {
        this.store = store;
        this.room = room;
    }

    Answer answer(FhirRequest request) {
        request.refuseParameters();
        ResourceKey key = request.key();
        Precondition precondition = VersionHeaders.precondition(request);
        request.exchange().done(Step.PARSE);
        room.forDeletion(request);
        Optional<Written> written = store.delete(request.caller(), key, precondition);
        written.ifPresent(room::saw);
        request.exchange().done(Step.STORE);
        return written.map(deletion -> answer(request, deletion.current()).making(List.of(deletion)))
                .orElseGet(() -> answer(request, "there is no " + key));
    }

    /** To who deleted one resource. */
    static Answer answer(FhirRequest request, ResourceVersion deletion) {
        return answer(request, deletion.key() + " is deleted as version " + deletion.version())
                .about(deletion);
    }

    /** Nothing, or the sentence if that is wished. A deletion has no representation, so that wish is not fulfilled. */
    static Answer answer(FhirRequest request, String sentence) {
        Optional<Preference> preferred =
                request.preferredReturn().filter(wish -> !wish.value().equals("representation"));
        boolean told = preferred
                .filter(wish -> wish.value().equals("OperationOutcome"))
                .isPresent();
        Answer answer = told ? Answer.of(200, new Answer.Information(sentence)) : Answer.empty(204);
        return preferred.map(answer::applying).orElse(answer);
    }
}
