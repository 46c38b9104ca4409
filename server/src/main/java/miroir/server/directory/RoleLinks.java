package miroir.server.directory;

import java.util.ArrayList;
import java.util.List;
import miroir.index.SearchParameter;
import miroir.index.search.Condition;
import miroir.index.search.Condition.Direction;

/**
 * How practitioners are linked with their roles, and these with places.
 *
 * @param practitioner the parameter of roles that says whose they are
 * @param organization the one that says where they are
 * @param role what of roles counts
 */
public record RoleLinks(SearchParameter practitioner, SearchParameter organization, Condition role) {

    /** Somebody has a role of which this holds. */
    public Condition hasRole(Condition ofRole) {
        return new Condition.Linked(
                Direction.REFERRED_BY,
                practitioner.field("reference"),
                practitioner.type(),
                new Condition.And(List.of(ofRole, role)));
    }

    /** Somebody has a role at a place of which all this holds. */
    Condition worksAt(List<Condition> ofPlace) {
        return hasRole(new Condition.Linked(
                Direction.REFERS_TO,
                organization.field("reference"),
                "Organization",
                TextFields.all(new ArrayList<>(ofPlace))));
    }
}
