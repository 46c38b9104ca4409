package miroir.server.fhir;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import miroir.index.Refusal;
import miroir.index.store.Deadline;
import miroir.index.store.ResourceKey;
import miroir.index.store.ResourceStore;
import miroir.server.bundle.BundleEntry;
import miroir.server.bundle.SentBundle;
import miroir.server.bundle.TransactionOrder;
import miroir.server.failure.Failures;
import org.bson.RawBsonDocument;

/**
 * Answers a transaction. What can be known of it without the store is looked at first; then all is done within a transaction of the
 * store, as often as it takes until nobody was faster. Reads whose answers are of an instant are answered after that.
 */
final class AnswerTransaction {
    private final AnswerEntry answerEntry;
    private final BodyReader reader;
    private final ResourceStore store;
    private final Function<ResourceStore, Interactions> interactions;
    private final ReadCriteria readCriteria;
    private final int mostDeleted;
    private final Duration patience;

    AnswerTransaction(
            AnswerEntry answerEntry,
            BodyReader reader,
            ResourceStore store,
            Function<ResourceStore, Interactions> interactions,
            ReadCriteria readCriteria,
            int mostDeleted,
            Duration patience) {
        this.answerEntry = answerEntry;
        this.reader = reader;
        this.store = store;
        this.interactions = interactions;
        this.readCriteria = readCriteria;
        this.mostDeleted = mostDeleted;
        this.patience = patience;
    }

    /** An entry that may be done. */
    record Planned(BundleEntry entry, FhirRequest request, String newId) {
        boolean writes() {
            return request.exchange().route().interaction().writes();
        }
    }

    List<Answer.Entry> of(FhirRequest request, SentBundle bundle) {
        Deadline deadline = Deadline.in(patience);
        refuseSameUrls(bundle.entries());
        List<Planned> inOrder = TransactionOrder.of(bundle.entries()).stream()
                .map(entry -> OfEntry.named(entry, () -> planned(request, entry, deadline)))
                .toList();
        new TouchedOnce().addAll(inOrder);
        Set<String> types = inOrder.stream()
                .filter(Planned::writes)
                .map(each -> each.request().key().type())
                .collect(Collectors.toSet());
        if (!types.isEmpty()) {
            // Not within it: others wait for what it has written.
            request.exchange().note().require();
        }
        TransactionAttempt.Done done = store.inTransaction(types, deadline, within -> {
            ReadsWithin reads = new ReadsWithin(within, store);
            return new TransactionAttempt(
                            answerEntry,
                            readCriteria,
                            new FindMatches(reads),
                            mostDeleted,
                            reads,
                            interactions.apply(reads),
                            deadline)
                    .run(request, inOrder);
        });
        return inTheirOrder(request, done, deadline);
    }

    private List<Answer.Entry> inTheirOrder(FhirRequest request, TransactionAttempt.Done done, Deadline deadline) {
        List<Answer.Entry> entries = new ArrayList<>(done.answers().size());
        done.answers().forEach(answer -> entries.add(new Answer.Answered(answer)));
        Set<Integer> again = done.readAfter().stream()
                .map(planned -> planned.entry().index())
                .collect(Collectors.toSet());
        AnswersSoFar soFar = new AnswersSoFar();
        for (int i = 0; i < entries.size(); i++) {
            if (!again.contains(i)) {
                soFar.add(done.answers().get(i).body());
            }
        }
        ResourceStore after = new ReadsAfter(store, done.instant());
        for (Planned planned : done.readAfter()) {
            entries.set(planned.entry().index(), read(request, planned, after, soFar, deadline));
        }
        return entries;
    }

    /** What is done is done, so what cannot be read any more fails for itself. */
    private Answer.Entry read(
            FhirRequest bundle, Planned planned, ResourceStore after, AnswersSoFar soFar, Deadline deadline) {
        try {
            soFar.requireRoom(planned.request());
            return new Answer.Answered(soFar.kept(
                    planned.request(),
                    answerEntry.answer(
                            planned.request(), planned.entry(), interactions.apply(after), after, deadline)));
        } catch (RuntimeException failure) {
            return new Answer.Failed(Failures.of(failure, bundle.exchange().requestId()));
        }
    }

    private Planned planned(FhirRequest bundle, BundleEntry entry, Deadline deadline) {
        RawBsonDocument resource = entry.resource();
        reader.check(entry);
        reader.refusePlaceholders(entry);
        String newId = UUID.randomUUID().toString();
        return new Planned(entry, answerEntry.asked(bundle, entry, resource, newId, deadline), newId);
    }

    private static void refuseSameUrls(List<BundleEntry> entries) {
        Map<String, BundleEntry> seen = new HashMap<>();
        for (BundleEntry entry : entries) {
            BundleEntry other = entry.fullUrl().isEmpty() ? null : seen.putIfAbsent(entry.fullUrl(), entry);
            if (other != null) {
                throw new Refusal(
                        Refusal.Reason.INVALID,
                        other + " and " + entry + " have the same fullUrl \"" + Refusal.shown(entry.fullUrl())
                                + "\", so nobody knows what refers to which",
                        entry.path() + ".fullUrl");
            }
        }
    }

    /** Which entry writes which resource. */
    static final class TouchedOnce {
        private final Map<ResourceKey, BundleEntry> entries = new HashMap<>();

        /** Those whose URL names a resource. */
        void addAll(List<Planned> planned) {
            planned.stream()
                    .filter(each ->
                            each.request().exchange().route().interaction().writes()
                                    && !each.request().key().id().isEmpty())
                    .forEach(each -> add(each.request().key(), each.entry()));
        }

        void add(ResourceKey key, BundleEntry entry) {
            BundleEntry other = entries.putIfAbsent(key, entry);
            if (other != null && other.index() != entry.index()) {
                throw new Refusal(
                        Refusal.Reason.INVALID,
                        other + " and " + entry + " are both about " + key
                                + "; in a transaction a resource is written once",
                        entry.path() + ".request");
            }
        }
    }
}
