package miroir.server.fhir;

import java.util.Optional;
import miroir.index.Refusal;
import miroir.index.store.Criteria;
import miroir.index.store.Precondition;
import miroir.index.store.ResourceKey;
import miroir.index.store.ResourceStore;
import miroir.index.store.ResourceVersion;
import miroir.index.store.Written;
import miroir.server.pipeline.Step;
import org.bson.BsonValue;
import org.bson.RawBsonDocument;
import org.jspecify.annotations.Nullable;

/**
 * {@code POST [base]/[type]} with {@code If-None-Exist}, and {@code PUT [base]/[type]?…}: what is written depends on how many
 * resources meet the criteria. Of many requests with the same criteria one creates, and the others find what it made.
 */
final class ConditionalWriteInteraction {
    private final ResourceStore store;
    private final BodyReader reader;
    private final WriteInteraction write;
    private final ReadCriteria readCriteria;
    private final FindMatches findMatches;
    private final Room room;

    ConditionalWriteInteraction(
            ResourceStore store,
            BodyReader reader,
            WriteInteraction write,
            ReadCriteria readCriteria,
            FindMatches findMatches,
            Room room) {
        this.store = store;
        this.reader = reader;
        this.write = write;
        this.readCriteria = readCriteria;
        this.findMatches = findMatches;
        this.room = room;
    }

    Answer create(FhirRequest request, byte[] body) {
        request.refuseParameters();
        VersionHeaders.refuseConditions(
                request, "a create makes a resource of which there is no version yet; PUT [type]?… takes conditions");
        Criteria criteria = readCriteria.ofIfNoneExist(request);
        RawBsonDocument sent = read(request, body);
        return FindMatches.untilDone(criteria, () -> {
            Optional<ResourceVersion.Live> found = findMatches.one(request.caller(), criteria);
            if (found.isPresent()) {
                request.exchange().done(Step.STORE);
                return Optional.of(WrittenAnswer.found(request, found.get()));
            }
            return create(request, criteria, newKey(request), sent, ResourceVersion.Origin.CREATED)
                    .map(created -> write.answer(request, created));
        });
    }

    Answer update(FhirRequest request, byte[] body) {
        Precondition precondition = VersionHeaders.precondition(request);
        Criteria criteria = readCriteria.ofQuery(request);
        RawBsonDocument sent = read(request, body);
        Written written = FindMatches.untilDone(
                criteria,
                () -> findMatches
                        .one(request.caller(), criteria)
                        .map(found -> update(request, Match.of(found), sent, precondition))
                        .orElseGet(() -> updateAsCreate(request, criteria, sent, precondition)));
        return write.answer(request, written);
    }

    private RawBsonDocument read(FhirRequest request, byte[] body) {
        room.forUpdate(request, body);
        RawBsonDocument accepted = WriteInteraction.accepted(request, reader.readWritten(request, body));
        request.exchange().done(Step.PARSE);
        return accepted;
    }

    private Optional<Written> update(FhirRequest request, Match found, RawBsonDocument sent, Precondition ofClient) {
        ResourceKey key = found.key();
        String id = id(sent);
        if (id != null && !id.equals(key.id())) {
            throw new Refusal(
                    Refusal.Reason.INVALID,
                    "the body has the id \"" + id + "\", and " + key
                            + " meets the criteria; allowed are its id, or none",
                    key.type() + ".id");
        }
        RawBsonDocument named = id == null ? WriteInteraction.withId(sent, key.id()) : sent;
        Precondition unchanged = found.unchanged(ofClient);
        return FindMatches.unlessChanged(() -> Optional.of(store.put(request.caller(), key, named, unchanged)));
    }

    private Optional<Written> updateAsCreate(
            FhirRequest request, Criteria criteria, RawBsonDocument sent, Precondition ofClient) {
        FindMatches.requireNoneDemanded(ofClient);
        String id = id(sent);
        ResourceKey key = id == null ? newKey(request) : new ResourceKey(criteria.type(), id);
        return create(request, criteria, key, sent, ResourceVersion.Origin.PUT_CREATED);
    }

    private Optional<Written> create(
            FhirRequest request,
            Criteria criteria,
            ResourceKey key,
            RawBsonDocument sent,
            ResourceVersion.Origin origin) {
        try {
            return store.createUnlessFound(
                    request.caller(), criteria, key, WriteInteraction.withId(sent, key.id()), origin);
        } catch (Refusal refused) {
            if (refused.reason() == Refusal.Reason.PRECONDITION_FAILED) {
                throw new Refusal(
                        Refusal.Reason.CONFLICT,
                        "nothing meets the criteria, and the id of the body is taken: " + refused.getMessage()
                                + "; allowed are another id, or none",
                        key.type() + ".id");
            }
            throw refused;
        }
    }

    private static ResourceKey newKey(FhirRequest request) {
        return new ResourceKey(request.key().type(), request.newId());
    }

    private static @Nullable String id(RawBsonDocument sent) {
        BsonValue id = sent.get("id");
        return id == null ? null : id.asString().getValue();
    }
}
