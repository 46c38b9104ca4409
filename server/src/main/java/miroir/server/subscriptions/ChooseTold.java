package miroir.server.subscriptions;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import miroir.index.search.Condition;
import miroir.index.search.SearchLimits;
import miroir.index.search.SearchParser;
import miroir.index.search.SearchableParameters;
import miroir.index.store.Caller;
import miroir.index.store.Deadline;
import miroir.index.store.SearchInForce;
import miroir.index.store.SearchMade;
import miroir.server.subscriptions.Told.Kind;
import miroir.storage.Committed;
import miroir.storage.MongoResourceStore;
import miroir.storage.VersionId;

/**
 * Which of some changes concern a subscription, and what they mean for the result of its criteria. The database tests the criteria, by the same fields and in the same
 * way as for searches: two queries for some hundred changes. What was before each of them is tested with it.
 */
final class ChooseTold {
    private final MongoResourceStore store;

    ChooseTold(MongoResourceStore store) {
        this.store = store;
    }

    /** In the same order. */
    List<Told> among(List<Committed> changes, Subscribed subscribed, Caller owner, Deadline deadline) {
        List<Committed> ofType = changes.stream()
                .filter(each -> each.key().type().equals(subscribed.type()))
                .toList();
        if (ofType.isEmpty()) {
            return List.of();
        }
        SearchInForce inForce = store.inForce();
        Condition where = Criteria.of(
                subscribed, parser(inForce), inForce.made().registry().types());
        Set<VersionId> asked = ofType.stream()
                .flatMap(each -> where.isLinked()
                        ? Stream.of(each.id())
                        : Stream.of(each.id(), each.id().before()))
                .filter(each -> each.version() > 0)
                .collect(Collectors.toSet());
        MongoResourceStore searched = store.of(inForce);
        Set<VersionId> met = searched.meeting(owner, subscribed.type(), where, asked, deadline);
        Set<VersionId> gone = subscribed.leaving() ? gone(ofType, owner, met, searched, deadline) : Set.of();
        List<Told> told = new ArrayList<>();
        for (Committed each : ofType) {
            boolean metBefore = met.contains(each.id().before());
            if (each.live() && met.contains(each.id())) {
                told.add(new Told(each, metBefore ? Kind.UPDATE : Kind.ENTER));
            } else if (each.live() && metBefore && subscribed.leaving()) {
                told.add(new Told(each, Kind.LEAVE));
            } else if (gone.contains(each.id())) {
                told.add(new Told(each, Kind.DELETE));
            }
        }
        return told;
    }

    /**
     * The deletions that are told: of what met the criteria, and of what nobody knows any more whether it did, since its versions were erased or are too old. Only
     * who may see all of a type sees deletions.
     */
    private static Set<VersionId> gone(
            List<Committed> changes, Caller owner, Set<VersionId> met, MongoResourceStore searched, Deadline deadline) {
        List<Committed> deletions =
                changes.stream().filter(each -> !each.live()).toList();
        String type = changes.get(0).key().type();
        if (deletions.isEmpty() || !owner.seen().of(type).isAll()) {
            return Set.of();
        }
        Set<VersionId> others = deletions.stream()
                .map(each -> each.id().before())
                .filter(each -> !met.contains(each))
                .collect(Collectors.toSet());
        Set<VersionId> known = searched.meeting(owner, type, Condition.all(), others, deadline);
        return deletions.stream()
                .map(Committed::id)
                .filter(each -> !known.contains(each.before()))
                .collect(Collectors.toSet());
    }

    private static SearchParser parser(SearchInForce inForce) {
        SearchMade made = inForce.made();
        return new SearchParser(
                SearchableParameters.all(made.registry()), made.zone(), made.ownBases(), SearchLimits.defaults());
    }
}
