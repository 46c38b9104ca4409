package miroir.server.fhir;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import miroir.index.Refusal;
import miroir.index.store.Deadline;
import miroir.index.store.ResourceStore;
import miroir.index.structure.Structures;
import miroir.server.bundle.BundleEntry;
import miroir.server.bundle.Placeholders;
import miroir.server.bundle.RewriteLinks;
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
        Set<String> names = bundle.entries().stream()
                .map(BundleEntry::fullUrl)
                .filter(Placeholders::isNameInABundle)
                .collect(Collectors.toSet());
        AnswersSoFar soFar = new AnswersSoFar();
        List<Answer.Entry> answers = new ArrayList<>(bundle.entries().size());
        for (BundleEntry entry : bundle.entries()) {
            answers.add(answered(request, entry, names, soFar, deadline));
        }
        return answers;
    }

    private Answer.Entry answered(
            FhirRequest bundle, BundleEntry entry, Set<String> names, AnswersSoFar soFar, Deadline deadline) {
        try {
            return new Answer.Answered(answer(bundle, entry, names, soFar, deadline));
        } catch (RuntimeException failure) {
            return new Answer.Failed(Failures.of(failure, bundle.exchange().requestId()));
        }
    }

    /** Entries of a batch know nothing of each other, so what is called like that only among them would be a reference to nothing. */
    private void requireApart(BundleEntry entry, Set<String> names) {
        RawBsonDocument resource = entry.resource();
        if (names.isEmpty() || resource == null) {
            return;
        }
        reader.refusePlaceholders(entry);
        UnaryOperator<String> check = reference -> {
            if (names.contains(reference.split("/_history/", 2)[0])) {
                throw new Refusal(
                        Refusal.Reason.INVALID,
                        "it refers to \"" + Refusal.shown(reference)
                                + "\", an entry of the batch, which entries of a batch cannot: send a transaction");
            }
            return reference;
        };
        new RewriteLinks(Structures.r4(), check, UnaryOperator.identity()).in(resource);
    }

    private Answer answer(
            FhirRequest bundle, BundleEntry entry, Set<String> names, AnswersSoFar soFar, Deadline deadline) {
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
        requireApart(entry, names);
        return soFar.kept(request, answerEntry.answer(request, entry, interactions, store, deadline));
    }
}
