package miroir.storage;

import com.mongodb.client.model.Projections;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import miroir.index.search.Condition;
import miroir.index.search.Condition.Direction;
import miroir.index.search.Condition.Linked;
import miroir.index.store.Deadline;
import org.bson.RawBsonDocument;
import org.bson.conversions.Bson;

/**
 * Looks up the other side of a link, and says what this side has to refer to, or to be, to be linked with what is there.
 *
 * <p>References are compared as texts, {@code Type/id}. The side that is referred to has its id, so it is found by that.
 */
final class FindLinked {
    /** A resource may refer to a hundred thousand others, and all that is found is sent back in one command. */
    private static final int MOST_VALUES = 10_000;

    private final SelectMatches selectMatches;
    private final LinkTerms terms;

    FindLinked(SelectMatches selectMatches, LinkTerms terms) {
        this.selectMatches = selectMatches;
        this.terms = terms;
    }

    /** What this side has to meet; empty where the other side has more than a few matches, or cannot be listed cheaply. */
    Optional<Condition> ifFew(String type, Linked link, Deadline deadline) {
        Condition where = selectMatches.withoutSmallLinks(link.type(), link.condition(), deadline);
        if (where.isLinked()) {
            return Optional.empty();
        }
        Set<String> values = new LinkedHashSet<>();
        int seen = 0;
        try (Matches others =
                selectMatches.run(new MatchQuery(link.type(), where, 0, terms.few() + 1, parts(link), deadline))) {
            while (others.hasNext()) {
                values.addAll(links(link, others.next()));
                if (++seen > terms.few() || values.size() > MOST_VALUES) {
                    return Optional.empty();
                }
            }
        }
        return Optional.of(linkedBy(type, link, values));
    }

    /** What these candidates of this side have to meet. */
    Condition among(String type, Linked link, List<RawBsonDocument> candidates, Deadline deadline) {
        Set<String> asked = new LinkedHashSet<>();
        for (RawBsonDocument candidate : candidates) {
            if (link.direction() == Direction.REFERS_TO) {
                asked.addAll(References.in(candidate, link.field()));
            } else {
                asked.add(type + "/" + id(candidate));
            }
        }
        Set<String> found = new LinkedHashSet<>();
        List<String> all = new ArrayList<>(asked);
        for (List<String> some : Chunks.of(all, each -> 1, FindDrivers.MERGED_VALUES)) {
            found.addAll(linked(link, new LinkedHashSet<>(some), deadline));
        }
        return linkedBy(type, link, found);
    }

    /** Those of the references that link with a resource of the other side. */
    private Set<String> linked(Linked link, Set<String> asked, Deadline deadline) {
        Set<String> found = new LinkedHashSet<>();
        boolean more = true;
        while (more && !asked.isEmpty()) {
            Condition where = new Condition.And(List.of(meets(link, asked), link.condition()));
            int seen = 0;
            try (Matches others =
                    selectMatches.run(new MatchQuery(link.type(), where, 0, terms.inARow(), parts(link), deadline))) {
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

    /** What the other side has to meet to be linked by one of these references. */
    private static Condition meets(Linked link, Set<String> references) {
        return link.direction() == Direction.REFERS_TO
                ? ids(link.type(), references)
                : Condition.In.texts(link.field(), references);
    }

    /** What this side has to meet to be linked by one of them. */
    private static Condition linkedBy(String type, Linked link, Set<String> references) {
        return link.direction() == Direction.REFERS_TO
                ? Condition.In.texts(link.field(), references)
                : ids(type, references);
    }

    private static Condition ids(String type, Set<String> references) {
        String prefix = type + "/";
        return Condition.In.texts(
                StoredFields.ID,
                references.stream()
                        .filter(each -> each.startsWith(prefix))
                        .map(each -> each.substring(prefix.length()))
                        .toList());
    }

    private static Bson parts(Linked link) {
        return Projections.include(link.direction() == Direction.REFERS_TO ? StoredFields.ID : link.field());
    }

    /** The references by which a resource of the other side is linked. */
    private static List<String> links(Linked link, RawBsonDocument other) {
        return link.direction() == Direction.REFERS_TO
                ? List.of(link.type() + "/" + id(other))
                : References.in(other, link.field());
    }

    private static String id(RawBsonDocument document) {
        return document.getString(StoredFields.ID).getValue();
    }
}
