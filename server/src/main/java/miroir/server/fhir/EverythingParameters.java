package miroir.server.fhir;

import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import miroir.index.Refusal;
import miroir.index.path.RawValue;
import miroir.index.search.QueryParameter;
import miroir.index.value.DateInterval;
import org.bson.RawBsonDocument;
import org.jspecify.annotations.Nullable;

/** Reads the parameters of {@code $everything}, from the URL or from a Parameters resource. */
final class EverythingParameters {
    static final String START = "start";
    static final String END = "end";
    static final String SINCE = "_since";
    static final String COUNT = "_count";

    private static final List<String> OF_EVERY_TYPE = List.of(SINCE, SearchedTypes.TYPE, COUNT);
    private static final List<String> OF_PATIENTS = List.of(START, END, SINCE, SearchedTypes.TYPE, COUNT);
    private static final List<String> VALUES = List.of(
            "valueDate", "valueDateTime", "valueInstant", "valueCode", "valueString", "valueInteger", "valueBoolean");

    private EverythingParameters() {}

    /** What the body of a POST says, as if it stood in the URL. */
    static List<QueryParameter> ofBody(RawBsonDocument body) {
        RawValue resource = RawValue.of(body);
        String type = String.valueOf(resource.text("resourceType"));
        if (!type.equals("Parameters")) {
            throw invalid("the body is a " + type + "; allowed: nothing, or a Parameters resource");
        }
        List<QueryParameter> query = new ArrayList<>();
        for (RawValue parameter : resource.all("parameter")) {
            String name = String.valueOf(parameter.text("name"));
            String value = value(parameter);
            if (value == null) {
                throw invalid("the parameter \"" + Refusal.shown(name) + "\" has no value that is one of "
                        + String.join(", ", VALUES));
            }
            query.add(new QueryParameter(name, value));
        }
        return query;
    }

    /** The same with all types in one parameter, which may be given more than once. */
    static List<QueryParameter> withTypesInOne(List<QueryParameter> query) {
        Map<Boolean, List<QueryParameter>> byKind = query.stream()
                .collect(Collectors.partitioningBy(given -> given.name().equals(SearchedTypes.TYPE)));
        List<QueryParameter> types = byKind.getOrDefault(true, List.of());
        List<QueryParameter> merged = new ArrayList<>(byKind.getOrDefault(false, List.of()));
        if (!types.isEmpty()) {
            merged.add(new QueryParameter(
                    SearchedTypes.TYPE,
                    types.stream().map(QueryParameter::value).collect(Collectors.joining(","))));
        }
        return merged;
    }

    private static @Nullable String value(RawValue parameter) {
        for (String name : VALUES) {
            RawValue value = parameter.get(name);
            if (value != null) {
                return shown(value);
            }
        }
        return null;
    }

    private static @Nullable String shown(RawValue value) {
        if (value.truth() != null) {
            return String.valueOf(value.truth());
        }
        return value.number() == null ? value.text() : String.valueOf(value.number());
    }

    /** Refuses what is not known, given twice, or no date where one is meant. */
    static void check(String type, List<QueryParameter> query, ZoneId zone) {
        List<String> allowed = type.equals("Patient") ? OF_PATIENTS : OF_EVERY_TYPE;
        Set<String> seen = new HashSet<>();
        for (QueryParameter given : query) {
            if (!allowed.contains(given.name())) {
                throw invalid("the parameter \"" + Refusal.shown(given.name()) + "\" means nothing here; allowed: "
                        + String.join(", ", allowed) + ", "
                        + String.join(", ", FhirRequest.FOR_EVERY_INTERACTION));
            }
            if (!seen.add(given.name())) {
                throw invalid(given.name() + " is given twice; allowed is once");
            }
            checkValue(given, zone);
        }
    }

    private static void checkValue(QueryParameter given, ZoneId zone) {
        if (Set.of(START, END, SINCE).contains(given.name())) {
            try {
                DateInterval.parse(given.value(), zone);
            } catch (Refusal notADate) {
                throw invalid(given.name() + ": " + notADate.getMessage());
            }
        }
        if (given.name().equals(COUNT) && given.value().matches("0+")) {
            throw invalid(COUNT + "=0 asks for nothing; a page has at least the resource itself");
        }
    }

    private static Refusal invalid(String message) {
        return new Refusal(Refusal.Reason.INVALID, message);
    }
}
