package miroir.benchmarks.questions;

import com.mongodb.client.MongoCollection;
import com.mongodb.client.MongoDatabase;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.Projections;
import com.mongodb.client.model.Sorts;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import miroir.index.SearchParameterRegistry;
import miroir.index.value.FoldedText;
import org.bson.BsonValue;
import org.bson.RawBsonDocument;
import org.bson.conversions.Bson;

/**
 * The same questions by whoever knows the data and writes the queries for the driver: which side is small, which index has it,
 * what of a document is needed. Nothing is parsed, chosen, checked for a limit, or made JSON of; what is found is fetched.
 */
public final class ByHand {
    /** Where every second is wanted, and where one of fifty is. */
    private static final int SMALL_BATCH = 100;

    private static final int LARGE_BATCH = 1_000;

    private final SearchParameterRegistry registry;
    private final MongoCollection<RawBsonDocument> practitioners;
    private final MongoCollection<RawBsonDocument> roles;
    private final MongoCollection<RawBsonDocument> organizations;

    /** With the fields that the registry says. */
    public ByHand(MongoDatabase database, SearchParameterRegistry registry) {
        this.registry = registry;
        this.practitioners = database.getCollection("Practitioner", RawBsonDocument.class);
        this.roles = database.getCollection("PractitionerRole", RawBsonDocument.class);
        this.organizations = database.getCollection("Organization", RawBsonDocument.class);
    }

    /**
     * What a question finds.
     *
     * @param matches in order, one more than a page shows where there are more
     * @param included with those that it shows, in no order; a resource may be there twice
     */
    public record Found(List<RawBsonDocument> matches, List<RawBsonDocument> included) {
        private static Found only(List<RawBsonDocument> matches) {
            return new Found(matches, List.of());
        }
    }

    /** What the question finds. */
    public Found answer(Question question, Somebody about) {
        return switch (question) {
            case WORKS_AT -> Found.only(page(practitioners, Filters.in("_id", ids(workersAt(called(about))))));
            case WORKS_IN -> Found.only(walk(this::worksThere, about, LARGE_BATCH));
            case QUALIFIED_WORKS_IN -> Found.only(page(practitioners, Filters.in("_id", ids(qualifiedThere(about)))));
            case ROLES_OF ->
                Found.only(
                        page(roles, Filters.in(field("PractitionerRole", "practitioner", "reference"), named(about))));
            case EMPLOYS -> Found.only(employers(about));
            case ROLES_WITH_ALL -> rolesWithAll(about);
            case PEOPLE_WITH_ALL -> peopleWithAll(about);
            case HAS_ROLE -> Found.only(walk(this::haveTheRole, about, SMALL_BATCH));
            case NAMED, NAMED_NEARLY, NAMED_IN, NAMED_COMMONLY_IN, NAMED_AT, QUALIFIED_IN ->
                throw new IllegalArgumentException(question + " is not asked by hand");
        };
    }

    private String field(String type, String code, String suffix) {
        return Objects.requireNonNull(registry.find(type, code)).field(suffix);
    }

    /** A text that few have from its beginning: by the index of words, at the beginning of the whole. */
    private Bson text(String type, String code, String value) {
        Pattern beginning = Pattern.compile("^" + Pattern.quote(FoldedText.fold(value)));
        return Filters.and(
                Filters.regex(field(type, code, "w"), beginning), Filters.regex(field(type, code, "i"), beginning));
    }

    private List<String> called(Somebody about) {
        return keys("Organization", organizations, text("Organization", "name", about.place()));
    }

    /** Those of some places that are in the town. */
    private Set<String> there(Collection<String> places, Somebody about) {
        return new HashSet<>(keys(
                "Organization",
                organizations,
                Filters.and(
                        Filters.in("_id", ids(places)),
                        Filters.regex(
                                field("Organization", "address-postalcode", "i"),
                                "^" + Pattern.quote(about.postalCode())))));
    }

    private Bson at(Collection<String> places) {
        return Filters.in(field("PractitionerRole", "organization", "reference"), places);
    }

    private Set<String> workersAt(Collection<String> places) {
        return references(at(places), field("PractitionerRole", "practitioner", "reference"));
    }

    /** Few have the specialty: their roles say where they work. */
    private Set<String> qualifiedThere(Somebody about) {
        List<String> qualified = keys(
                "Practitioner",
                practitioners,
                Filters.eq(field("Practitioner", "qualification-code", "value"), about.qualification()));
        return worksThere(qualified, about);
    }

    private Set<String> worksThere(Collection<String> people, Somebody about) {
        String practitioner = field("PractitionerRole", "practitioner", "reference");
        Bson theirs = Filters.in(practitioner, people);
        Set<String> places = there(references(theirs, field("PractitionerRole", "organization", "reference")), about);
        return references(Filters.and(theirs, at(places)), practitioner);
    }

    private Set<String> haveTheRole(Collection<String> people, Somebody about) {
        String practitioner = field("PractitionerRole", "practitioner", "reference");
        return references(
                Filters.and(
                        Filters.in(practitioner, people),
                        Filters.eq(field("PractitionerRole", "role", "value"), "GENR01")),
                practitioner);
    }

