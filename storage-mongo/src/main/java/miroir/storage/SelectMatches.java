package miroir.storage;

import com.mongodb.client.FindIterable;
import com.mongodb.client.model.Sorts;
import java.util.concurrent.TimeUnit;
import miroir.index.search.Condition;
import miroir.index.store.Deadline;
import org.bson.RawBsonDocument;
import org.bson.conversions.Bson;

/**
 * The documents of a type that meet a condition, in order of position.
 *
 * <p>The problem: a chain or a {@code _has} is a condition on two types, and MongoDB's join looks up one document at a time, in
 * no order that helps, up to a limit of its memory. Either side may be large, and either may be small.
 *
 * <p>The approach: what is small leads. Where one index finds this side in a few documents, they are fetched and checked
 * against the other side ({@link LinkedMatches}). Otherwise the other side is looked up as far as a few thousand: if that is
 * all, this side is asked for those references as if the client had listed them. If both are large, matches are frequent
 * enough to walk this side in order of position, and to check what comes by in batches.
 *
 * <p>The cost: with a small side, that side and one query; with two large ones two or three queries for each batch, and as
 * many batches as it takes to fill a page. The deadline bounds what is rare on two large sides.
 */
final class SelectMatches {
    private static final Bson IN_ORDER = Sorts.ascending(StoredFields.POSITION);

    private final StoreDatabase database;
    private final ChooseWalk chooseWalk;
    private final LinkTerms terms;
    private final FindLinked findLinked;

    SelectMatches(StoreDatabase database, ChooseWalk chooseWalk, LinkTerms terms) {
        this.database = database;
        this.chooseWalk = chooseWalk;
        this.terms = terms;
        this.findLinked = new FindLinked(this, terms);
    }

    Matches run(MatchQuery query) {
        Condition where = withoutSmallLinks(query.type(), query.where(), query.deadline());
        MatchQuery resolved = query.where(where);
        if (where.isLinked()) {
            return new LinkedMatches(database, this, findLinked, terms, resolved);
        }
        Walk walk = walk(resolved);
        return Matches.of("searching " + query.type() + " by " + DescribeCost.of(walk, where), find(resolved, walk));
    }

    /** The same condition, its links replaced where looking up the other side is cheap and better. */
    Condition withoutSmallLinks(String type, Condition where, Deadline deadline) {
        if (!where.isLinked() || chooseWalk.isFound(terms.small(), type, LinkedMatches.withoutLinks(where), deadline)) {
            return where;
        }
        return where.replacingLinks(
                link -> findLinked.ifFew(type, link, deadline).orElse(link));
    }

    /** How the matches of a condition without links are found. */
    Walk walk(MatchQuery query) {
        return chooseWalk.run(query.type(), query.where(), query.deadline());
    }

    /** The query itself, apart so that a test can have it explained. */
    FindIterable<RawBsonDocument> find(MatchQuery query, Walk walk) {
        return database.current(query.type())
                .find(walk.filterAfter(query.after()))
                .projection(query.parts())
                .sort(IN_ORDER)
                .hint(walk.index())
                .limit(query.limit())
                .batchSize(query.limit())
                .maxTime(TimeLeft.millis(query.deadline()), TimeUnit.MILLISECONDS);
    }
}
