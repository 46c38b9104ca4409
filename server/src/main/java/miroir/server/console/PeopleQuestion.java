package miroir.server.console;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import miroir.index.Refusal;
import miroir.index.search.QueryParameter;
import miroir.server.directory.TypedLine;
import miroir.server.directory.TypedLine.Reading;
import miroir.server.fhir.AskFhir;
import miroir.server.pages.Language;
import org.jspecify.annotations.Nullable;

/**
 * What the page of people was asked.
 *
 * @param values by parameter, those that say something
 */
record PeopleQuestion(Map<String, String> values) {
    /** What can be said apart from the line, as {@code $directory-search} calls it. */
    static final List<String> FIELDS = List.of(
            "family",
            "given",
            "profession",
            "specialty",
            "organization",
            "street",
            "postalcode",
            "city",
            "department",
            "mss",
            "identifier");

    static final String LINE = "q";
    static final String FUZZY = "fuzzy";
    static final String ACTIVE = "active";

    /** Which of the readings of the line is meant, by its number. */
    static final String AS = "as";

    private static final Set<String> ALLOWED = Stream.of(
                    Stream.of(LINE), FIELDS.stream(), Stream.of(FUZZY, ACTIVE, AS, AskFhir.PAGE, Language.PARAMETER))
            .flatMap(each -> each)
            .collect(Collectors.toUnmodifiableSet());

    private static final String ON_A_PAGE = "20";

    PeopleQuestion {
        values = Map.copyOf(values);
    }

    /** Reads it; what means nothing, or is given twice, is refused by name. A form sends what was left empty, too. */
    static PeopleQuestion of(List<QueryParameter> query) {
        Map<String, String> values = new LinkedHashMap<>();
        for (QueryParameter each : query) {
            if (!ALLOWED.contains(each.name())) {
                throw refused("the parameter \"" + Refusal.shown(each.name()) + "\" means nothing here; allowed: "
                        + ALLOWED.stream().sorted().collect(Collectors.joining(", ")));
            }
            if (values.put(each.name(), each.value().strip()) != null) {
                throw refused(each.name() + " is given twice; allowed is once");
            }
        }
        values.remove(Language.PARAMETER);
        values.values().removeIf(String::isEmpty);
        return new PeopleQuestion(values);
    }

    /** What was typed, as far as it can be shown again, whatever is wrong with it. */
    static PeopleQuestion asPossible(List<QueryParameter> query) {
        return new PeopleQuestion(query.stream()
                .filter(each -> each.name().equals(LINE) || FIELDS.contains(each.name()))
                .filter(each -> each.value().length() <= 2 * TypedLine.LONGEST)
                .collect(Collectors.toMap(QueryParameter::name, QueryParameter::value, (first, second) -> first)));
    }

    private static Refusal refused(String message) {
        return new Refusal(Refusal.Reason.INVALID, message);
    }

    String value(String name) {
        return values.getOrDefault(name, "");
    }

    String line() {
        return value(LINE);
    }

    boolean isFuzzy() {
        return value(FUZZY).equals("true");
    }

    /** Whether people are wanted who are said to be inactive. */
    boolean isAny() {
        return value(ACTIVE).equals("any");
    }

    boolean hasFields() {
        return FIELDS.stream().anyMatch(values::containsKey);
    }

    /** Whether nobody is asked for yet. */
    boolean isEmpty() {
        return !values.containsKey(LINE) && !hasFields();
    }

    /** All ways to read it, the likeliest first; what is said in a field is that. */
    List<Reading> readings() {
        List<QueryParameter> fields = FIELDS.stream()
                .filter(values::containsKey)
                .map(name -> new QueryParameter(name, value(name)))
                .toList();
        if (line().isEmpty()) {
            return List.of(new Reading(fields));
        }
        List<Reading> all = TypedLine.readings(line());
        List<Reading> readings = all.stream()
                .filter(reading -> fields.stream().noneMatch(field -> reading.has(field.name())))
                .map(reading -> new Reading(
                        Stream.concat(reading.parts().stream(), fields.stream()).toList()))
                .toList();
        if (readings.isEmpty()) {
            String twice = fields.stream()
                    .map(QueryParameter::name)
                    .filter(all.get(0)::has)
                    .collect(Collectors.joining(", "));
            throw refused("q says " + twice + ", and so does a field of its own; allowed is one of them");
        }
        return readings;
    }

    /** Which of so many readings is meant; null where it was not said. */
    @Nullable
    Integer as(int readings) {
        String as = value(AS);
        if (as.isEmpty()) {
            return null;
        }
        if (!as.matches("[0-9]{1,3}") || Integer.parseInt(as) < 1 || Integer.parseInt(as) > readings) {
            throw refused("as=" + Refusal.shown(as) + " is not allowed; allowed are 1 to " + readings
                    + ", the ways to read what was typed");
        }
        return Integer.parseInt(as) - 1;
    }

    /** What the operation is asked, as that way to read it has it. */
    List<QueryParameter> asked(Reading reading) {
        if (values.containsKey(AskFhir.PAGE)) {
            return List.of(new QueryParameter(AskFhir.PAGE, value(AskFhir.PAGE)));
        }
        List<QueryParameter> asked = new ArrayList<>(reading.parts());
        for (String name : List.of(ACTIVE, FUZZY)) {
            if (values.containsKey(name)) {
                asked.add(new QueryParameter(name, value(name)));
            }
        }
        asked.add(new QueryParameter("_count", ON_A_PAGE));
        return asked;
    }

    /** The same question with other values; where one is empty, without it. */
    String link(Map<String, String> others) {
        List<QueryParameter> query = new ArrayList<>();
        Stream.of(Stream.of(LINE), FIELDS.stream(), Stream.of(FUZZY, ACTIVE, AS, AskFhir.PAGE))
                .flatMap(each -> each)
                .forEach(name -> {
                    String value = others.getOrDefault(name, value(name));
                    if (!value.isEmpty()) {
                        query.add(new QueryParameter(name, value));
                    }
                });
        return "?" + QueryParameter.encode(query);
    }
}
