package miroir.server.fhir;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import miroir.index.NearestName;
import miroir.index.Refusal;
import miroir.index.search.Order;
import miroir.index.search.QueryParameter;
import miroir.index.store.ResourceKey;

/** Which types a search of several is about: those that {@code _type} names, or all that are served. */
record SearchedTypes(Set<String> served, Compartments compartments) {
    static final String TYPE = "_type";

    private static final String SORT = "_sort";
    private static final Set<String> SORTED_BY = Set.of("_id", "-_id", "_lastUpdated", "-_lastUpdated");

    /** By name: in an order that is the same for each page, on every server. */
    List<String> of(FhirRequest request, List<QueryParameter> query) {
        ResourceKey compartment = request.exchange().route().compartment();
        refuseOfOneType(query);
        return among(compartment == null ? new TreeSet<>(served) : compartments.types(compartment.type()), query);
    }

    /** Those of these that are meant. */
    static List<String> among(Set<String> possible, List<QueryParameter> query) {
        List<QueryParameter> said = onlyTypes(query);
        if (said.isEmpty()) {
            return List.copyOf(possible);
        }
        if (said.size() > 1) {
            throw invalid("it is given twice; allowed is once, with commas between the types");
        }
        Set<String> named = new LinkedHashSet<>(List.of(said.get(0).value().split(",", -1)));
        for (String type : named) {
            if (!possible.contains(type)) {
                throw invalid("\"" + Refusal.shown(type) + "\" is no type that can be searched here; "
                        + NearestName.hint(type, List.copyOf(possible)));
            }
        }
        return possible.stream().filter(named::contains).toList();
    }

    private static void refuseOfOneType(List<QueryParameter> query) {
        for (QueryParameter given : query) {
            if (given.name().equals("__explain")) {
                throw new Refusal(
                        Refusal.Reason.NOT_SUPPORTED,
                        given.name() + " is not offered over several types: each of them is found in a way of its own",
                        "http." + given.name());
            }
            if (given.name().equals(SORT)
                    && !SORTED_BY.containsAll(List.of(given.value().split(",", -1)))) {
                throw new Refusal(
                        Refusal.Reason.INVALID,
                        "parameter \"" + SORT + "=" + Refusal.shown(given.value())
                                + "\": several types are sorted by what all of them have; allowed are _id and"
                                + " _lastUpdated, with a minus where the greatest comes first",
                        "http." + SORT);
            }
        }
    }

    /** The order that is asked for, by what all of them have; type after type where none is. */
    static Order order(List<QueryParameter> query) {
        return query.stream()
                .filter(parameter -> parameter.name().equals(SORT))
                .findFirst()
                .map(parameter -> Order.ofSeveralTypes(parameter.value()))
                .orElse(Order.BY_POSITION);
    }

    static List<QueryParameter> onlyTypes(List<QueryParameter> query) {
        return query.stream().filter(parameter -> parameter.name().equals(TYPE)).toList();
    }

    static List<QueryParameter> withoutTypes(List<QueryParameter> query) {
        return query.stream()
                .filter(parameter -> !parameter.name().equals(TYPE))
                .toList();
    }

    private static Refusal invalid(String message) {
        return new Refusal(Refusal.Reason.INVALID, "parameter \"" + TYPE + "\": " + message, "http." + TYPE);
    }
}
