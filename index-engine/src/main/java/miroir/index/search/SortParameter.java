package miroir.index.search;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import miroir.index.NearestName;
import miroir.index.Refusal;
import miroir.index.Refusal.Reason;
import miroir.index.SearchParameter;
import miroir.index.SearchParameterRegistry;
import org.jspecify.annotations.Nullable;

/** Reads {@code _sort}: the parameters that matches are sorted by, with a minus where the greatest comes first. */
final class SortParameter {
    static final String NAME = "_sort";
    private static final int MOST = 8;

    private final SearchableParameters searchable;
    private final SearchParameterRegistry registry;
    private final String type;
    private final List<SearchParameter> parameters = new ArrayList<>();
    private @Nullable List<Order.Key> keys;

    SortParameter(SearchableParameters searchable, String type) {
        this.searchable = searchable;
        this.registry = searchable.registry();
        this.type = type;
    }

    /** With a modifier as well, which was how the direction was said before R4. */
    static boolean has(String name) {
        return ParameterName.of(name).code().equals(NAME);
    }

    /** What was read; null where nothing was. */
    @Nullable
    Order order() {
        return keys == null ? null : new Order(keys, false);
    }

    /** Those that matches are sorted by. */
    List<SearchParameter> parameters() {
        return List.copyOf(parameters);
    }

    void read(QueryParameter given) {
        if (!given.name().equals(NAME)) {
            throw invalid("modifiers are not known for it; allowed is " + NAME + "=" + given.value() + " and " + NAME
                    + "=-" + given.value());
        }
        if (keys != null) {
            throw invalid("it is given twice; allowed is once, with a comma between parameters");
        }
        String[] codes = given.value().split(",", -1);
        if (codes.length > MOST) {
            throw invalid("it names " + codes.length + " parameters; allowed are at most " + MOST);
        }
        List<Order.Key> read = new ArrayList<>();
        for (String code : codes) {
            boolean descending = code.startsWith("-");
            read.add(key(descending ? code.substring(1) : code, descending));
        }
        keys = upToId(read.stream().distinct().toList());
    }

    /** Nothing is left to sort among those of one id. */
    private static List<Order.Key> upToId(List<Order.Key> read) {
        for (int i = 0; i < read.size(); i++) {
            if (read.get(i).isId()) {
                return read.subList(0, i + 1);
            }
        }
        return read;
    }

    private Order.Key key(String code, boolean descending) {
        if (code.equals("_id")) {
            return Order.Key.ofId(descending);
        }
        if (code.equals("_lastUpdated")) {
            return Order.Key.ofLastUpdated(descending);
        }
        SearchParameter parameter = registry.find(type, code);
        if (parameter == null || !hasOrder(parameter)) {
            throw invalid((parameter == null
                            ? "there is no parameter \"" + Refusal.shown(code) + "\" of " + type
                            : "what " + code + " searches has no order")
                    + "; " + NearestName.hint(code, sortable()));
        }
        searchable.require(parameter);
        parameters.add(parameter);
        return new Order.Key(
                parameter.field(descending ? "max" : "min"),
                kind(parameter),
                descending,
                parameter.sortable() ? null : new Order.Values(code, values(parameter, descending)));
    }

    private static boolean hasOrder(SearchParameter parameter) {
        return switch (parameter.searchType()) {
            case TOKEN, STRING, REFERENCE, URI, DATE, NUMBER, QUANTITY -> true;
            case COMPOSITE, SPECIAL -> false;
        };
    }

    /** The field of what a key is made of where none is stored. */
    private static String values(SearchParameter parameter, boolean descending) {
        return switch (parameter.searchType()) {
            case TOKEN -> parameter.field("value");
            case STRING -> parameter.field("i");
            case REFERENCE -> parameter.field("reference");
            case DATE, NUMBER, QUANTITY -> parameter.field("") + (descending ? ".e" : ".s");
            case URI, COMPOSITE, SPECIAL -> parameter.field("");
        };
    }

    private static Order.Kind kind(SearchParameter parameter) {
        return switch (parameter.searchType()) {
            case DATE, NUMBER, QUANTITY -> Order.Kind.NUMBER;
            case TOKEN, STRING, REFERENCE, URI, COMPOSITE, SPECIAL -> Order.Kind.TEXT;
        };
    }

    private List<String> sortable() {
        return Stream.concat(
                        Stream.of("_id", "_lastUpdated"),
                        registry.of(type).stream()
                                .filter(SortParameter::hasOrder)
                                .map(SearchParameter::code))
                .distinct()
                .toList();
    }

    private static Refusal invalid(String message) {
        return new Refusal(Reason.INVALID, message);
    }
}
