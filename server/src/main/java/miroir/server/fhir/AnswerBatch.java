package miroir.server.fhir;

import java.time.Duration;
import java.util.List;
import miroir.index.store.ResourceStore;
import miroir.server.bundle.SentBundle;

/** Answers batches, whose entries have nothing to do with each other. */
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
        return new OneBatch(answerEntry, reader, store, interactions, patience, request, bundle).answer();
    }
}
