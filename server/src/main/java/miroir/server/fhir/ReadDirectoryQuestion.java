package miroir.server.fhir;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import miroir.index.Refusal;
import miroir.index.SearchParameter;
import miroir.index.search.Condition;
import miroir.index.search.Handling;
import miroir.index.search.QueryParameter;
import miroir.index.search.SearchParser;
import miroir.index.search.SearchRequest;
import miroir.index.search.SearchableParameters;
import miroir.server.directory.AskedPerson;
import miroir.server.directory.AskedPlace;
import miroir.server.directory.DirectoryQuestion;
import miroir.server.directory.DirectoryQuestion.Activity;
import miroir.server.directory.MailboxConditions;
import miroir.server.directory.NameConditions;
import miroir.server.directory.PlaceConditions;
import miroir.server.directory.RankPerson;
import miroir.server.directory.RoleLinks;
import org.jspecify.annotations.Nullable;

/** From a question about people to conditions on practitioners: codes as searches read them, names and places by words. */
record ReadDirectoryQuestion(SearchableParameters searchable) {
    static final String PRACTITIONER = "Practitioner";
    static final String ROLE = "PractitionerRole";
    static final String ORGANIZATION = "Organization";

    /**
     * The conditions.
     *
     * @param wide whether those who are called exactly so are asked for before the others, since there are too many to rank them as a whole
     */
    DirectoryStages of(DirectoryQuestion asked, SearchParser parser, Instant now, boolean wide) {
        return new Reading(asked, parser, now).stages(wide);
    }

    /** One question while it is read. */
    private final class Reading {
        private final DirectoryQuestion asked;
        private final SearchParser parser;
        private final Instant now;
        private final Set<SearchParameter> used = new HashSet<>();
        private final Set<String> types = new HashSet<>(Set.of(PRACTITIONER, ROLE, ORGANIZATION));
        private final RoleLinks links;

        Reading(DirectoryQuestion asked, SearchParser parser, Instant now) {
            this.asked = asked;
            this.parser = parser;
            this.now = now;
            this.links =
                    new RoleLinks(parameter(ROLE, "practitioner"), parameter(ROLE, "organization"), activityOfRoles());
        }

        DirectoryStages stages(boolean wide) {
            AskedPerson person = asked.person();
            List<Condition> always = always();
            List<PlaceConditions.Stage> places = places(wide);
            List<DirectoryStages.Stage> stages = new ArrayList<>();
            for (Condition name : names(person, wide)) {
                for (PlaceConditions.Stage place : places) {
                    List<Condition> parts = new ArrayList<>(List.of(name));
                    parts.addAll(always);
                    parts.add(place.condition());
                    stages.add(new DirectoryStages.Stage(new Condition.And(parts), place.place(), place.near()));
                }
            }
            return new DirectoryStages(stages, new RankPerson(person), used, types, links.role(), links.practitioner());
        }

        private List<Condition> names(AskedPerson person, boolean wide) {
            if (person.isAnybody()) {
                return List.of(Condition.all());
            }
            NameConditions names = new NameConditions(
                    person,
                    parameter(PRACTITIONER, "name"),
                    parameter(PRACTITIONER, "family"),
                    parameter(PRACTITIONER, "given"));
            Condition alike = names.alike();
            List<Condition> all =
                    new ArrayList<>(wide ? List.of(names.exactly(), without(names.exactly(), alike)) : List.of(alike));
            if (asked.isFuzzy()) {
                names.nearly().ifPresent(nearly -> all.add(without(alike, nearly)));
            }
            return all;
        }

        private static Condition without(Condition left, Condition all) {
            return new Condition.And(List.of(all, new Condition.Not(left)));
        }

        private List<PlaceConditions.Stage> places(boolean exclusive) {
            AskedPlace place = AskedPlace.of(asked, codesOfPlace());
            return new PlaceConditions(place, links, code -> parameter(ORGANIZATION, code))
                    .stages(asked.isFuzzy(), exclusive);
        }

