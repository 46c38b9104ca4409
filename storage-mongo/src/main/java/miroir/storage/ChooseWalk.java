package miroir.storage;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import miroir.index.Refusal;
import miroir.index.search.Condition;
import miroir.index.search.Order;
import miroir.index.store.Deadline;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.jspecify.annotations.Nullable;

/**
 * Decides by which index the matches of a condition are found, and says so to MongoDB.
 *
 * <p>The problem: pages are in order of position. An index {@code {field, n}} delivers that order for one value, so a page
 * costs what it returns, however many match. A range delivers none: its matches have to be read and sorted before the first
 * is known. Left alone, MongoDB avoids the sort by walking the index of positions from one end to the other and testing
 * every document, which is no collection scan in its statistics and costs as much as one.
 *
 * <p>The approach: each part that has to be met and has an index is a way in. Where there is one way and it keeps the order,
 * it is taken without a question. Otherwise the ways are counted, no further than the decision needs. The rarest that keeps
 * the order wins, unless a range has fewer matches; a range wins only up to about 10·√N matches, where reading and sorting
 * them costs less than walking. With no good way in, the type is walked by position, and what matches often is found soon.
 *
 * <p>A text is as many ways in as its needle has 3-grams: each keeps the order, the rarest is taken, and the folded text is
 * tested after that. Names can be looked up by their words, too, which lead to fewer, out of order.
 *
 * <p>Where a client asks for another order, the index on its first key takes the place of that of positions, and no other keeps the
 * order: the rarest way in is taken if it has so few matches that they are rather sorted.
 *
 * <p>Where no index has the order, everything that matches is read and sorted for each page: some 10 µs for each. Up to ten thousand
 * that is done; more is refused, and the client told what it can ask for instead. Pages after the first may come from ten times as
 * many: who has begun goes on while others write.
 *
 * <p>The cost is a bounded count per way in, remembered. The alternative, MongoDB's own trial of plans, was
 * measured at 2 to 30 times the cost of the right index, and its choice depends on which search came first.
 */
final class ChooseWalk {
    static final BsonDocument BY_POSITION = new BsonDocument(StoredFields.POSITION, new BsonInt32(1));
    private static final long COUNTED_FIRST = 1_000;
    private static final long COUNTED_AT_MOST = 10_000;
    private static final long SORTED_AT_LEAST = 1_000;
    private static final long SORTED_AT_MOST = 10_000;
    private static final long SORTED_LATER = 10 * SORTED_AT_MOST;

    /** For one page of what has to meet something else as well. */
    private static final int PAGES_READ = 10;

    private final FindDrivers findDrivers;
    private final CountKeys countKeys;

    /**
     * How much a way in may cost to be taken, and so how far it is counted. What comes out of order has to be read as a whole. Where others find the same in
     * order, these stop at the end of the page: what finds ten pages then counts for a hundred. What else has to be met makes that end come later.
     *
     * @param counted how much where the order is kept
     * @param sortable how much where it is not
     * @param page how many are wanted; 0: all
     */
    private record Most(long counted, long sortable, long page) {
        long count(Driver driver) {
            if (driver.inOrder()) {
                return counted;
            }
            if (!driver.forFew() || page == 0) {
                return sortable + 1;
            }
            return Math.min(sortable, Math.max(page, (long) Math.sqrt((double) counted * page))) + 1;
        }

        long cost(Driver driver, long found) {
            return driver.forFew() && page > 0 && found > page ? found * found / page : found;
        }
    }

    ChooseWalk(FindDrivers findDrivers, CountKeys countKeys) {
        this.findDrivers = findDrivers;
        this.countKeys = countKeys;
    }

    /** For what a query without links wants. */
    Walk run(MatchQuery query) {
        String type = query.type();
        Condition condition = query.where();
        Deadline deadline = query.deadline();
        List<Driver> drivers = findDrivers.of(type, condition, deadline);
        if (query.order().isMade()) {
            return sortedHere(query, drivers, query.after() == null ? SORTED_AT_MOST : SORTED_LATER);
        }
        if (!query.order().keys().isEmpty()) {
            return sorted(
                    type,
                    condition,
                    drivers,
                    findDrivers.sortedBy(type, query.order().keys().get(0)),
                    deadline);
        }
        if (drivers.isEmpty()) {
            return byPosition(condition);
        }
        if (drivers.size() == 1 && drivers.get(0).inOrder()) {
            return by(drivers.get(0), condition);
        }
        long sortable = sortable(type);
        long page = (long) query.limit() * (FindDrivers.parts(condition).count() == 1 ? 1 : PAGES_READ);
        Optional<Driver> rarest = rarest(type, drivers, new Most(COUNTED_FIRST, sortable, page), deadline)
                .or(() -> rarest(type, drivers, new Most(COUNTED_AT_MOST, sortable, page), deadline));
        return rarest.or(() -> drivers.stream().filter(Driver::inOrder).findFirst())
                .map(driver -> by(driver, condition))
                .orElseGet(() -> byPosition(condition));
    }

