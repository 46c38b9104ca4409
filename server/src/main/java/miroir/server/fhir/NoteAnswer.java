package miroir.server.fhir;

import java.util.List;
import miroir.server.bundle.BundleEntry;
import miroir.server.bundle.SentBundle;
import miroir.server.pipeline.RequestNote;

/** Tells those who note who did what which versions were made, and what a bundle is about. */
final class NoteAnswer {
    private static final List<String> READING = List.of("GET", "HEAD");

    private NoteAnswer() {}

    /** What is asked for, before any of it is done. */
    static void before(FhirRequest request, SentBundle bundle) {
        request.exchange()
                .note()
                .bundle(
                        bundle.isTransaction(),
                        bundle.entries().stream()
                                .map(entry -> entry.method() + " " + entry.url())
                                .toList(),
                        bundle.entries().stream()
                                .map(BundleEntry::method)
                                .anyMatch(method -> !READING.contains(method)));
    }

    /** What was done. */
    static void after(FhirRequest request, Answer answer) {
        RequestNote note = request.exchange().note();
        note.made(answer.made());
        if (answer.body() instanceof Answer.Bundle bundle && isOfEntries(bundle.type())) {
            note.answered(bundle.entries().stream().map(NoteAnswer::answered).toList());
        }
    }

    private static boolean isOfEntries(Answer.BundleType type) {
        return type == Answer.BundleType.BATCH_RESPONSE || type == Answer.BundleType.TRANSACTION_RESPONSE;
    }

    private static RequestNote.Answered answered(Answer.Entry entry) {
        if (entry instanceof Answer.Answered one) {
            return new RequestNote.Answered(one.answer().status(), one.answer().made());
        }
        return new RequestNote.Answered(((Answer.Failed) entry).failure().status(), List.of());
    }
}
