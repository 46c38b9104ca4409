package miroir.server.fhir;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import miroir.index.Refusal;
import miroir.index.search.Condition;
import miroir.index.search.Handling;
import miroir.index.search.QueryParameter;
import miroir.index.store.Criteria;
import miroir.server.bundle.ConditionalReference;

/**
 * Reads by what a conditional write finds its resource. Stricter than a search: what is left out of a search makes it find too
 * much, which people see; a write would go to another resource, or to many.
 */
final class ReadCriteria {
    private static final String IF_NONE_EXIST = "If-None-Exist";

    private final QueryReader reader;
    private final Supplier<Set<String>> incompleteTypes;
    private final Duration patience;

    /**
     * Read by this.
     *
     * @param incompleteTypes of which some cannot be found by all that they are
     */
    ReadCriteria(QueryReader reader, Supplier<Set<String>> incompleteTypes, Duration patience) {
        this.reader = reader;
        this.incompleteTypes = incompleteTypes;
        this.patience = patience;
    }

    /** Those in the URL. */
    Criteria ofQuery(FhirRequest request) {
        return read(request, PageLinks.withoutFormat(request.query()));
    }

    /** Those in {@code If-None-Exist}: a query, behind a question mark and the type or its URL if the client likes. */
    Criteria ofIfNoneExist(FhirRequest request) {
        String header = String.valueOf(request.header(IF_NONE_EXIST)).strip();
        if (header.chars().anyMatch(letter -> letter < ' ' || letter > '~')) {
            throw invalid("it is percent-encoded, as in a URL; there is nothing beyond ASCII in a header");
        }
        List<QueryParameter> query = QueryParameter.decode(query(request, header));
        query.forEach(QueryParameter::check);
        return read(request, query);
    }

    /** Those of a reference, which stands in a resource of whatever type. */
    Criteria ofReference(FhirRequest request, ConditionalReference reference) {
        List<QueryParameter> query = QueryParameter.decode(reference.query());
        query.forEach(QueryParameter::check);
        return read(request, reference.type(), query);
    }

    private static String query(FhirRequest request, String header) {
        int mark = header.indexOf('?');
        String before = mark < 0 ? "" : header.substring(0, mark);
        if (mark < 0 || before.indexOf('=') >= 0) {
            return header;
        }
        String type = request.key().type();
        if (!before.isEmpty() && !before.equals(type) && !before.endsWith("/" + type)) {
            throw invalid("\"" + Refusal.shown(before) + "\" is not " + type + ", which is created");
        }
        return header.substring(mark + 1);
    }

    private Criteria read(FhirRequest request, List<QueryParameter> query) {
        return read(request, request.key().type(), query);
    }

    private Criteria read(FhirRequest request, String type, List<QueryParameter> query) {
        query.forEach(ReadCriteria::requireCriterion);
        Instant now = Instant.now();
        Condition where = where(request, type, query, now);
        if (query.isEmpty() || where.isAll()) {
            throw new Refusal(
                    Refusal.Reason.INVALID,
                    "there are no criteria, so it would be about every " + type
                            + "; allowed are its search parameters");
        }
        if (!where.equals(where(request, type, query, now.plus(Duration.ofDays(1))))) {
            throw new Refusal(
                    Refusal.Reason.INVALID,
                    "a criterion with the prefix ap means something else at every moment; allowed are the other prefixes");
        }
        requireComplete(type, where);
        return new Criteria(type, where, request.deadline(patience));
    }

    /** A search says that it may miss some; a write would make a second one, or change the wrong one. */
    private void requireComplete(String type, Condition where) {
        Set<String> types = new TreeSet<>(Set.of(type));
        where.collectLinkedTypes(types);
        types.retainAll(incompleteTypes.get());
        if (!types.isEmpty()) {
            throw new Refusal(
                    Refusal.Reason.NOT_READY,
                    "some of " + String.join(", ", types)
                            + " cannot be found by their search parameters, which have changed since"
                            + " (see /health/ready), so nothing is written by criteria");
        }
    }

    private Condition where(FhirRequest request, String type, List<QueryParameter> query, Instant now) {
        return reader.of(request, request.base(), null, request.deadline(patience))
                .parse(type, query, Handling.STRICT, now)
                .where();
    }

    /** What says how a search is answered: nobody can know what it should mean for a write. */
    private static void requireCriterion(QueryParameter parameter) {
        if (parameter.isAboutTheAnswer()) {
            throw new Refusal(
                    Refusal.Reason.INVALID,
                    "\"" + Refusal.shown(parameter.name())
                            + "\" is not a criterion by which a resource could be found to be"
                            + " written; allowed are the search parameters of its type",
                    "http." + parameter.name().split(":", 2)[0]);
        }
    }

    private static Refusal invalid(String message) {
        return new Refusal(Refusal.Reason.INVALID, IF_NONE_EXIST + ": " + message, "http." + IF_NONE_EXIST);
    }
}
