package miroir.server.fhir;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import miroir.index.Refusal;
import miroir.index.search.CanonicalCondition;
import miroir.index.search.Condition;
import miroir.index.store.Criteria;
import miroir.index.store.Deadline;
import miroir.index.store.ResourceKey;
import miroir.index.store.ResourceVersion;
import miroir.index.structure.Structures;
import miroir.server.bundle.BundleEntry;
import miroir.server.bundle.ConditionalReference;
import miroir.server.bundle.Placeholders;
import miroir.server.bundle.RewriteLinks;
import miroir.server.fhir.AnswerTransaction.Planned;
import miroir.server.fhir.AnswerTransaction.TouchedOnce;
import org.bson.BsonValue;
import org.bson.RawBsonDocument;
import org.jspecify.annotations.Nullable;

/**
 * One attempt at a transaction, on the store as it is within it.
 *
 * <p>The problem: resources refer to others of the same bundle, whose ids may depend on what a search finds; and what a search finds
 * may depend on what the bundle writes.
 *
 * <p>The approach: what every entry will be stored as is found out before anything is written, for those with criteria by a search.
 * So everything that refers to them can be written with the right reference, in whatever order, in circles too. References
 * by criteria are looked up right before what has them is written, which is after everything that has none, and again after others that have some. Should an entry come out
 * as another resource than was thought, because another entry made what its criteria find, all is refused: what refers to it has
 * been written with the wrong reference.
 *
 * <p>What reads comes last. Where its answer is of an instant it is tried here, and made after the commit ({@link ReadsWithin}).
 *
 * <p>The cost is one search more for each entry with criteria.
 */
final class TransactionAttempt {
    /** Each looks for everything that is still missing, while others wait for what is written. */
    private static final int MOST_PASSES = 10;

    private final AnswerEntry answerEntry;
    private final ReadCriteria readCriteria;
    private final FindMatches findMatches;
    private final int mostDeleted;
    private final ReadsWithin store;
    private final Interactions interactions;
    private final Deadline deadline;

    private final Map<Integer, ResourceKey> keys = new HashMap<>();
    private final List<Planned> readAfter = new ArrayList<>();
    private final Map<String, ResourceKey> referred = new HashMap<>();

    /** What will be created by which criteria: of several entries with the same the first creates. */
    private final Map<Asked, ResourceKey> creations = new LinkedHashMap<>();

    /** In whatever order criteria are given they are the same. */
    private record Asked(String type, String where) {
        static Asked of(Criteria criteria) {
            return new Asked(criteria.type(), CanonicalCondition.of(criteria.where()));
        }
    }

    /** What will not be there any more when something is created, by type. */
    private final Map<String, Set<String>> deleted = new HashMap<>();

    TransactionAttempt(
            AnswerEntry answerEntry,
            ReadCriteria readCriteria,
            FindMatches findMatches,
            int mostDeleted,
            ReadsWithin store,
            Interactions interactions,
            Deadline deadline) {
        this.answerEntry = answerEntry;
        this.readCriteria = readCriteria;
        this.findMatches = findMatches;
        this.mostDeleted = mostDeleted;
        this.store = store;
        this.interactions = interactions;
        this.deadline = deadline;
    }

    /**
     * What came of it.
     *
     * @param answers each at the place of its entry
     * @param readAfter those that are to be answered after the commit
     * @param instant of all versions that were made; empty where none was
     */
    record Done(
            List<Answer> answers,
            List<Planned> readAfter,
            @Nullable Instant instant) {}

