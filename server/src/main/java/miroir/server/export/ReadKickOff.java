package miroir.server.export;

import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import miroir.index.NearestName;
import miroir.index.Refusal;
import miroir.index.json.Shape;
import miroir.index.search.Handling;
import miroir.index.search.QueryParameter;
import miroir.index.value.DateInterval;
import org.jspecify.annotations.Nullable;

/**
 * Reads the parameters of a request for an export. A lenient client has what is not offered left out, and told of; a strict one is refused. What is offered
 * and makes no sense is refused in either case.
 */
final class ReadKickOff {
    static final String OUTPUT_FORMAT = "_outputFormat";
    static final String SINCE = "_since";
    static final String TYPE = "_type";
    static final String TYPE_FILTER = "_typeFilter";
    static final String ELEMENTS = "_elements";

    private static final List<String> KNOWN = List.of(OUTPUT_FORMAT, SINCE, TYPE, TYPE_FILTER, ELEMENTS);

    /** Of which failures are told. */
    private static final Set<String> OF_ANSWERS = Set.of("_format", "_pretty");

    private static final List<String> FORMATS = List.of("application/fhir+ndjson", "application/ndjson", "ndjson");
    private static final int MOST_FILTERS = 100;

    /** Names of types and elements, in all. */
    private static final int MOST_NAMES = 1_000;

    /** All that is asked for is written into one document, which MongoDB bounds, and is read with each file. */
    private static final int MOST_CHARACTERS = 1 << 17;

    /** Whoever has more left out has asked for something else. */
    static final int MOST_WARNINGS = 100;

    private static final Pattern FILTER = Pattern.compile("([A-Z][A-Za-z]{1,63})\\?(.+)", Pattern.DOTALL);

    /** A comma within a search is not followed by a type and a question mark. */
    private static final Pattern BETWEEN_FILTERS = Pattern.compile(",(?=[A-Z][A-Za-z]{1,63}\\?)");

    private final Set<String> served;
    private final Set<String> seen;
    private final ZoneId zone;
    private final Handling handling;
    private final List<String> warnings = new ArrayList<>();

    /**
     * For who asks.
     *
     * @param seen the types of which he may see anything
     */
    ReadKickOff(Set<String> served, Set<String> seen, ZoneId zone, Handling handling) {
        this.served = new TreeSet<>(served);
        this.seen = seen;
        this.zone = zone;
        this.handling = handling;
    }

    KickOff of(List<QueryParameter> parameters) {
        requireShort(parameters);
        Map<String, List<String>> values = new LinkedHashMap<>();
        for (QueryParameter given : parameters) {
            if (KNOWN.contains(given.name())) {
                values.computeIfAbsent(given.name(), name -> new ArrayList<>()).add(given.value());
            } else if (!OF_ANSWERS.contains(given.name())) {
                ignore("the parameter \"" + Refusal.shown(given.name()) + "\" is not offered in an export; "
                        + NearestName.hint(Refusal.shown(given.name()), KNOWN));
            }
        }
        requireFormat(one(values, OUTPUT_FORMAT));
        List<String> types = types(values.getOrDefault(TYPE, List.of()));
        return new KickOff(
                types,
                filters(values.getOrDefault(TYPE_FILTER, List.of()), types),
                since(one(values, SINCE)),
                elements(values.getOrDefault(ELEMENTS, List.of()), types),
                warnings);
    }

    private static void requireShort(List<QueryParameter> parameters) {
        long characters = parameters.stream()
                .mapToLong(each -> each.name().length() + each.value().length())
                .sum();
        if (characters > MOST_CHARACTERS) {
            throw new Refusal(
                    Refusal.Reason.INVALID,
                    "the parameters of an export have " + characters + " characters together; allowed are "
                            + MOST_CHARACTERS);
        }
    }

    private void ignore(String what) {
        if (handling == Handling.STRICT) {
            throw new Refusal(Refusal.Reason.INVALID, what);
        }
        warnings.add("ignored: " + what);
        requireFew(warnings);
    }

    /** Refuses what would be an export of something else. */
    static void requireFew(List<String> warnings) {
        if (warnings.size() > MOST_WARNINGS) {
            throw new Refusal(
                    Refusal.Reason.INVALID,
                    "more would be left out of what is asked for than the " + MOST_WARNINGS
                            + " things that are allowed; the last of them: " + warnings.get(MOST_WARNINGS));
        }
    }

    private static @Nullable String one(Map<String, List<String>> values, String name) {
        List<String> given = values.getOrDefault(name, List.of());
        if (given.size() > 1) {
            throw invalid(name, "it is given " + given.size() + " times; allowed is once");
        }
        return given.isEmpty() ? null : given.get(0);
    }

