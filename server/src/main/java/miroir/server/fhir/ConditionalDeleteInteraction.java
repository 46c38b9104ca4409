package miroir.server.fhir;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import miroir.index.search.Condition;
import miroir.index.store.Caller;
import miroir.index.store.Criteria;
import miroir.index.store.Precondition;
import miroir.index.store.ResourceStore;
import miroir.index.store.Written;
import miroir.server.pipeline.Step;
import org.bson.BsonString;
import org.bson.BsonValue;

/**
 * {@code DELETE [base]/[type]?…}: deletes what meets the criteria, if that is not more than is allowed. Where nothing does,
 * what the client wants is so already.
 */
final class ConditionalDeleteInteraction {
    private final ResourceStore store;
    private final ReadCriteria readCriteria;
    private final FindMatches findMatches;
    private final int most;
    private final Room room;

    ConditionalDeleteInteraction(
            ResourceStore store, ReadCriteria readCriteria, FindMatches findMatches, int most, Room room) {
        this.store = store;
        this.readCriteria = readCriteria;
        this.findMatches = findMatches;
        this.most = most;
        this.room = room;
    }

    Answer answer(FhirRequest request) {
        Precondition precondition = VersionHeaders.precondition(request);
        Criteria criteria = readCriteria.ofQuery(request);
        request.exchange().done(Step.PARSE);
        room.forDeletion(request);
        List<Written> deletions = delete(request.caller(), criteria, precondition);
        deletions.forEach(room::saw);
        request.exchange().done(Step.STORE);
        Answer answer = deletions.size() == 1
                ? DeleteInteraction.answer(request, deletions.get(0).current())
                : DeleteInteraction.answer(request, sentence(criteria, deletions.size()));
        return answer.making(deletions);
    }

    private static String sentence(Criteria criteria, int deleted) {
        return deleted == 0
                ? "no " + criteria.type() + " meets the criteria, so nothing was deleted"
                : deleted + " " + criteria.type() + " are deleted";
    }

    /** Of those that others changed in the meantime the ones that still meet the criteria come again, and no further ones. */
    private List<Written> delete(Caller caller, Criteria criteria, Precondition ofClient) {
        List<Written> deletions = new ArrayList<>();
        List<BsonValue> left = new ArrayList<>();
        FindMatches.untilDone(criteria, () -> {
            Map<Match, Precondition> due = new LinkedHashMap<>();
            findMatches
                    .all(caller, among(criteria, left), most)
                    .forEach(match -> due.put(match, match.unchanged(ofClient)));
            if (due.isEmpty() && deletions.isEmpty()) {
                FindMatches.requireNoneDemanded(ofClient);
            }
            left.clear();
            due.forEach((match, unchanged) -> FindMatches.unlessChanged(
                            () -> store.delete(caller, match.key(), unchanged))
                    .ifPresentOrElse(
                            deletions::add,
                            () -> left.add(new BsonString(match.key().id()))));
            return left.isEmpty() ? Optional.of(deletions) : Optional.empty();
        });
        return deletions;
    }

    private static Criteria among(Criteria criteria, List<BsonValue> ids) {
        return ids.isEmpty()
                ? criteria
                : new Criteria(
                        criteria.type(),
                        new Condition.And(List.of(criteria.where(), new Condition.In("_id", ids))),
                        criteria.deadline());
    }
}
