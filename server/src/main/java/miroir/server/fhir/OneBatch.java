package miroir.server.fhir;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import miroir.index.Refusal;
import miroir.index.store.Caller;
import miroir.index.store.Deadline;
import miroir.index.store.Put;
import miroir.index.store.PutOutcome;
import miroir.index.store.ResourceKey;
import miroir.index.store.ResourceStore;
import miroir.index.structure.Structures;
import miroir.server.bundle.BundleEntry;
import miroir.server.bundle.Placeholders;
import miroir.server.bundle.RewriteLinks;
import miroir.server.bundle.SentBundle;
import miroir.server.failure.Failures;
import miroir.server.fhir.AnswerEntry.ReadyPut;
import org.bson.RawBsonDocument;

/**
 * One batch while it is answered: each entry for itself, as if they were done one after the other, in their order.
 *
 * <p>What only writes by ids of its own, and stands together, is gathered and given to the store at once ({@link ResourceStore#putEach}), which waits once for all of it. An entry that
 * does anything else, or writes the same again, has everything before it written first, so it sees what it would have seen. Within what is gathered any order
 * counts, which shows in instants, histories and to who reads meanwhile; and after a crash any part of it may be there.
 */
final class OneBatch {
    private static final int MOST_GATHERED = 200;

    /** Of resources: they are in memory again as they are sent to the database, with what they replace. */
    private static final int MOST_BYTES_GATHERED = 1 << 20;

    private static final Duration RIGHTS_HOLD = Duration.ofSeconds(1);

    private final AnswerEntry answerEntry;
    private final BodyReader reader;
    private final ResourceStore store;
    private final Interactions interactions;
    private final Duration patience;
    private final FhirRequest bundle;
    private final List<BundleEntry> entries;
    private final Set<String> names;
    private final Deadline deadline;
    private final AnswersSoFar soFar = new AnswersSoFar();
    private final Answer.Entry[] answers;
    private final List<ReadyPut> gathered = new ArrayList<>();
    private final Set<ResourceKey> keys = new HashSet<>();
    private long bytes;

    OneBatch(
            AnswerEntry answerEntry,
            BodyReader reader,
            ResourceStore store,
            Interactions interactions,
            Duration patience,
            FhirRequest bundle,
            SentBundle sent) {
        this.answerEntry = answerEntry;
        this.reader = reader;
        this.store = store;
        this.interactions = interactions;
        this.patience = patience;
        this.bundle = bundle;
        this.entries = sent.entries();
        this.names = entries.stream()
                .map(BundleEntry::fullUrl)
                .filter(Placeholders::isNameInABundle)
                .collect(Collectors.toSet());
        this.deadline = Deadline.in(patience);
        this.answers = new Answer.Entry[entries.size()];
    }

    List<Answer.Entry> answer() {
        for (BundleEntry entry : entries) {
            try {
                answer(entry);
            } catch (RuntimeException failure) {
                answers[entry.index()] = failed(failure);
            }
        }
        write();
        return Arrays.asList(answers);
    }

    private void answer(BundleEntry entry) {
        requireTime();
        FhirRequest request = answerEntry.asked(
                bundle, entry, entry.resource(), UUID.randomUUID().toString(), deadline);
        if (AnswerEntry.isPlainPut(request, entry)) {
            check(entry);
            gather(answerEntry.ready(request, entry, interactions));
            return;
        }
        write();
        requireTime();
        soFar.requireRoom(request);
        check(entry);
        answers[entry.index()] = new Answer.Answered(
                soFar.kept(request, answerEntry.answer(request, entry, interactions, store, deadline)));
    }

    private void requireTime() {
        if (deadline.remaining().isNegative()) {
            throw late();
        }
    }

    private Refusal late() {
        return new Refusal(
                Refusal.Reason.NOT_READY,
                "the batch took " + patience.toSeconds()
                        + " seconds before it came to this entry, which was not done (limits.batch in server.yaml)");
    }

