package miroir.benchmarks.questions;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/** What people ask a directory over references, on a page of 50. */
public enum Question {
    WORKS_AT("who works at a place, by its name"),
    QUALIFIED_WORKS_IN("who has a specialty and works in a town"),
    ROLES_OF("roles of a practitioner, by name"),
    EMPLOYS("places in a town where somebody does something"),
    ROLES_WITH_ALL("roles at a place, with practitioners and places"),
    PEOPLE_WITH_ALL("practitioners by name, with their roles and places"),
    WORKS_IN("who works in a town, one of forty"),
    HAS_ROLE("who has a role that most have"),
    NAMED("`$directory-search` by name"),
    NAMED_NEARLY("`$directory-search` by name, with a typing error"),
    NAMED_IN("`$directory-search` by surname and postal code"),
    NAMED_COMMONLY_IN("`$directory-search` by a surname that four in a thousand have, and postal code"),
    NAMED_AT("`$directory-search` by surname and organization"),
    QUALIFIED_IN("`$directory-search` by specialty and postal code");

    static final int PAGE = 50;

    private final String title;

    Question(String title) {
        this.title = title;
    }

    String title() {
        return title;
    }

    /** Whether whoever knows the data could ask it of the driver; nobody ranks by hand. */
    boolean isAskedByHand() {
        return switch (this) {
            case NAMED, NAMED_NEARLY, NAMED_IN, NAMED_COMMONLY_IN, NAMED_AT, QUALIFIED_IN -> false;
            default -> true;
        };
    }

    /** As it is asked over HTTP, below the base of a FHIR server. */
    public String query(Somebody about) {
        String area = "address-postalcode=" + encoded(about.postalCode());
        String place = "name=" + encoded(about.place());
        String named = "family=" + encoded(about.family());
        String query = switch (this) {
            case WORKS_AT -> "Practitioner?_has:PractitionerRole:practitioner:organization." + place;
            case WORKS_IN -> "Practitioner?_has:PractitionerRole:practitioner:organization." + area;
            case QUALIFIED_WORKS_IN ->
                "Practitioner?qualification-code=" + encoded(about.qualification())
                        + "&_has:PractitionerRole:practitioner:organization." + area;
            case ROLES_OF -> "PractitionerRole?practitioner." + named + "&practitioner.given=" + encoded(about.given());
            case EMPLOYS ->
                "Organization?" + area + "&_has:PractitionerRole:organization:role=" + encoded(about.role());
            case ROLES_WITH_ALL ->
                "PractitionerRole?organization." + place
                        + "&_include=PractitionerRole:practitioner&_include=PractitionerRole:organization";
            case PEOPLE_WITH_ALL ->
                "Practitioner?" + named + "&given=" + encoded(about.given())
                        + "&_revinclude=PractitionerRole:practitioner"
                        + "&_include:iterate=PractitionerRole:organization";
            case HAS_ROLE -> "Practitioner?_has:PractitionerRole:practitioner:role=GENR01";
            case NAMED -> "$directory-search?name=" + encoded(about.given() + " " + about.family());
            case NAMED_NEARLY ->
                "$directory-search?fuzzy=true&name=" + encoded(about.given() + " " + mistyped(about.family()));
            case NAMED_IN -> "$directory-search?" + named + "&postalcode=" + encoded(about.postalCode());
            case NAMED_COMMONLY_IN -> "$directory-search?family=MARTIN&postalcode=" + encoded(about.postalCode());
            case NAMED_AT -> "$directory-search?" + named + "&organization=" + encoded(about.place());
            case QUALIFIED_IN ->
                "$directory-search?specialty=" + encoded(about.qualification()) + "&postalcode="
                        + encoded(about.postalCode());
        };
        return query + "&_count=" + PAGE;
    }

    /** Two neighbours have changed places. */
    private static String mistyped(String name) {
        return name.length() < 5 ? name : name.substring(0, 2) + name.charAt(3) + name.charAt(2) + name.substring(4);
    }

    private static String encoded(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8);
    }
}