    /** By the index that has the order, unless another finds so few that they are rather sorted. */
    private Walk sorted(
            String type, Condition condition, List<Driver> drivers, @Nullable BsonDocument inOrder, Deadline deadline) {
        List<Driver> others = outOfOrder(drivers.stream()
                .filter(driver -> !driver.index().equals(inOrder))
                .toList());
        long sortable = sortable(type);
        return rarest(type, others, new Most(sortable, sortable, 0), deadline)
                .map(driver -> by(driver, condition))
                .orElseGet(() -> inOrder == null
                        ? byPosition(condition)
                        : new Walk(filter(condition), inOrder, inOrder.getFirstKey()));
    }

    /** By what finds few; all of the type, where that is few. */
    private Walk sortedHere(MatchQuery query, List<Driver> drivers, long few) {
        Optional<Walk> walk = rarest(query.type(), outOfOrder(drivers), new Most(few, few, 0), query.deadline())
                .map(driver -> by(driver, query.where()));
        if (walk.isEmpty() && countKeys.ofType(query.type()) > few) {
            throw tooMany(query, few);
        }
        return walk.orElseGet(() -> byPosition(query.where()));
    }

    private static List<Driver> outOfOrder(List<Driver> drivers) {
        return drivers.stream()
                .map(driver -> new Driver(driver.keys(), driver.index(), false))
                .toList();
    }

    private Refusal tooMany(MatchQuery query, long few) {
        Order.Values values = Objects.requireNonNull(query.order().keys().get(0).values());
        return new Refusal(
                Refusal.Reason.TOO_MANY,
                "no index has the order of " + values.parameter() + ", and there are more than " + few + " of "
                        + query.type() + ", deletions included, to sort by it; allowed is _sort=" + values.parameter()
                        + " with criteria of which one that has an index finds fewer, and, of any number, _sort by "
                        + String.join(", ", findDrivers.sorts(query.type())),
                "http._sort");
    }

    /** Whether an index leads to the matches: to any number in order, or to few. */
    boolean hasIndex(String type, Condition condition, Deadline deadline) {
        long sortable = sortable(type);
        return findDrivers.of(type, condition, deadline).stream()
                .anyMatch(
                        driver -> driver.inOrder() || countKeys.upTo(sortable + 1, type, driver, deadline) <= sortable);
    }

    /** In how many documents one index finds all matches, counted no further than this; one more where none does in so few. */
    long countUpTo(int atMost, String type, Condition condition, Deadline deadline) {
        long fewest = atMost + 1L;
        for (Driver driver : findDrivers.of(type, condition, deadline)) {
            fewest = fewest <= FindDrivers.FEW ? fewest : countKeys.upTo(fewest, type, driver, deadline);
        }
        for (Condition part : FindDrivers.parts(condition).toList()) {
            if (part instanceof Condition.Or or) {
                fewest = Math.min(fewest, countAlternatives(atMost, type, or.parts(), deadline));
            }
        }
        return fewest;
    }

    /** Each alternative by an index of its own. */
    private long countAlternatives(int atMost, String type, List<Condition> alternatives, Deadline deadline) {
        long count = 0;
        for (Condition each : alternatives) {
            if (count <= atMost) {
                count += countUpTo(atMost, type, each, deadline);
            }
        }
        return Math.min(count, atMost + 1L);
    }

    /**
     * The way in with the fewest matches; empty where all have as many as are counted, or more than can be sorted. A text has a dozen ways in, so none
     * is counted further than the rarest of those before it.
     */
    private Optional<Driver> rarest(String type, List<Driver> drivers, Most most, Deadline deadline) {
        Driver rarest = null;
        long least = Long.MAX_VALUE;
        for (Driver driver : drivers) {
            if (least <= FindDrivers.FEW) {
                break;
            }
            long atMost = Math.min(least, most.count(driver));
            long count = countKeys.upTo(atMost, type, driver, deadline);
            long cost = most.cost(driver, count);
            if (count < atMost && cost < least) {
                rarest = driver;
                least = cost;
            }
        }
        return Optional.ofNullable(rarest);
    }

    /** How many matches are rather read and sorted than found by walking. */
    private long sortable(String type) {
        return Math.max(SORTED_AT_LEAST, Math.round(10 * Math.sqrt((double) countKeys.ofType(type))));
    }

    private static Walk by(Driver driver, Condition condition) {
        return new Walk(
                filter(driver.keys(), condition), driver.index(), driver.index().getFirstKey());
    }

    /**
     * What the index is asked for stands first, since of several conditions on a field MongoDB takes the first one to it. What is said twice it tests again on every
     * document that the index has found; of a thousand references that is most of the work.
     */
    private static BsonDocument filter(Condition keys, Condition condition) {
        List<Condition> others =
                FindDrivers.parts(condition).filter(part -> !part.equals(keys)).toList();
        return RenderFilter.of(
                others.isEmpty()
                        ? keys
                        : new Condition.And(
                                Stream.concat(Stream.of(keys), others.stream()).toList()));
    }

    private static Walk byPosition(Condition condition) {
        return new Walk(filter(condition), BY_POSITION, "position");
    }

    private static BsonDocument filter(Condition condition) {
        return condition.isAll() ? new BsonDocument() : RenderFilter.of(condition);
    }
}