        private @Nullable Condition codesOfPlace() {
            List<QueryParameter> query = new ArrayList<>();
            addTo(query, "postalcode", "address-postalcode");
            addTo(query, "department", "address-department");
            addTo(query, "insee", "address-insee");
            return query.isEmpty() ? null : parsed(ORGANIZATION, query);
        }

        /** What has to hold whatever somebody is called, and wherever they work. */
        private List<Condition> always() {
            List<Condition> always = new ArrayList<>(List.of(activity(PRACTITIONER)));
            List<QueryParameter> query = new ArrayList<>();
            addTo(query, "identifier", "identifier");
            if (!query.isEmpty()) {
                always.add(parsed(PRACTITIONER, query));
            }
            String specialty = asked.value("specialty");
            if (specialty != null) {
                always.add(qualified(specialty));
            }
            String profession = asked.value("profession");
            if (profession != null) {
                always.add(profession(profession));
            }
            String mailbox = asked.value("mss");
            if (mailbox != null) {
                always.add(new MailboxConditions(
                                links,
                                parameter(PRACTITIONER, "mailbox-mss"),
                                parameter(ROLE, "mailbox-mss"),
                                parameter(ORGANIZATION, "mailbox-mss"))
                        .of(mailbox));
            }
            return always;
        }

        /** Of some professionals only the role says what they are. */
        private Condition profession(String value) {
            Condition own = qualified(value);
            return DirectoryQuestion.isCode(value)
                    ? new Condition.Or(List.of(
                            own, links.hasRole(parsed(ROLE, List.of(new QueryParameter("role", value))))))
                    : own;
        }

        /** A word in capitals may be a code, and may be what a label says: ORL. */
        private Condition qualified(String value) {
            if (!DirectoryQuestion.isCode(value)) {
                return parsed(PRACTITIONER, List.of(new QueryParameter("qualification-code:text", value)));
            }
            Condition byCode = parsed(PRACTITIONER, List.of(new QueryParameter("qualification-code", value)));
            if (searchable.registry().find("CodeSystem", "url") == null
                    || !value.chars().allMatch(Character::isLetter)) {
                return byCode;
            }
            return new Condition.Or(List.of(
                    byCode, parsed(PRACTITIONER, List.of(new QueryParameter("qualification-code:text", value)))));
        }

        private Condition activityOfRoles() {
            return switch (asked.activity()) {
                case NOT_INACTIVE, ACTIVE -> parsed(ROLE, List.of(new QueryParameter("active:not", "false")));
                case INACTIVE, ANY -> Condition.all();
            };
        }

        private Condition activity(String type) {
            Activity activity = asked.activity();
            return activity == Activity.ANY
                    ? Condition.all()
                    : parsed(
                            type,
                            List.of(
                                    activity == Activity.NOT_INACTIVE
                                            ? new QueryParameter("active:not", "false")
                                            : new QueryParameter(
                                                    "active", String.valueOf(activity == Activity.ACTIVE))));
        }

        private void addTo(List<QueryParameter> query, String name, String searched) {
            String value = asked.value(name);
            if (value != null) {
                query.add(new QueryParameter(searched, value));
            }
        }

        private Condition parsed(String type, List<QueryParameter> query) {
            SearchRequest read = parser.parse(type, query, Handling.STRICT, now);
            used.addAll(read.parameters());
            types.addAll(read.types());
            return read.where();
        }

        private SearchParameter parameter(String type, String code) {
            SearchParameter parameter = searchable.registry().find(type, code);
            if (parameter == null) {
                throw new Refusal(
                        Refusal.Reason.NOT_SUPPORTED,
                        "$directory-search needs the search parameter " + code + " of " + type
                                + ", which is not configured here");
            }
            searchable.require(parameter);
            used.add(parameter);
            return parameter;
        }
    }
}
