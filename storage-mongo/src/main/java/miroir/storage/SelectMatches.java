package miroir.storage;

import java.util.List;
import miroir.index.search.Condition;

/**
 * The documents of a type that meet a condition, in the order that is asked for.
 *
 * <p>The problem: a chain or a {@code _has} is a condition on two types, and MongoDB's join looks up one document at a time, in
 * no order that helps, up to a limit of its memory. Either side may be large, and either may be small.
 *
 * <p>The approach: what is small leads. Where one index finds this side in a few documents, they are fetched and checked
 * against the other side ({@link LinkedMatches}). Otherwise the other side is looked up as far as a few thousand: if that is
 * all, this side is asked for those references as if the client had listed them. If both are large, matches are frequent
 * enough to walk this side in its order, and to check what comes by in batches.
 *
 * <p>The cost: with a small side, that side and one query; with two large ones two or three queries for each batch, and as
 * many batches as it takes to fill a page. The deadline bounds what is rare on two large sides.
 */
final class SelectMatches {
    /** How many versions that have ended are read and sorted for each page: some tens of milliseconds. */
    private static final int FEW_ENDED = 10_000;

    private final StoreDatabase database;
    private final ChooseWalk chooseWalk;
    private final LinkTerms terms;
    private final LinkNames names;
    private final FindLinked findLinked;
    private final SplitAlternatives splitAlternatives;
    private final FindEnd findEnd;
    private final int fewEnded;

    SelectMatches(StoreDatabase database, ChooseWalk chooseWalk, LinkNames names, LinkTerms terms) {
        this(database, chooseWalk, names, terms, FEW_ENDED);
    }

    SelectMatches(StoreDatabase database, ChooseWalk chooseWalk, LinkNames names, LinkTerms terms, int fewEnded) {
        this.findEnd = new FindEnd(database);
        this.fewEnded = fewEnded;
        this.database = database;
        this.chooseWalk = chooseWalk;
        this.terms = terms;
        this.names = names;
        this.findLinked = new FindLinked(this, names, terms);
        this.splitAlternatives = new SplitAlternatives(chooseWalk);
    }

    Matches run(MatchQuery query) {
        MatchQuery resolved = query.where(withoutSmallLinks(query));
        if (resolved.where().isLinked()) {
            return new LinkedMatches(this, findLinked, names, terms, resolved);
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

    private static String asked(MatchQuery query, Walk walk) {
        return "searching " + query.type() + " by " + DescribeCost.of(walk, query.where());
    }

    /** The condition of a query, its links replaced where looking up the other side is cheap and better. */
    Condition withoutSmallLinks(MatchQuery query) {
        Condition where = query.where();
        if (!where.isLinked()
                || chooseWalk.isFound(
                        terms.small(), query.type(), LinkedMatches.withoutLinks(where), query.deadline())) {
            return where;
        }
        return where.replacingLinks(link -> findLinked.ifFew(query, link).orElse(link));
    }

    /** Conditions that together find what that of a query without links does; one, where one index is enough. */
    List<Condition> alternatives(MatchQuery query) {
        return splitAlternatives.run(query.type(), query.where(), query.deadline());
    }

    /** How the matches of a condition without links are found. */
    Walk walk(MatchQuery query) {
        return chooseWalk.run(query.type(), query.where(), query.order(), query.deadline());
    }

    /** What is read on that way, in the newest state. */
    FindInOrder.Source source(MatchQuery query, Walk walk) {
        return new FindInOrder.Source(database.current(query.type()), false, walk.filter(), walk.index());
    }
}
