package miroir.server.fhir;

import java.util.List;
import java.util.Optional;
import java.util.UUID;
import miroir.index.Refusal;
import miroir.index.xml.ReadBundle;
import miroir.server.bundle.SentBundle;
import miroir.server.pipeline.Step;
import miroir.server.pipeline.WorkingMemory;
import org.bson.BsonString;

/** {@code POST [base]}: a batch, whose entries have nothing to do with each other, or a transaction, which is done whole or not at all. */
final class BundleInteraction {
    private static final BsonString BUNDLE = new BsonString("Bundle");

    private final BodyReader reader;
    private final AnswerBatch batches;
    private final AnswerTransaction transactions;
    private final Room room;
    private final int mostEntries;

    BundleInteraction(
            BodyReader reader, AnswerBatch batches, AnswerTransaction transactions, Room room, int mostEntries) {
        this.reader = reader;
        this.batches = batches;
        this.transactions = transactions;
        this.room = room;
        this.mostEntries = mostEntries;
    }

    Answer answer(FhirRequest request, byte[] body) {
        request.refuseParameters();
        VersionHeaders.refuseConditions(request, "each entry of a bundle has its own conditions");
        Optional<WorkingMemory.Held> held = room.forBundle(request, body);
        SentBundle bundle = read(request, body);
        NoteAnswer.before(request, bundle);
        request.exchange().done(Step.PARSE);
        request.exchange().countEntries(bundle.entries().size());
        List<Answer.Entry> entries =
                bundle.isTransaction() ? transactions.of(request, bundle) : batches.of(request, bundle);
        request.exchange().done(Step.STORE);
        Answer answer = answer(request, bundle, entries);
        held.ifPresent(memory -> memory.read(request.format(), AnswerBody.size(answer.body())));
        return answer;
    }

    private SentBundle read(FhirRequest request, byte[] body) {
        ReadBundle sent = reader.readBundle(request, body);
        if (!BUNDLE.equals(sent.bundle().get("resourceType"))) {
            throw new Refusal(
                    Refusal.Reason.INVALID,
                    "the body of POST [base] is a Bundle; a resource of another type goes to [base]/[type]",
                    "resourceType");
        }
        reader.check(SentBundle.withoutResources(sent.bundle()));
        return SentBundle.read(sent, mostEntries);
    }

    private static Answer answer(FhirRequest request, SentBundle bundle, List<Answer.Entry> entries) {
        Answer.BundleType type =
                bundle.isTransaction() ? Answer.BundleType.TRANSACTION_RESPONSE : Answer.BundleType.BATCH_RESPONSE;
        Answer answer = Answer.of(
                200,
                new Answer.Bundle(UUID.randomUUID().toString(), type, request.base(), null, null, List.of(), entries));
        return request.preferredReturn().map(answer::applying).orElse(answer);
    }
}
