package miroir.server.costs;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import miroir.index.SearchParameter;
import miroir.index.SearchParameterRegistry;
import miroir.index.SearchParameterType;
import miroir.index.search.Modifiers;
import miroir.server.costs.Asked.Excuse;
import org.bson.Document;

/**
 * Searches by one parameter: in every form, with every prefix of dates and numbers, and with every modifier but those that take value
 * sets and hierarchies of codes ({@link CodeSearches}); for what is frequent, what is rare, and what nobody has. A type of
 * parameter or a modifier that is not known here is refused, so that a new one is not left out. Of the types that are not the directory's
 * only what has an index is asked for: the rest is looked at one by one, under the deadline.
 */
final class ParameterSearches {
    private static final List<String> PREFIXES = List.of("", "eq", "ne", "gt", "lt", "ge", "le", "sa", "eb", "ap");
    private static final int GRAM = 3;
    private static final String NOBODYS = "zqxwv";
    private static final String NOBODYS_NUMBER = "987654321";
    private static final DateTimeFormatter DAY =
            DateTimeFormatter.ofPattern("yyyy-MM-dd").withZone(ZoneOffset.UTC);

    private final SearchParameterRegistry registry;
    private final StoredValues values;
    private final boolean everything;
    private final Predicate<SearchParameter> isAsked;

    /** All, or of dates and numbers only those about one that nobody has and the last one, which some, none or nearly all meet, by the prefix. */
    ParameterSearches(
            SearchParameterRegistry registry,
            StoredValues values,
            boolean everything,
            Predicate<SearchParameter> isAsked) {
        this.registry = registry;
        this.values = values;
        this.everything = everything;
        this.isAsked = isAsked;
    }

    Stream<Asked> all() {
        return registry.types().stream()
                .flatMap(type -> registry.of(type).stream())
                .filter(Modifiers::searchable)
                .filter(isAsked)
                .flatMap(this::of);
    }

    /** What types beside the directory's have: what all types have is asked of those. */
    static boolean hasIndexOfItsOwn(SearchParameter parameter) {
        return parameter.indexed() && !parameter.isBuiltIn();
    }

    private Stream<Asked> of(SearchParameter parameter) {
        Stream<Asked> plain = switch (parameter.searchType()) {
            case TOKEN -> tokens(parameter);
            case STRING -> strings(parameter);
            case REFERENCE -> references(parameter);
            case URI -> uris(parameter);
            case DATE -> dates(parameter);
            case NUMBER -> numbers(parameter, List.of(""));
            case QUANTITY -> numbers(parameter, units(parameter));
            case COMPOSITE -> composites(parameter);
            case SPECIAL -> throw unknown(parameter, "");
        };
        return Stream.concat(
                plain, Modifiers.of(parameter).stream().flatMap(modifier -> modified(parameter, modifier)));
    }

    private static AssertionError unknown(SearchParameter parameter, String modifier) {
        return new AssertionError("say how to ask by " + parameter.type() + "." + parameter.code() + modifier + ", a "
                + parameter.searchType() + ", and what it may cost");
    }

    private Stream<Asked> modified(SearchParameter parameter, String modifier) {
        return switch (modifier) {
            case "missing" ->
                Stream.of(
                        parameter.searchType() == SearchParameterType.TOKEN && !parameter.isBuiltIn()
                                ? asked(parameter, ":missing", "true").excusedBy(Excuse.TEXT_WITHOUT_CODE)
                                : parameter.searchType() == SearchParameterType.DATE && !parameter.isBuiltIn()
                                        ? asked(parameter, ":missing", "true").excusedBy(Excuse.OPEN_END)
                                        : asked(parameter, ":missing", "true"),
                        asked(parameter, ":missing", "false").excusedBy(Excuse.HAS_SOMETHING));
            case "not" -> negations(parameter);
            case "of-type" ->
                extremes(parameter, "of-type")
                        .filter(value -> !value.startsWith("|"))
                        .map(value -> asked(parameter, ":of-type", value.replace(",", "\\,")));
            case "exact" -> extremes(parameter, "").map(value -> text(parameter, ":exact", value));
            case "contains" -> infixes(parameter);
            case "identifier" ->
                Stream.of(asked(parameter, ":identifier", "urn:x|" + NOBODYS)
                        .excusedBy(Excuse.IDENTIFIER_OF_A_REFERENCE));
            case "text" ->
                extremes(parameter, "text")
                        .map(text ->
                                asked(parameter, ":text", Asked.escaped(text)).unordered());
            case "below" ->
                extremes(parameter, "")
                        .filter(ParameterSearches::hasParents)
                        .map(value -> asked(parameter, ":below", value.replaceAll("[^/]*$", ""))
                                .unordered());
            case "above" ->
                extremes(parameter, "")
                        .filter(ParameterSearches::hasParents)
                        .map(value -> asked(parameter, ":above", value + "/x/y"));
            default -> throw unknown(parameter, ":" + modifier);
        };
    }

