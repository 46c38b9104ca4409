package miroir.server.fhir;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import miroir.index.Refusal;
import miroir.index.store.Deadline;
import miroir.index.store.ResourceStore;
import miroir.server.bundle.BundleEntry;
import miroir.server.bundle.SentBundle;
import miroir.server.failure.Failures;
import org.bson.RawBsonDocument;

/** Answers a batch: one entry after the other, in their order, each for itself. */
final class AnswerBatch {
    private final AnswerEntry answerEntry;
    private final BodyReader reader;
    private final ResourceStore store;
    private final Interactions interactions;
    private final Duration patience;

    AnswerBatch(
            AnswerEntry answerEntry,
            BodyReader reader,
            ResourceStore store,
            Interactions interactions,
            Duration patience) {
        this.answerEntry = answerEntry;
        this.reader = reader;
        this.store = store;
        this.interactions = interactions;
        this.patience = patience;
    }

    List<Answer.Entry> of(FhirRequest request, SentBundle bundle) {
        Deadline deadline = Deadline.in(patience);
        AnswersSoFar soFar = new AnswersSoFar();
        List<Answer.Entry> answers = new ArrayList<>(bundle.entries().size());
        for (BundleEntry entry : bundle.entries()) {
            answers.add(answered(request, entry, soFar, deadline));
        }
        return answers;
    }

    private Answer.Entry answered(FhirRequest bundle, BundleEntry entry, AnswersSoFar soFar, Deadline deadline) {
        try {
            return new Answer.Answered(answer(bundle, entry, soFar, deadline));
        } catch (RuntimeException failure) {
            return new Answer.Failed(Failures.of(failure, bundle.exchange().requestId()));
        }
    }

    private Answer answer(FhirRequest bundle, BundleEntry entry, AnswersSoFar soFar, Deadline deadline) {
        if (deadline.remaining().isNegative()) {
            throw new Refusal(
                    Refusal.Reason.NOT_READY,
                    "the batch took " + patience.toSeconds()
                            + " seconds before it came to this entry, which was not done (limits.batch in server.yaml)");
        }
        RawBsonDocument resource = entry.resource();
        FhirRequest request =
                answerEntry.asked(bundle, entry, resource, UUID.randomUUID().toString(), deadline);
        soFar.requireRoom(request);
        reader.check(entry);
        return soFar.kept(request, answerEntry.answer(request, entry, interactions, store, deadline));
    }
}