    private Bson hasName(Somebody about) {
        return Filters.and(
                text("Practitioner", "family", about.family()), text("Practitioner", "given", about.given()));
    }

    private List<String> named(Somebody about) {
        return keys("Practitioner", practitioners, hasName(about));
    }

    /** Fewer have the role than there are places in the town. */
    private List<RawBsonDocument> employers(Somebody about) {
        Bson having = Filters.eq(field("PractitionerRole", "role", "value"), about.role());
        Set<String> employers = references(having, field("PractitionerRole", "organization", "reference"));
        return page(organizations, Filters.in("_id", ids(there(employers, about))));
    }

    private Found rolesWithAll(Somebody about) {
        List<RawBsonDocument> found = page(roles, at(called(about)));
        List<RawBsonDocument> included = fetch(practitioners, shown(found), "practitioner");
        included.addAll(fetch(organizations, shown(found), "organization"));
        return new Found(found, included);
    }

    private Found peopleWithAll(Somebody about) {
        List<RawBsonDocument> found = page(practitioners, hasName(about));
        List<String> keys =
                shown(found).stream().map(each -> "Practitioner/" + id(each)).toList();
        List<RawBsonDocument> included = roles.find(
                        Filters.in(field("PractitionerRole", "practitioner", "reference"), keys))
                .projection(content())
                .into(new ArrayList<>());
        included.addAll(fetch(organizations, included, "organization"));
        return new Found(found, included);
    }

    /** Which of some practitioners are wanted. */
    private interface Wanted {
        Set<String> of(Collection<String> people, Somebody about);
    }

    /** Many practitioners are wanted: they are walked, and looked at in batches until the page is full. */
    private List<RawBsonDocument> walk(Wanted wanted, Somebody about, int batch) {
        List<String> found = new ArrayList<>();
        for (long after = 0; found.size() <= Question.PAGE; ) {
            List<RawBsonDocument> some = practitioners
                    .find(Filters.gt("n", after))
                    .projection(Projections.include("n"))
                    .sort(Sorts.ascending("n"))
                    .limit(batch)
                    .into(new ArrayList<>());
            if (some.isEmpty()) {
                break;
            }
            after = some.get(some.size() - 1).getInt64("n").getValue();
            List<String> people =
                    some.stream().map(each -> "Practitioner/" + id(each)).toList();
            Set<String> those = wanted.of(people, about);
            people.stream().filter(those::contains).forEach(found::add);
        }
        return page(practitioners, Filters.in("_id", ids(found)));
    }

    // --- what every query is made of

    private static Bson content() {
        return Projections.include("fhir", "n");
    }

    private static List<RawBsonDocument> page(MongoCollection<RawBsonDocument> collection, Bson where) {
        return collection
                .find(where)
                .projection(content())
                .sort(Sorts.ascending("n"))
                .limit(Question.PAGE + 1)
                .batchSize(Question.PAGE + 1)
                .into(new ArrayList<>());
    }

    /** Those that a page shows: one more is asked for to know whether there is another page. */
    private static List<RawBsonDocument> shown(List<RawBsonDocument> found) {
        return found.subList(0, Math.min(Question.PAGE, found.size()));
    }

    private static List<String> keys(String type, MongoCollection<RawBsonDocument> collection, Bson where) {
        List<String> keys = new ArrayList<>();
        collection
                .find(where)
                .projection(Projections.include("_id"))
                .batchSize(10_000)
                .forEach(each -> keys.add(type + "/" + id(each)));
        return keys;
    }

    private Set<String> references(Bson where, String field) {
        Set<String> references = new LinkedHashSet<>();
        roles.find(where)
                .projection(Projections.fields(Projections.include(field), Projections.excludeId()))
                .batchSize(10_000)
                .forEach(each -> each.values().forEach(value -> addAll(value, references)));
        return references;
    }

    private static void addAll(BsonValue value, Set<String> references) {
        if (value.isArray()) {
            value.asArray().forEach(each -> addAll(each, references));
        } else {
            references.add(value.asString().getValue());
        }
    }

    private static List<String> ids(Collection<String> references) {
        return references.stream()
                .map(reference -> reference.substring(reference.indexOf('/') + 1))
                .toList();
    }

    private static String id(RawBsonDocument document) {
        return document.getString("_id").getValue();
    }

    /** What these refer to as that element. */
    private static List<RawBsonDocument> fetch(
            MongoCollection<RawBsonDocument> collection, List<RawBsonDocument> referring, String element) {
        Set<String> wanted = new LinkedHashSet<>();
        for (RawBsonDocument each : referring) {
            BsonValue reference = each.getDocument("fhir").get(element);
            if (reference != null) {
                wanted.add(reference.asDocument().getString("reference").getValue());
            }
        }
        return collection
                .find(Filters.in("_id", ids(wanted)))
                .projection(content())
                .into(new ArrayList<>());
    }
}
