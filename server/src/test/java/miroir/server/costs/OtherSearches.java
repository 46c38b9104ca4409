package miroir.server.costs;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import miroir.index.SearchParameter;
import miroir.index.SearchParameterRegistry;
import miroir.index.SearchParameterType;
import miroir.server.costs.Asked.Excuse;

/**
 * Every order, and every way from one type to another: chains, {@code _has}, inclusions. Over a second reference it goes from each of
 * the first ones by three only, and only for what few have.
 */
final class OtherSearches {
    private static final Set<String> MANY_OF_FEW = Set.of("Device:organization", "Organization:partof");
    private static final int WAYS_ON = 3;

    private final SearchParameterRegistry registry;
    private final Set<String> types;
    private final StoredValues values;
    private final int targets;
    private final boolean byChance;

    /**
     * Those of some types.
     *
     * @param targets to how many types a reference is followed
     * @param byChance whether the resources are copies of few that were made by chance: what is alike stands together, and hardly anything is linked
     */
    OtherSearches(
            SearchParameterRegistry registry, Set<String> types, StoredValues values, int targets, boolean byChance) {
        this.registry = registry;
        this.types = types;
        this.values = values;
        this.targets = targets;
        this.byChance = byChance;
    }

    /** A reference from one served type to another. */
    private record Way(String type, String code, String target) {}

    // --- orders

    Stream<Asked> orders() {
        return types.stream().flatMap(type -> {
            List<String> codes = registry.of(type).stream()
                    .filter(parameter -> parameter.sortable()
                            || parameter.code().equals("_id")
                            || parameter.code().equals("_lastUpdated"))
                    .map(SearchParameter::code)
                    .toList();
            List<String> criteria = criteria(type);
            return codes.stream().flatMap(code -> orders(type, code, codes.get(0), criteria));
        });
    }

    private Stream<Asked> orders(String type, String code, String other, List<String> criteria) {
        List<Asked> orders = new ArrayList<>();
        for (String sort : List.of("_sort=" + code, "_sort=-" + code)) {
            orders.add(Asked.of(type + "?" + sort));
        }
        for (String criterion : criteria) {
            orders.add(unlessByChance(
                    Asked.of(type + "?" + criterion + "&_sort=" + code).unordered(),
                    criterion,
                    Excuse.END_OF_AN_ORDER));
        }
        orders.add(Asked.of(type + "?_sort=" + code + ",-" + other).excusedBy(Excuse.SECOND_KEY));
        return orders.stream();
    }

    /** What few meet is found by that. */
    private Asked unlessByChance(Asked asked, String criterion, Excuse excuse) {
        return byChance && !criterion.startsWith("identifier") ? asked.excusedBy(excuse) : asked;
    }

    /** What most resources of a type meet, and what few meet. */
    private List<String> criteria(String type) {
        List<String> criteria = new ArrayList<>();
        for (String code : List.of("active", "status", "identifier")) {
            SearchParameter parameter = registry.find(type, code);
            List<Object> extremes = parameter == null ? List.of() : values.extremes(type, parameter.field("value"));
            if (!extremes.isEmpty()) {
                Object value = extremes.get(code.equals("identifier") ? extremes.size() - 1 : 0);
                criteria.add(Asked.inOrder(type, code, Asked.escaped(value.toString()))
                        .query()
                        .substring(type.length() + 1));
            }
        }
        return criteria;
    }

    // --- links

    private List<Way> ways() {
        return types.stream()
                .flatMap(type -> registry.of(type).stream())
                .filter(parameter -> parameter.searchType() == SearchParameterType.REFERENCE && parameter.indexed())
                .flatMap(reference -> types.stream()
                        .filter(target -> reference.targets().isEmpty()
                                || reference.targets().contains(target))
                        .limit(targets)
                        .map(target -> new Way(reference.type(), reference.code(), target)))
                .toList();
    }

    Stream<Asked> links() {
        List<Way> ways = ways();
        return ways.stream()
                .flatMap(way -> Stream.concat(
                        criteria(way.target()).stream().map(criterion -> chain(way, criterion)),
                        Stream.concat(
                                criteria(way.type()).stream().map(criterion -> has(way, criterion)),
                                ways.stream()
                                        .filter(next -> next.type().equals(way.target()))
                                        .limit(WAYS_ON)
                                        .flatMap(next -> longer(way, next)))));
    }

    private Asked chain(Way way, String criterion) {
        Asked chain = Asked.of(way.type() + "?" + way.code() + ":" + way.target() + "." + criterion)
                .over(1);
        return unlessByChance(chain, criterion, Excuse.TWO_LARGE_SIDES);
    }

    private Asked has(Way way, String criterion) {
        Asked has = Asked.of(way.target() + "?_has:" + way.type() + ":" + way.code() + ":" + criterion)
                .over(1);
        // There are many devices, and places that are parts of others, and few places have any.
        return MANY_OF_FEW.contains(way.type() + ":" + way.code()) && !criterion.startsWith("identifier")
                ? has.excusedBy(Excuse.TWO_LARGE_SIDES)
                : unlessByChance(has, criterion, Excuse.TWO_LARGE_SIDES);
    }

    /** Over two references, both ways, by what few have; nothing where there is nothing to ask the last one for. */
    private Stream<Asked> longer(Way way, Way next) {
        List<String> criteria = criteria(next.target());
        if (criteria.isEmpty()) {
            return Stream.of();
        }
        String rare = criteria.get(criteria.size() - 1);
        return Stream.of(
                        Asked.of(way.type() + "?" + way.code() + ":" + way.target() + "." + next.code() + ":"
                                        + next.target() + "." + rare)
                                .over(2),
                        Asked.of(way.target() + "?_has:" + way.type() + ":" + way.code() + ":" + way.code() + ":"
                                        + way.target() + "." + next.code() + ":" + next.target() + "." + rare)
                                .over(3))
                // What is in between is as frequent as its models are, however rare its end is.
                .map(asked -> byChance ? asked.excusedBy(Excuse.TWO_LARGE_SIDES) : asked);
    }

    // --- inclusions

    Stream<Asked> inclusions() {
        Stream<Asked> single = ways().stream()
                .flatMap(way -> Stream.of(
                        Asked.of(way.type() + "?_include=" + way.type() + ":" + way.code()),
                        Asked.of(way.type() + "?_include=" + way.type() + ":" + way.code() + ":" + way.target()),
                        Asked.of(way.target() + "?_revinclude=" + way.type() + ":" + way.code())));
        Stream<Asked> all = types.stream()
                .flatMap(type -> Stream.of(
                        Asked.of(type + "?_include=*"),
                        Asked.of(type + "?_revinclude=*"),
                        Asked.of(type + "?_include:iterate=*")));
        return Stream.concat(single, all).distinct();
    }
}
