package miroir.storage;

import com.mongodb.client.model.Aggregates;
import com.mongodb.client.model.CountOptions;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.Projections;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import miroir.index.search.Condition;
import miroir.index.store.Deadline;
import miroir.index.store.Scope;
import miroir.index.store.Total;
import miroir.index.store.TotalQuery;
import miroir.storage.LinkedMatches.Manner;
import org.bson.BsonDocument;
import org.bson.conversions.Bson;

/**
 * How many resources match, counted no further than asked.
 *
 * <p>An estimate of what is beyond: resources of the type are drawn at random, and the share of them that matches is taken for that of all. It holds for
 * every condition, links included, and costs as much for a million matches as for ten thousand. The smaller the share, the less it says; what
 * is seldom has been counted before.
 */
final class CountMatches {
    private static final int ATTEMPTS = 5;
    private static final int SAMPLE = 1_000;
    private static final Bson ONLY_ID = Projections.include(StoredFields.ID);
    private static final Bson ONLY_POSITIONS = Projections.include(StoredFields.POSITION);

    /** A deletion has no position. */
    private static final Bson LIVE = Filters.gt(StoredFields.POSITION, 0L);

    private final StoreDatabase database;
    private final SelectMatches selectMatches;

    CountMatches(StoreDatabase database, SelectMatches selectMatches) {
        this.database = database;
        this.selectMatches = selectMatches;
    }

    Total run(Condition condition, Scope seen, TotalQuery query) {
        Total total = upToTheMost(condition, seen, query);
        return total.exact() || !query.estimated() ? total : estimated(condition, seen, query);
    }

    private Total estimated(Condition condition, Scope seen, TotalQuery query) {
        Condition drawn = Condition.In.texts(StoredFields.ID, sample(query));
        TotalQuery all = TotalQuery.all(query.type(), drawn, null, query.deadline());
        long live = upToTheMost(drawn, Scope.everything(), all).matches();
        long found = upToTheMost(new Condition.And(List.of(condition, drawn)), seen, all)
                .matches();
        double share = live == 0 ? 0 : found / (double) live;
        return new Total(Math.max(query.atMost() + 1, rounded(share * live(query))), false);
    }

    /** By the metadata, which count deletions too: they have an index of their own. */
    private long live(TotalQuery query) {
        return live(query.type(), query.deadline());
    }

    long live(String type, Deadline deadline) {
        CountOptions options = new CountOptions()
                .hint(TypeIndexes.DELETED_POSITIONS.keys())
                .maxTime(TimeLeft.millis(deadline), TimeUnit.MILLISECONDS);
        return Refusing.failures(
                "counting deletions of " + type,
                () -> database.current(type).estimatedDocumentCount()
                        - database.current(type).countDocuments(TypeIndexes.DELETED_POSITIONS.among(), options));
    }

    /** Names of some, of deletions too. */
    private Set<String> sample(TotalQuery query) {
        return Refusing.failures(
                "drawing a sample of " + query.type(),
                () -> database.current(query.type())
                        .aggregate(List.of(Aggregates.sample(SAMPLE), Aggregates.project(ONLY_ID)))
                        .maxTime(TimeLeft.millis(query.deadline()), TimeUnit.MILLISECONDS)
                        .map(each -> each.getString(StoredFields.ID).getValue())
                        .into(new TreeSet<>()));
    }

    /** With the two digits that may mean something. */
    private static long rounded(double estimate) {
        return new BigDecimal(estimate).round(new MathContext(2)).longValue();
    }

    private Total upToTheMost(Condition condition, Scope seen, TotalQuery query) {
        MatchQuery all = MatchQuery.byPosition(
                query.type(), condition, 0, 0, ONLY_POSITIONS, query.asOf(), seen, query.deadline());
        MatchQuery resolved = all.where(selectMatches.listed(all));
        if (resolved.where().isLinked()) {
            return oneByOne(resolved, query);
        }
        List<Condition> alternatives = SplitAlternatives.disjoint(selectMatches.alternatives(resolved));
        long matches = 0;
        for (Condition each : alternatives) {
            MatchQuery one = alternatives.size() == 1 ? resolved : resolved.where(each);
            Total some = query.asOf() == null ? counted(one, query) : countedAsAt(one, query);
            if (!some.exact()) {
                return some;
            }
            matches += some.matches();
        }
        return total(matches, query);
    }

    /** What is checked against other types is not counted by the database. */
    private Total oneByOne(MatchQuery all, TotalQuery query) {
        long matches = 0;
        try (Matches found = selectMatches.walked(all, Manner.AT_ONCE)) {
            while (found.hasNext() && matches <= query.atMost()) {
                found.next();
                matches++;
            }
        }
        return total(matches, query);
    }

    private Total counted(MatchQuery all, TotalQuery query) {
        Walk walk = selectMatches.walk(all);
        return total(count(all, selectMatches.source(all, walk).filter(), walk, query), query);
    }

    /**
     * What is as old in current, and what history has; counted in between, current is right if history had the same matches before
     * and after: nothing has moved from one to the other.
     */
    private Total countedAsAt(MatchQuery all, TotalQuery query) {
        Walk walk = selectMatches.walk(all);
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            MatchesAsAt matches = selectMatches.asAt(all, walk);
            Optional<Set<Long>> before = matches.superseded();
            if (before.isEmpty()) {
                break;
            }
            long current = count(all, matches.filterOfCurrent(), walk, query);
            if (before.equals(matches.superseded())) {
                return total(current + before.get().size(), query);
            }
        }
        return total(selectMatches.asAt(all, walk).count(query.atMost()), query);
    }

    private long count(MatchQuery all, BsonDocument filter, Walk walk, TotalQuery query) {
        return Refusing.failures(
                "counting " + query.type() + " by " + DescribeCost.of(walk, all.where()),
                () -> database.current(query.type()).countDocuments(Filters.and(filter, LIVE), options(walk, query)));
    }

    private static Total total(long matches, TotalQuery query) {
        return matches > query.atMost() ? new Total(query.atMost(), false) : new Total(matches, true);
    }

    private static CountOptions options(Walk walk, TotalQuery query) {
        CountOptions options =
                new CountOptions().hint(walk.index()).maxTime(TimeLeft.millis(query.deadline()), TimeUnit.MILLISECONDS);
        return query.atMost() < Integer.MAX_VALUE ? options.limit((int) query.atMost() + 1) : options;
    }
}
