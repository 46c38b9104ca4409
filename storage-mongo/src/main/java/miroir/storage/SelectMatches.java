package miroir.storage;

import java.util.List;
import java.util.function.Supplier;
import miroir.index.search.Condition;
import miroir.storage.LinkedMatches.Manner;

/**
 * The documents of a type that meet a condition, in the order that is asked for.
 *
 * <p>The problem: a chain or a {@code _has} is a condition on two types, and MongoDB's join looks up one document at a time, in
 * no order that helps, up to a limit of its memory. Either side may be large, and either may be small.
 *
 * <p>The approach: what is small leads. Where one index finds this side in a few documents, they are fetched and checked
 * against the other side ({@link LinkedMatches}). Where an index shows that the other side has no more than a few thousand, they are
 * listed, and this side is asked for those references as if the client had named them. Where it may have more, matches may be
 * frequent: this side is walked in its order and checked in batches, and the other side listed where the first batch was not enough.
 *
 * <p>The cost: with a small side, that side and one query; with two large ones two or three queries for each batch, and as
 * many batches as it takes to fill a page. The deadline bounds what is rare on two large sides.
 */
final class SelectMatches {
    private final StoreDatabase database;
    private final ChooseWalk chooseWalk;
    private final LinkTerms terms;
    private final FindLinked findLinked;
    private final SplitAlternatives splitAlternatives;
    private final FindEnd findEnd;
    private final int fewEnded;

    SelectMatches(StoreDatabase database, ChooseWalk chooseWalk, LinkNames names, LinkTerms terms) {
        this(database, chooseWalk, names, terms, SearchTerms.usual().fewEnded());
    }

    SelectMatches(StoreDatabase database, ChooseWalk chooseWalk, LinkNames names, LinkTerms terms, int fewEnded) {
        this.findEnd = new FindEnd(database);
        this.fewEnded = fewEnded;
        this.database = database;
        this.chooseWalk = chooseWalk;
        this.terms = terms;
        this.findLinked = new FindLinked(this, names, terms);
        this.splitAlternatives = new SplitAlternatives(chooseWalk);
    }

    /**
     * Where an index shows that the other side of a link has few matches, they are listed and this side is found by them. Otherwise this
     * side is walked, and listing is thought of again when the first candidates have shown how often they match.
     */
    Matches run(MatchQuery query) {
        MatchQuery resolved = query.where(listed(query, new Listing(terms.few(), true)));
        if (resolved.where().isLinked()) {
            return new LinkedMatches(this, findLinked, terms, resolved, Manner.LISTING);
        }
        List<Condition> alternatives = alternatives(resolved);
        if (alternatives.size() > 1) {
            return new AlternativeMatches(this, resolved, alternatives);
        }
        Walk walk = walk(resolved);
        return resolved.asOf() == null
                ? FindInOrder.run(asked(resolved, walk), source(resolved, walk), resolved)
                : asAt(resolved, walk);
    }

    /** What a query without links found at its instant. */
    MatchesAsAt asAt(MatchQuery query, Walk walk) {
        return new MatchesAsAt(database, findEnd, fewEnded, asked(query, walk), query, walk);
    }

    private static Supplier<String> asked(MatchQuery query, Walk walk) {
        return () -> "searching " + query.type() + " by " + DescribeCost.of(walk, query.where());
    }

    /** Of a query of which all was listed that could be. */
    Matches walked(MatchQuery query, Manner manner) {
        return query.where().isLinked() ? new LinkedMatches(this, findLinked, terms, query, manner) : run(query);
    }

    /** The condition of a query whose matches are all wanted, its links replaced where the other side has few. */
    Condition listed(MatchQuery query) {
        return listed(query, new Listing(terms.few(), false));
    }

    /** The condition of a query, its links replaced where the other side is listed: not where an index finds fewer on this side. */
    Condition listed(MatchQuery query, Listing listing) {
        Condition where = query.where();
        if (!where.isLinked()) {
            return where;
        }
        Condition here = LinkedMatches.withoutLinks(where);
        if (countUpTo(terms.small(), query, here) <= terms.small()) {
            return where;
        }
        Listing worth = listing.atMost(countUpTo(listing.few(), query, here));
        return where.replacingLinks(
                link -> findLinked.listed(query, link, worth).orElse(link));
    }

    /** In how many documents an index finds what meets a condition without links, counted no further than one more than this. */
    long countUpTo(int atMost, MatchQuery query, Condition where) {
        return chooseWalk.countUpTo(atMost, query.type(), where, query.deadline());
    }

    /** Conditions that together find what that of a query without links does; one, where one index is enough. */
    List<Condition> alternatives(MatchQuery query) {
        return splitAlternatives.run(query.type(), query.where(), query.deadline());
    }

    /** How the matches of a condition without links are found. */
    Walk walk(MatchQuery query) {
        return chooseWalk.run(query);
    }

    /** What is read on that way, in the newest state. */
    FindInOrder.Source source(MatchQuery query, Walk walk) {
        return new FindInOrder.Source(database.current(query.type()), false, walk.filter(), walk.index());
    }
}