    /** A plus sign that was not percent-encoded arrives as a space. */
    private static void requireFormat(@Nullable String format) {
        if (format != null && !FORMATS.contains(format.strip().replace(' ', '+'))) {
            throw invalid(
                    OUTPUT_FORMAT,
                    "\"" + Refusal.shown(format) + "\" is not offered; allowed: " + String.join(", ", FORMATS));
        }
    }

    private @Nullable Instant since(@Nullable String value) {
        if (value == null) {
            return null;
        }
        try {
            // As in a form, a plus sign of a zone that was not percent-encoded arrives as a space.
            return Instant.ofEpochMilli(
                    DateInterval.parse(value.strip().replace(' ', '+'), zone).start());
        } catch (Refusal notADate) {
            throw invalid(SINCE, String.valueOf(notADate.getMessage()));
        }
    }

    private List<String> types(List<String> values) {
        Set<String> named = new LinkedHashSet<>();
        for (String type : names(TYPE, values)) {
            if (!served.contains(type)) {
                ignore("parameter \"" + TYPE + "\": \"" + Refusal.shown(type) + "\" is no type that is served here; "
                        + NearestName.hint(Refusal.shown(type), served));
            } else if (!seen.contains(type)) {
                throw new Refusal(
                        Refusal.Reason.RIGHT_MISSING, "an export of " + type + " needs the right SEARCH on " + type);
            } else {
                named.add(type);
            }
        }
        if (named.isEmpty() && !values.isEmpty()) {
            throw invalid(TYPE, "no type is left; served here: " + String.join(", ", served));
        }
        Set<String> exported = named.isEmpty() ? seen : named;
        return served.stream().filter(exported::contains).toList();
    }

    private Map<String, List<String>> filters(List<String> values, List<String> types) {
        List<String> all = values.stream()
                .flatMap(value -> Arrays.stream(BETWEEN_FILTERS.split(value)))
                .toList();
        if (all.size() > MOST_FILTERS) {
            throw invalid(TYPE_FILTER, "there are " + all.size() + " searches; allowed are " + MOST_FILTERS);
        }
        Map<String, List<String>> filters = new LinkedHashMap<>();
        for (String filter : all) {
            Matcher matcher = FILTER.matcher(filter.strip());
            if (!matcher.matches()) {
                throw invalid(
                        TYPE_FILTER, "\"" + Refusal.shown(filter) + "\" is not of the form Practitioner?active=true");
            }
            if (types.contains(matcher.group(1))) {
                filters.computeIfAbsent(matcher.group(1), type -> new ArrayList<>())
                        .add(matcher.group(2));
            } else {
                ignore("parameter \"" + TYPE_FILTER + "\": \"" + Refusal.shown(filter) + "\" is about "
                        + matcher.group(1) + ", which is not exported; exported: " + String.join(", ", types));
            }
        }
        return filters;
    }

    /** Names without a type are meant for every type, and one of them has to have such an element. */
    private Map<String, List<String>> elements(List<String> values, List<String> types) {
        Map<String, Set<String>> byType = new LinkedHashMap<>();
        for (String element : names(ELEMENTS, values)) {
            int dot = element.indexOf('.');
            String type = dot < 0 ? "" : element.substring(0, dot);
            String name = bare(element.substring(dot + 1));
            List<String> of =
                    dot < 0 ? types : types.stream().filter(type::equals).toList();
            if (of.stream().noneMatch(each -> Shape.elementsOf(each).contains(name))) {
                ignore("parameter \"" + ELEMENTS + "\": \"" + Refusal.shown(element)
                        + "\" is no element of the root of " + String.join(", ", of.isEmpty() ? types : of));
                continue;
            }
            for (String each : of) {
                Set<String> names = byType.computeIfAbsent(each, some -> new TreeSet<>());
                if (Shape.elementsOf(each).contains(name)) {
                    names.add(name);
                }
            }
        }
        Map<String, List<String>> elements = new LinkedHashMap<>();
        byType.forEach((type, names) -> elements.put(type, List.copyOf(names)));
        return elements;
    }

    private static String bare(String name) {
        return name.endsWith("[x]") ? name.substring(0, name.length() - 3) : name;
    }

    private static List<String> names(String parameter, List<String> values) {
        List<String> names = values.stream()
                .flatMap(value -> Arrays.stream(value.split(",", -1)))
                .map(String::strip)
                .toList();
        if (names.size() > MOST_NAMES) {
            throw invalid(parameter, "there are " + names.size() + " names; allowed are " + MOST_NAMES);
        }
        return names;
    }

    private static Refusal invalid(String name, String message) {
        return new Refusal(Refusal.Reason.INVALID, "parameter \"" + name + "\": " + message, "http." + name);
    }
}