    Done run(FhirRequest bundle, List<Planned> inOrder) {
        TouchedOnce touched = new TouchedOnce();
        touched.addAll(inOrder);
        Placeholders placeholders = new Placeholders(bundle.base());
        for (Planned planned : inOrder) {
            OfEntry.named(planned.entry(), () -> inTime(() -> resolve(planned, touched)))
                    .ifPresent(key -> {
                        keys.put(planned.entry().index(), key);
                        if (key.id().equals(planned.newId())) {
                            placeholders.putNew(planned.entry().fullUrl(), key);
                        } else {
                            placeholders.put(planned.entry().fullUrl(), key);
                        }
                    });
        }
        Answer[] answers = new Answer[inOrder.size()];
        AnswersSoFar soFar = new AnswersSoFar();
        Consumer<Planned> done = planned -> answers[planned.entry().index()] =
                OfEntry.named(planned.entry(), () -> inTime(() -> answer(bundle, planned, placeholders, soFar)));
        writeAll(inOrder.stream().filter(Planned::writes).toList(), done);
        inOrder.stream().filter(planned -> !planned.writes()).forEach(done);
        return new Done(
                List.of(answers), List.copyOf(readAfter), store.instant().orElse(null));
    }

    /** Whose reference by criteria finds nothing waits until those are written who may be meant, in whatever order they stand. */
    private static void writeAll(List<Planned> writes, Consumer<Planned> write) {
        List<Planned> waiting = writes;
        for (int pass = 0; !waiting.isEmpty(); pass++) {
            List<Planned> later = new ArrayList<>();
            List<FindsNothing> reasons = new ArrayList<>();
            for (Planned planned : waiting) {
                try {
                    write.accept(planned);
                } catch (FindsNothing nothing) {
                    later.add(planned);
                    reasons.add(nothing);
                }
            }
            if (!later.isEmpty() && (later.size() == waiting.size() || pass == MOST_PASSES)) {
                Planned first = Collections.min(
                        later,
                        Comparator.comparingInt(planned -> planned.entry().index()));
                boolean goesOn = later.size() < waiting.size();
                OfEntry.named(
                        first.entry(), () -> reasons.get(later.indexOf(first)).refuse(goesOn));
            }
            // Those that stand in the wrong order mostly stand in the opposite one.
            Collections.reverse(later);
            waiting = later;
        }
    }

    /** A reference by criteria has nothing yet to refer to. */
    private static final class FindsNothing extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final String reference;

        FindsNothing(String reference) {
            super(reference, null, false, false);
            this.reference = reference;
        }