    /** Others are refused: {@code urn:codes} has none. */
    private static boolean hasParents(String url) {
        return url.contains("://");
    }

    private Asked asked(SearchParameter parameter, String modifier, String value) {
        return Asked.inOrder(parameter.type(), parameter.code() + modifier, value);
    }

    /** Of a field of the parameter: what most have, what fewest have. */
    private Stream<String> extremes(SearchParameter parameter, String suffix) {
        if (parameter.code().equals("_id")) {
            return suffix.equals("value")
                    ? values.extremes(parameter.type(), "_id").stream().map(String::valueOf)
                    : Stream.of();
        }
        String field = parameter.field(suffix);
        return values.extremes(parameter.type(), field).stream().map(String::valueOf);
    }

    private static Stream<String> andNobodys(Stream<String> values) {
        return Stream.concat(values, Stream.of(NOBODYS));
    }

    private Stream<Asked> tokens(SearchParameter parameter) {
        Stream<Asked> codes =
                andNobodys(extremes(parameter, "value")).map(code -> asked(parameter, "", Asked.escaped(code)));
        Stream<Asked> pairs = extremes(parameter, "sysval")
                .map(pair -> asked(parameter, "", pair(pair)).excusedBy(Excuse.CODE_OF_SEVERAL_SYSTEMS));
        Stream<Asked> systems = andNobodys(extremes(parameter, "system"))
                .map(system -> asked(parameter, "", Asked.escaped(system) + "|").excusedBy(Excuse.SYSTEM_ALONE));
        return parameter.code().equals("_id")
                ? codes
                : Stream.of(codes, pairs, systems).flatMap(each -> each);
    }

    private Stream<Asked> negations(SearchParameter parameter) {
        return Stream.concat(
                        andNobodys(extremes(parameter, "value")).map(Asked::escaped),
                        extremes(parameter, "sysval").map(ParameterSearches::pair))
                .map(token -> asked(parameter, ":not", token).excusedBy(Excuse.NOT));
    }

    /** A system and a code, of which only the bar between them is meant as such. */
    private static String pair(String stored) {
        int bar = stored.indexOf('|');
        return Asked.escaped(stored.substring(0, bar)) + "|" + Asked.escaped(stored.substring(bar + 1));
    }

    private Stream<Asked> strings(SearchParameter parameter) {
        Stream<Asked> prefixes = extremes(parameter, "i")
                .flatMap(text -> Stream.of(1, 2, 3, text.length())
                        .filter(length -> length <= text.length())
                        .map(length -> text.substring(0, length))
                        .filter(prefix -> !prefix.isBlank())
                        .distinct())
                .map(prefix -> text(parameter, "", prefix));
        return Stream.concat(prefixes, Stream.of(asked(parameter, "", NOBODYS)));
    }

    /** One gram is what is asked for; of a longer text the rarest leads, and what has that one is compared with all of it. */
    private Asked text(SearchParameter parameter, String modifier, String text) {
        Asked asked = asked(parameter, modifier, Asked.escaped(text));
        return text.length() > GRAM ? asked.unordered() : asked;
    }

    private Stream<Asked> infixes(SearchParameter parameter) {
        List<Asked> infixes = new ArrayList<>(List.of(asked(parameter, ":contains", NOBODYS)));
        extremes(parameter, "i").filter(text -> text.length() >= 5).forEach(text -> {
            infixes.add(text(parameter, ":contains", text.substring(1, 5).strip()));
            infixes.add(asked(parameter, ":contains", "zq").excusedBy(Excuse.SHORT_NEEDLE));
        });
        return infixes.stream();
    }

    private Stream<Asked> references(SearchParameter parameter) {
        Stream<Asked> found = extremes(parameter, "reference")
                .filter(reference -> isPossible(parameter, reference))
                .flatMap(reference -> {
                    String[] parts = reference.split("/", -1);
                    return parts.length == 2
                            ? Stream.of(
                                    asked(parameter, "", reference),
                                    asked(parameter, "", parts[1]),
                                    asked(parameter, ":" + parts[0], parts[1]))
                            : Stream.of(asked(parameter, "", reference));
                });
        return Stream.concat(found, Stream.of(asked(parameter, "", NOBODYS)));
    }

