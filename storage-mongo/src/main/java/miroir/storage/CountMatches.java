package miroir.storage;

import com.mongodb.client.model.CountOptions;
import java.util.concurrent.TimeUnit;
import miroir.index.search.Condition;
import miroir.index.store.Total;
import miroir.index.store.TotalQuery;

/** How many resources match, counted no further than asked. */
final class CountMatches {
    private final StoreDatabase database;
    private final ChooseWalk chooseWalk;

    CountMatches(StoreDatabase database, ChooseWalk chooseWalk) {
        this.database = database;
        this.chooseWalk = chooseWalk;
    }

    Total run(Condition condition, TotalQuery query) {
        Walk walk = chooseWalk.run(query.type(), condition, query.deadline());
        long matches = Refusing.failures(
                "counting " + query.type() + " by " + DescribeCost.of(walk, condition),
                () -> database.current(query.type()).countDocuments(walk.filterAfter(0), options(walk, query)));
        return matches > query.atMost() ? new Total(query.atMost(), false) : new Total(matches, true);
    }

    private static CountOptions options(Walk walk, TotalQuery query) {
        CountOptions options =
                new CountOptions().hint(walk.index()).maxTime(TimeLeft.millis(query.deadline()), TimeUnit.MILLISECONDS);
        return query.atMost() < Integer.MAX_VALUE ? options.limit((int) query.atMost() + 1) : options;
    }
}