        Refusal refuse(boolean goesOn) {
            throw new Refusal(
                    Refusal.Reason.PRECONDITION_FAILED,
                    "the reference \"" + Refusal.shown(reference) + "\" finds nothing, and has to find one"
                            + (goesOn
                                    ? "; entries wait for each other in a longer chain than " + (MOST_PASSES + 1)
                                            + " times through them resolves: send them in the order in which they refer to each other"
                                    : ""));
        }
    }

    /** What a transaction has written, nobody else may write until its end, and followers wait for it. */
    private <T> T inTime(Supplier<T> work) {
        if (deadline.remaining().isNegative()) {
            throw new Refusal(
                    Refusal.Reason.NOT_READY,
                    "the time of the transaction was over when it came to this entry, so nothing was written"
                            + " (database.operationTimeout in server.yaml): try again, or send less at once");
        }
        return work.get();
    }

    /** As what an entry will be stored; empty where it stores nothing. */
    private Optional<ResourceKey> resolve(Planned planned, TouchedOnce touched) {
        FhirRequest request = planned.request();
        BundleEntry entry = planned.entry();
        return switch (request.exchange().route().interaction()) {
            case CREATE -> Optional.of(new ResourceKey(request.key().type(), planned.newId()));
            case UPDATE, PATCH -> Optional.of(request.key());
            case CONDITIONAL_CREATE -> Optional.of(created(planned));
            case CONDITIONAL_UPDATE -> Optional.of(updated(planned, touched));
            case CONDITIONAL_PATCH -> {
                Optional<ResourceKey> found = findMatches
                        .one(request.caller(), readCriteria.ofQuery(request))
                        .map(ResourceVersion.Live::key);
                found.ifPresent(key -> touched.add(key, entry));
                yield found;
            }
            case CONDITIONAL_DELETE -> {
                findMatches
                        .all(request.caller(), readCriteria.ofQuery(request), mostDeleted)
                        .forEach(found -> {
                            touched.add(found.key(), entry);
                            delete(found.key());
                        });
                yield Optional.empty();
            }
            case DELETE -> {
                delete(request.key());
                yield Optional.empty();
            }
            default -> Optional.empty();
        };
    }

    private void delete(ResourceKey key) {
        deleted.computeIfAbsent(key.type(), type -> new HashSet<>()).add(key.id());
    }

    /** What is there already is not written, so others may be about it too. Deletions come first, so what they are about is not there. */
    private ResourceKey created(Planned planned) {
        FhirRequest request = planned.request();
        Criteria criteria = readCriteria.ofIfNoneExist(request);
        Optional<ResourceVersion.Live> found = findMatches.one(request.caller(), left(criteria));
        return found.map(ResourceVersion.Live::key)
                .orElseGet(() -> creations.computeIfAbsent(
                        Asked.of(criteria), asked -> new ResourceKey(criteria.type(), planned.newId())));
    }

    private Criteria left(Criteria criteria) {
        Set<String> ids = deleted.getOrDefault(criteria.type(), Set.of());
        if (ids.isEmpty()) {
            return criteria;
        }
        Condition others = new Condition.Not(Condition.In.texts("_id", List.copyOf(ids)));
        return new Criteria(criteria.type(), new Condition.And(List.of(criteria.where(), others)), criteria.deadline());
    }

    private ResourceKey updated(Planned planned, TouchedOnce touched) {
        FhirRequest request = planned.request();
        ResourceKey key = findMatches
                .one(request.caller(), readCriteria.ofQuery(request))
                .map(ResourceVersion.Live::key)
                .orElseGet(() -> new ResourceKey(request.key().type(), sentId(planned)));
        touched.add(key, planned.entry());
        return key;
    }

    private static String sentId(Planned planned) {
        RawBsonDocument resource = planned.entry().resource();
        BsonValue id = resource == null ? null : resource.get("id");
        return id == null ? planned.newId() : id.asString().getValue();
    }

    private Answer answer(FhirRequest bundle, Planned planned, Placeholders placeholders, AnswersSoFar soFar) {
        BundleEntry entry = planned.entry();
        soFar.requireRoom(planned.request());
        FhirRequest request = linked(bundle, planned, placeholders);
        Answer answer = answerEntry.answer(request, entry, interactions, store, deadline);
        requireExpected(entry, answer.subject());
        if (store.takeOfNoInstant()) {
            readAfter.add(planned);
        }
        return soFar.kept(request, answer);
    }

    private FhirRequest linked(FhirRequest bundle, Planned planned, Placeholders placeholders) {
        BundleEntry entry = planned.entry();
        RawBsonDocument sent = entry.resource();
        if (sent == null) {
            return planned.request();
        }
        String root = placeholders.root(entry);
        RewriteLinks rewrite = new RewriteLinks(
                Structures.r4(),
                reference -> ConditionalReference.of(reference)
                        .map(conditional -> referred(planned.request(), reference, conditional)
                                .toString())
                        .orElseGet(() -> placeholders.reference(root, reference)),
                uri -> placeholders.uri(root, uri));
        return answerEntry.asked(bundle, entry, rewrite.in(sent), planned.newId(), deadline);
    }

    /** What is referred to by criteria, which has to be one. */
    private ResourceKey referred(FhirRequest request, String reference, ConditionalReference conditional) {
        ResourceKey known = referred.get(reference);
        if (known != null) {
            return known;
        }
        Criteria criteria = readCriteria.ofReference(request, conditional);
        ResourceKey key = findMatches
                .one(request.caller(), criteria)
                .map(ResourceVersion.Live::key)
                .orElseThrow(() -> new FindsNothing(reference));
        referred.put(reference, key);
        return key;
    }

    private void requireExpected(BundleEntry entry, Answer.@Nullable Subject subject) {
        ResourceKey expected = keys.get(entry.index());
        if (expected != null && subject != null && !expected.equals(subject.key())) {
            throw new Refusal(
                    Refusal.Reason.INVALID,
                    "its criteria find " + subject.key()
                            + ", which another entry of the transaction writes; allowed is one entry for it");
        }
    }
}
