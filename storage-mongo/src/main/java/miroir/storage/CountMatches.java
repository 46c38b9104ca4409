package miroir.storage;

import com.mongodb.client.model.CountOptions;
import com.mongodb.client.model.Projections;
import java.util.concurrent.TimeUnit;
import miroir.index.search.Condition;
import miroir.index.store.Total;
import miroir.index.store.TotalQuery;

/** How many resources match, counted no further than asked. */
final class CountMatches {
    private final StoreDatabase database;
    private final ChooseWalk chooseWalk;
    private final SelectMatches selectMatches;

    CountMatches(StoreDatabase database, ChooseWalk chooseWalk, SelectMatches selectMatches) {
        this.database = database;
        this.chooseWalk = chooseWalk;
        this.selectMatches = selectMatches;
    }

    Total run(Condition condition, TotalQuery query) {
        Condition where = selectMatches.withoutSmallLinks(query.type(), condition, query.deadline());
        return where.isLinked() ? linked(where, query) : counted(where, query);
    }

    /** One by one: what is checked against other types is not counted by the database. */
    private Total linked(Condition condition, TotalQuery query) {
        MatchQuery all = new MatchQuery(
                query.type(), condition, 0, 0, Projections.include(StoredFields.POSITION), query.deadline());
        long matches = 0;
        try (Matches found = selectMatches.run(all)) {
            while (found.hasNext() && matches <= query.atMost()) {
                found.next();
                matches++;
            }
        }
        return total(matches, query);
    }

    private Total counted(Condition condition, TotalQuery query) {
        Walk walk = chooseWalk.run(query.type(), condition, query.deadline());
        long matches = Refusing.failures(
                "counting " + query.type() + " by " + DescribeCost.of(walk, condition),
                () -> database.current(query.type()).countDocuments(walk.filterAfter(0), options(walk, query)));
        return total(matches, query);
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
