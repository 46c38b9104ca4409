package miroir.server.fhir;

import java.util.Optional;
import miroir.index.Refusal;
import miroir.index.patch.Patch;
import miroir.index.store.Criteria;
import miroir.index.store.Precondition;
import miroir.index.store.ResourceStore;
import miroir.index.store.ResourceVersion;
import miroir.index.store.Written;
import miroir.server.pipeline.Step;
import org.bson.RawBsonDocument;

/**
 * {@code PATCH [base]/[type]?…}: patches the only resource that meets the criteria; 404 where none does, since there is nothing to
 * patch.
 */
final class ConditionalPatchInteraction {
    private final ResourceStore store;
    private final BodyReader reader;
    private final WriteInteraction write;
    private final PatchInteraction patches;
    private final ReadCriteria readCriteria;
    private final FindMatches findMatches;
    private final Room room;

    ConditionalPatchInteraction(
            ResourceStore store,
            BodyReader reader,
            WriteInteraction write,
            PatchInteraction patches,
            ReadCriteria readCriteria,
            FindMatches findMatches,
            Room room) {
        this.store = store;
        this.reader = reader;
        this.write = write;
        this.patches = patches;
        this.readCriteria = readCriteria;
        this.findMatches = findMatches;
        this.room = room;
    }

    Answer answer(FhirRequest request, byte[] body) {
        Precondition precondition = VersionHeaders.precondition(request);
        Criteria criteria = readCriteria.ofQuery(request);
        room.forUpdate(request, body);
        Patch patch = reader.readPatch(request, body);
        request.exchange().done(Step.PARSE);
        Written written = FindMatches.untilDone(criteria, () -> patched(request, criteria, patch, precondition));
        return write.answer(request, written);
    }

    private Optional<Written> patched(FhirRequest request, Criteria criteria, Patch patch, Precondition ofClient) {
        Optional<ResourceVersion.Live> found = findMatches.one(request.caller(), criteria);
        if (found.isEmpty()) {
            FindMatches.requireNoneDemanded(ofClient);
            throw new Refusal(
                    Refusal.Reason.NOT_FOUND,
                    "no " + criteria.type() + " meets the criteria, so there is nothing to patch");
        }
        ResourceVersion.Live before = found.get();
        Precondition unchanged = Match.of(before).unchanged(ofClient);
        RawBsonDocument after = patches.after(request, patch, before, criteria.deadline());
        return FindMatches.unlessChanged(
                () -> Optional.of(store.put(request.caller(), before.key(), after, unchanged)));
    }
}
