package miroir.storage;

import com.mongodb.client.model.Projections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import miroir.index.search.Condition;
import miroir.index.search.Condition.Direction;
import miroir.index.search.Condition.Linked;
import miroir.storage.LinkedMatches.Manner;
import org.bson.RawBsonDocument;
import org.bson.conversions.Bson;

/**
 * Looks up the other side of a link, and says what this side has to refer to, or to be, to be linked with what is there.
 *
 * <p>References are compared as texts, {@code Type/id} or canonicals. The side that is referred to has its id and its url, so it is found by
 * these ({@link LinkNames}).
 */
final class FindLinked {
    /** A resource may refer to a hundred thousand others, and all that is found is sent back in one command. */
    private static final int MOST_VALUES = 10_000;

    /** So many are asked for at once. */
    private static final int MOST_AT_ONCE = 1_000;

    private final SelectMatches selectMatches;
    private final LinkNames names;
    private final LinkTerms terms;

    FindLinked(SelectMatches selectMatches, LinkNames names, LinkTerms terms) {
        this.selectMatches = selectMatches;
        this.names = names;
        this.terms = terms;
    }

    /** What this side has to meet; empty where the other side is not listed. */
    Optional<Condition> listed(MatchQuery query, Linked link, Listing listing) {
        MatchQuery others = others(query, link, linking(link), listing.few() + 1);
        Condition where = selectMatches.listed(others, listing);
        boolean mayBeMany = where.isLinked() || listing.counted();
        if (mayBeMany
                && selectMatches.countUpTo(listing.few(), others, LinkedMatches.withoutLinks(where)) > listing.few()) {
            return Optional.empty();
        }
        Set<String> values = new LinkedHashSet<>();
        int seen = 0;
        try (Matches found = selectMatches.walked(others.where(where), Manner.WALKING)) {
            while (found.hasNext()) {
                values.addAll(links(link, found.next()));
                if (++seen > listing.few() || values.size() > MOST_VALUES) {
                    return Optional.empty();
                }
            }
        }
        return Optional.of(linkedBy(query.type(), link, values));
    }

    /** What the other side has to meet: where it is the one that refers, it refers to something, which may be rarer than all else. */
    private static Condition linking(Linked link) {
        return link.direction() == Direction.REFERS_TO
                ? link.condition()
                : new Condition.And(List.of(link.condition(), new Condition.Exists(link.field())));
    }

    /** What these candidates of this side have to meet. */
    Condition among(MatchQuery query, Linked link, List<RawBsonDocument> candidates) {
        return linkedBy(query.type(), link, found(query, link, candidates));
    }

    /** The references by which candidates of this side are linked with what is there. */
    Set<String> found(MatchQuery query, Linked link, List<RawBsonDocument> candidates) {
        Set<String> asked = new LinkedHashSet<>();
        candidates.forEach(candidate -> asked.addAll(references(query, link, candidate)));
        Set<String> found = new LinkedHashSet<>();
        for (List<String> some : Chunks.of(List.copyOf(asked), each -> 1, MOST_AT_ONCE)) {
            for (List<String> part : Chunks.of(some, each -> 1, atOnce(query, link, some))) {
                found.addAll(linked(query, link, new LinkedHashSet<>(part)));
            }
        }
        return found;
    }

    /**
     * Any number of resources may refer to one. Where more refer to these than are read in a row, so few are asked for that what refers to them comes
     * in the order of its index, and the rest need not be read to be sorted.
     */
    private int atOnce(MatchQuery query, Linked link, List<String> references) {
        if (link.direction() == Direction.REFERS_TO || references.size() <= FindDrivers.MERGED_VALUES) {
            return MOST_AT_ONCE;
        }
        Condition where = meets(link, new LinkedHashSet<>(references));
        MatchQuery others = others(query, link, where, terms.inARow());
        return selectMatches.countUpTo(terms.inARow(), others, where) > terms.inARow()
                ? FindDrivers.MERGED_VALUES
                : MOST_AT_ONCE;
    }

    /** By which a candidate of this side may be linked: what it refers to, or itself. */
    List<String> references(MatchQuery query, Linked link, RawBsonDocument candidate) {
        return link.direction() == Direction.REFERS_TO
                ? References.in(candidate, link.field())
                : names.of(query.type(), candidate);
    }

    /** What of a candidate tells that. */
    List<String> fields(MatchQuery query, Linked link) {
        return link.direction() == Direction.REFERS_TO ? List.of(link.field()) : names.parts(query.type());
    }

    /** Those of the references that link with a resource of the other side. */
    private Set<String> linked(MatchQuery query, Linked link, Set<String> asked) {
        Set<String> found = new LinkedHashSet<>();
        boolean more = true;
        while (more && !asked.isEmpty()) {
            Condition where = new Condition.And(List.of(meets(link, asked), link.condition()));
            int seen = 0;
            try (Matches others = selectMatches.walked(others(query, link, where, terms.inARow()), Manner.AT_ONCE)) {
                while (others.hasNext()) {
                    links(link, others.next()).stream().filter(asked::contains).forEach(found::add);
                    seen++;
                }
            }
            asked.removeAll(found);
            more = seen == terms.inARow();
        }
        return found;
    }

    private MatchQuery others(MatchQuery query, Linked link, Condition where, int limit) {
        return MatchQuery.byPosition(
                        link.type(), where, 0, limit, parts(link), query.asOf(), query.seen(), query.deadline())
                .telling(query.finds());
    }

    /** What the other side has to meet to be linked by one of these references. */
    private Condition meets(Linked link, Set<String> references) {
        return link.direction() == Direction.REFERS_TO
                ? names.meant(link.type(), references)
                : Condition.In.texts(link.field(), references);
    }

    /** What this side has to meet to be linked by one of them. */
    Condition linkedBy(String type, Linked link, Set<String> references) {
        return link.direction() == Direction.REFERS_TO
                ? Condition.In.texts(link.field(), references)
                : names.meant(type, references);
    }

    private Bson parts(Linked link) {
        return Projections.include(
                link.direction() == Direction.REFERS_TO ? names.parts(link.type()) : List.of(link.field()));
    }

    /** The references by which a resource of the other side is linked. */
    private List<String> links(Linked link, RawBsonDocument other) {
        return link.direction() == Direction.REFERS_TO
                ? names.of(link.type(), other)
                : References.in(other, link.field());
    }
}