    /** Resources made by chance refer to what they may not refer to, and nobody can ask for it. */
    private static boolean isPossible(SearchParameter parameter, String reference) {
        return parameter.targets().isEmpty()
                || reference.indexOf('/') < 0
                || reference.contains("://")
                || parameter.targets().contains(reference.substring(0, reference.indexOf('/')));
    }

    private Stream<Asked> uris(SearchParameter parameter) {
        return andNobodys(extremes(parameter, "")).map(uri -> asked(parameter, "", Asked.escaped(uri)));
    }

    private Stream<Asked> dates(SearchParameter parameter) {
        String field = parameter.code().equals("_lastUpdated") ? "t_lastupdated" : parameter.field("");
        List<String> days = new ArrayList<>(List.of("1789-07-14"));
        List<Long> spread = values.spread(parameter.type(), field, "s");
        spread.stream()
                .skip(everything ? 0 : Math.max(0, spread.size() - 1))
                .forEach(start -> days.add(DAY.format(Instant.ofEpochMilli(start))));
        return days.stream().flatMap(day -> PREFIXES.stream().map(prefix -> date(parameter, prefix, day)));
    }

    /** None, and one that values have. */
    private List<String> units(SearchParameter parameter) {
        return Stream.concat(
                        Stream.of(""),
                        values.documents(parameter.type(), parameter.field("")).stream()
                                .map(each -> "||" + each.getString("code"))
                                .limit(1))
                .toList();
    }

    private Stream<Asked> numbers(SearchParameter parameter, List<String> units) {
        List<String> numbers = new ArrayList<>(List.of(NOBODYS_NUMBER));
        List<String> spread = values.numbers(parameter.type(), parameter.field(""), "s");
        numbers.addAll(spread.subList(everything ? 0 : Math.max(0, spread.size() - 1), spread.size()));
        return numbers.stream()
                .flatMap(number -> units.stream().map(unit -> number + unit))
                .flatMap(value -> PREFIXES.stream().map(prefix -> {
                    Asked asked = asked(parameter, "", prefix + value).unordered();
                    return prefix.equals("ne") ? asked.excusedBy(Excuse.HAS_SOMETHING) : asked;
                }));
    }

    /** The first of a tuple that most have, and that fewest have, with what one of these tuples has second; and nobody's. */
    private Stream<Asked> composites(SearchParameter parameter) {
        SearchParameter.Component first = parameter.components().get(0);
        SearchParameter.Component second = parameter.components().get(1);
        List<Document> tuples = values.documents(parameter.type(), parameter.field("tuple"));
        return StoredValues.extremes(
                        tuples.stream().flatMap(each -> StoredValues.each(each.get(first.code() + "-value"))))
                .stream()
                .map(String::valueOf)
                .flatMap(code -> {
                    String other = tuples.stream()
                            .filter(tuple -> StoredValues.each(tuple.get(first.code() + "-value"))
                                    .anyMatch(code::equals))
                            .map(tuple -> part(parameter, second, tuple))
                            .findFirst()
                            .orElseThrow();
                    return Stream.of(
                            asked(parameter, "", Asked.escaped(code) + "$" + other)
                                    .excusedBy(Excuse.FIRST_OF_A_COMPOSITE),
                            asked(parameter, "", NOBODYS + "$" + other));
                });
    }

    private static String part(SearchParameter composite, SearchParameter.Component component, Document tuple) {
        return switch (component.searchType()) {
            case TOKEN -> Asked.escaped(StoredValues.text(tuple.get(component.code() + "-value")));
            case STRING -> Asked.escaped(StoredValues.text(tuple.get(component.code())));
            case NUMBER, QUANTITY -> "ge" + StoredValues.text(StoredValues.inner(tuple.get(component.code()), "s"));
            case DATE ->
                DAY.format(Instant.ofEpochMilli(
                        Long.parseLong(StoredValues.text(StoredValues.inner(tuple.get(component.code()), "s")))));
            default -> throw unknown(composite, "$" + component.code());
        };
    }

    private Asked date(SearchParameter parameter, String prefix, String day) {
        Asked date = asked(parameter, "", prefix + day).unordered();
        return prefix.equals("ne") ? date.excusedBy(Excuse.HAS_SOMETHING) : date;
    }
}