    private void check(BundleEntry entry) {
        reader.check(entry);
        requireApart(entry);
    }

    /** Entries of a batch know nothing of each other, so what is called like that only among them would be a reference to nothing. */
    private void requireApart(BundleEntry entry) {
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

    private void gather(ReadyPut ready) {
        if (keys.contains(ready.put().key())) {
            write();
        }
        keys.add(ready.put().key());
        gathered.add(ready);
        bytes += ready.put().fhir().getByteBuffer().remaining();
        if (gathered.size() >= MOST_GATHERED || bytes >= MOST_BYTES_GATHERED) {
            write();
        }
    }

    /**
     * Whoever sent the batch may have got other rights meanwhile, or lost them; so that is asked anew for what was not begun within a second. Where nothing was, the
     * next is written alone, in whatever time the batch has, so that it goes on.
     */
    private void write() {
        List<ReadyPut> left = List.copyOf(gathered);
        gathered.clear();
        keys.clear();
        bytes = 0;
        boolean goesOn = true;
        while (!left.isEmpty()) {
            List<ReadyPut> next = goesOn ? left : left.subList(0, 1);
            Map<Caller, List<ReadyPut>> allowed = allowed(next);
            Deadline until = goesOn ? soon() : deadline;
            List<ReadyPut> notBegun = new ArrayList<>();
            allowed.forEach((caller, together) -> notBegun.addAll(write(caller, together, until)));
            goesOn = notBegun.size() < next.size();
            notBegun.addAll(left.subList(next.size(), left.size()));
            left = notBegun;
        }
    }

    private Deadline soon() {
        return deadline.remaining().compareTo(RIGHTS_HOLD) < 0 ? deadline : Deadline.in(RIGHTS_HOLD);
    }

    /** To note what is asked for may take time, too. */
    private Map<Caller, List<ReadyPut>> allowed(List<ReadyPut> left) {
        Map<Caller, List<ReadyPut>> allowed = new LinkedHashMap<>();
        for (ReadyPut ready : left) {
            try {
                requireTime();
                allowed.computeIfAbsent(ready.request().caller(), caller -> new ArrayList<>())
                        .add(ready);
            } catch (RuntimeException failure) {
                answers[ready.entry().index()] = failed(failure);
            }
        }
        return allowed;
    }

    /** Returns what was not begun by then, and may be yet. */
    private List<ReadyPut> write(Caller caller, List<ReadyPut> together, Deadline until) {
        List<PutOutcome> outcomes = outcomes(caller, together, until);
        List<ReadyPut> notBegun = new ArrayList<>();
        for (int i = 0; i < together.size(); i++) {
            ReadyPut ready = together.get(i);
            if (!until.equals(deadline) && outcomes.get(i) instanceof PutOutcome.NotBegun) {
                notBegun.add(ready);
            } else {
                answers[ready.entry().index()] = answer(ready, outcomes.get(i));
            }
        }
        return notBegun;
    }

    private List<PutOutcome> outcomes(Caller caller, List<ReadyPut> together, Deadline until) {
        List<Put> puts = together.stream().map(ReadyPut::put).toList();
        try {
            return store.putEach(caller, puts, until);
        } catch (RuntimeException failure) {
            return Collections.nCopies(puts.size(), new PutOutcome.Failed(failure));
        }
    }

    private Answer.Entry answer(ReadyPut ready, PutOutcome outcome) {
        if (outcome instanceof PutOutcome.Failed failed) {
            return failed(failed.failure());
        }
        if (!(outcome instanceof PutOutcome.Stored stored)) {
            return failed(late());
        }
        try {
            return new Answer.Answered(
                    soFar.kept(ready.request(), answerEntry.answer(ready, stored.written(), interactions)));
        } catch (RuntimeException failure) {
            return failed(failure);
        }
    }

    private Answer.Failed failed(RuntimeException failure) {
        return new Answer.Failed(Failures.of(failure, bundle.exchange().requestId()));
    }
}
