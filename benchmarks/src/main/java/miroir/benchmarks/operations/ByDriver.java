package miroir.benchmarks.operations;

import com.mongodb.client.FindIterable;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.MongoDatabase;
import com.mongodb.client.model.CountOptions;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.Indexes;
import com.mongodb.client.model.Projections;
import com.mongodb.client.model.Sorts;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import miroir.benchmarks.questions.ByHand;
import miroir.benchmarks.questions.Question;
import miroir.benchmarks.questions.Somebody;
import miroir.index.SearchParameterRegistry;
import miroir.index.value.FoldedText;
import miroir.index.value.Trigrams;
import org.bson.BsonValue;
import org.bson.RawBsonDocument;
import org.bson.conversions.Bson;

/**
 * Answers operations by the queries of somebody who knows the data and the indexes, and nothing else: the limit that the server is held against. Nothing is
 * parsed, chosen, counted, checked, or looked up that the answer does not need.
 */
final class ByDriver {
    private static final Bson POSITIONS = Sorts.ascending("n");
    private static final Bson CONTENT = Projections.include("fhir", "n");

    private final MongoCollection<RawBsonDocument> practitioners;
    private final MongoCollection<RawBsonDocument> roles;
    private final MongoCollection<RawBsonDocument> organizations;
    private final ByHand overReferences;

    ByDriver(MongoDatabase database, SearchParameterRegistry registry) {
        this.practitioners = database.getCollection("Practitioner", RawBsonDocument.class);
        this.roles = database.getCollection("PractitionerRole", RawBsonDocument.class);
        this.organizations = database.getCollection("Organization", RawBsonDocument.class);
        this.overReferences = new ByHand(database, registry);
    }

    RawBsonDocument read(Somebody about) {
        RawBsonDocument found = practitioners
                .find(Filters.eq("_id", about.id()))
                .projection(CONTENT)
                .first();
        if (found == null) {
            throw new IllegalStateException("there is no practitioner " + about.id());
        }
        return found;
    }

    long count() {
        return practitioners.countDocuments(
                Filters.eq("t_active-value", "true"), new CountOptions().hint(inOrder("t_active-value")));
    }

    /**
     * A page, one more in it than is shown where there are more.
     *
     * @param after the position behind which a walk goes on
     */
    ByHand.Found page(Operation operation, Somebody about, Instant since, long after) {
        return switch (operation) {
            case IDENTIFIER ->
                only(page(practitioners, identified(about.identifier()), "t_identifier-value", operation));
            case PAGE -> only(active(practitioners, operation));
            case PREFIX ->
                only(page(practitioners, begins("t_family", Operation.beginning(about)), "t_family-3g", operation));
            case INFIX -> only(page(practitioners, has("t_family", Operation.inside(about)), "t_family-3g", operation));
            case PLACE ->
                only(page(
                        organizations,
                        Filters.and(
                                wordsBegin("t_name", about.place()),
                                begins("t_address-postalcode", about.postalCode())),
                        "t_name-w",
                        operation));
            case DELTA ->
                only(find(practitioners, Filters.gte("t_lastupdated", since.toEpochMilli()), operation)
                        .hint(inOrder("t_lastupdated"))
                        .sort(Sorts.ascending("t_lastupdated", "n"))
                        .into(new ArrayList<>()));
            case WALK ->
                only(find(practitioners, Filters.gt("n", after), operation)
                        .hint(POSITIONS)
                        .sort(POSITIONS)
                        .into(new ArrayList<>()));
            case CHAIN -> overReferences.answer(Question.ROLES_OF, about);
            case HAS -> overReferences.answer(Question.WORKS_AT, about);
            case INCLUDE -> withWhatTheyReferTo(active(roles, operation));
            case REVINCLUDE -> withTheirRoles(active(practitioners, operation));
            case READ, COUNT -> throw new IllegalArgumentException(operation + " is no page");
        };
    }

    private static ByHand.Found only(List<RawBsonDocument> found) {
        return new ByHand.Found(found, List.of());
    }

    private static List<RawBsonDocument> page(
            MongoCollection<RawBsonDocument> collection, Bson where, String indexed, Operation operation) {
        return find(collection, where, operation)
                .hint(inOrder(indexed))
                .sort(POSITIONS)
                .into(new ArrayList<>());
    }

    private static List<RawBsonDocument> active(MongoCollection<RawBsonDocument> collection, Operation operation) {
        return page(collection, Filters.eq("t_active-value", "true"), "t_active-value", operation);
    }

    /** The index on a field that has the order of pages within a value. Whoever knows it names it, and nothing is planned. */
    private static Bson inOrder(String field) {
        return Indexes.ascending(field, "n");
    }

    private static FindIterable<RawBsonDocument> find(
            MongoCollection<RawBsonDocument> collection, Bson where, Operation operation) {
        int limit = operation.page() + 1;
        return collection.find(where).projection(CONTENT).limit(limit).batchSize(limit);
    }

    /** The index has the value alone; few have the same of another system. */
    private static Bson identified(String identifier) {
        return Filters.and(
                Filters.eq("t_identifier-value", identifier.substring(identifier.indexOf('|') + 1)),
                Filters.eq("t_identifier-sysval", identifier));
    }

    /** Many have it: in the order of pages, by one gram; the rest is tested. */
    private static Bson begins(String field, String value) {
        String folded = FoldedText.fold(value);
        List<String> grams = Trigrams.ofPrefix(folded);
        return Filters.and(
                Filters.eq(field + "-3g", grams.get(grams.size() - 1)),
                Filters.regex(field + "-i", "^" + Pattern.quote(folded)));
    }

    private static Bson has(String field, String value) {
        String folded = FoldedText.fold(value);
        List<String> grams = Trigrams.ofInfix(folded);
        return Filters.and(
                Filters.eq(field + "-3g", grams.get(grams.size() - 1)),
                Filters.regex(field + "-i", Pattern.quote(folded)));
    }

    /** Few have it. */
    private static Bson wordsBegin(String field, String value) {
        Pattern beginning = Pattern.compile("^" + Pattern.quote(FoldedText.fold(value)));
        return Filters.and(Filters.regex(field + "-w", beginning), Filters.regex(field + "-i", beginning));
    }

    private ByHand.Found withWhatTheyReferTo(List<RawBsonDocument> found) {
        List<RawBsonDocument> included = fetch(practitioners, found, "practitioner");
        included.addAll(fetch(organizations, found, "organization"));
        return new ByHand.Found(found, included);
    }

    private static List<RawBsonDocument> fetch(
            MongoCollection<RawBsonDocument> collection, List<RawBsonDocument> referring, String element) {
        Set<String> ids = new LinkedHashSet<>();
        for (RawBsonDocument each : referring.subList(0, Math.min(Operation.INCLUDE.page(), referring.size()))) {
            BsonValue reference = each.getDocument("fhir").get(element);
            if (reference != null) {
                String key = reference.asDocument().getString("reference").getValue();
                ids.add(key.substring(key.indexOf('/') + 1));
            }
        }
        return collection.find(Filters.in("_id", ids)).projection(CONTENT).into(new ArrayList<>());
    }

    private ByHand.Found withTheirRoles(List<RawBsonDocument> found) {
        List<String> keys = found.subList(0, Math.min(Operation.REVINCLUDE.page(), found.size())).stream()
                .map(each -> "Practitioner/" + each.getString("_id").getValue())
                .toList();
        return new ByHand.Found(
                found,
                roles.find(Filters.in("t_practitioner-reference", keys))
                        .projection(CONTENT)
                        .into(new ArrayList<>()));
    }
}
