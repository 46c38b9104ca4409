package miroir.index.search;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import miroir.index.NearestName;
import miroir.index.Refusal;
import miroir.index.json.Shape;
import org.jspecify.annotations.Nullable;

/** Reads {@code _summary} and {@code _elements}: which parts of the resources are answered. */
public final class ShapeParameters {
    /** Both of them. */
    public static final List<String> NAMES = List.of("_summary", "_elements");

    static final String SUMMARY = "_summary";
    static final String ELEMENTS = "_elements";

    /** No element of FHIR has a longer name, and guessing what a long text may mean is costly. */
    private static final int LONGEST_NAME = 64;

    private final String type;
    private final Handling handling;
    private final List<String> ignored = new ArrayList<>();
    private @Nullable QueryParameter before;
    private Shape shape = Shape.whole();
    private boolean count;

    ShapeParameters(String type, Handling handling) {
        this.type = type;
        this.handling = handling;
    }

    /**
     * What a query asks for that finds nothing by itself: a read or a history.
     *
     * @param type whose elements can be named; an empty string where several types are answered
     */
    public static Shape of(String type, List<QueryParameter> query) {
        ShapeParameters parameters = new ShapeParameters(type, Handling.STRICT);
        applied(parameters, query);
        if (parameters.isCount()) {
            throw invalid("_summary=count is for searches; allowed here are true, text, data, false");
        }
        return parameters.shape();
    }

    /** The same as they take effect, which is never longer than the names of all elements of the type. */
    public static List<QueryParameter> applied(String type, List<QueryParameter> query) {
        return applied(new ShapeParameters(type, Handling.STRICT), query);
    }

    private static List<QueryParameter> applied(ShapeParameters parameters, List<QueryParameter> query) {
        return query.stream()
                .filter(given -> NAMES.contains(given.name()))
                .flatMap(given -> parameters.read(given).stream())
                .toList();
    }

    Shape shape() {
        return shape;
    }

    /** Whether nothing is asked for but the number of matches. */
    boolean isCount() {
        return count;
    }

    /** What a lenient client's elements have among them that are none. */
    List<String> ignored() {
        return ignored;
    }

    /** Reads one of the two and returns it as it takes effect; empty where it names nothing that is there. */
    Optional<QueryParameter> read(QueryParameter given) {
        if (before != null) {
            throw invalid(
                    given.name().equals(before.name())
                            ? given.name() + " is given twice; allowed is once"
                            : "_summary and _elements cannot be combined; allowed is one of them");
        }
        before = given;
        return given.name().equals(SUMMARY) ? Optional.of(readSummary(given)) : readElements(given);
    }

    private QueryParameter readSummary(QueryParameter given) {
        shape = switch (given.value()) {
            case "true" -> Shape.summary();
            case "text" -> Shape.text();
            case "data" -> Shape.data();
            case "false", "count" -> Shape.whole();
            default ->
                throw invalid("\"" + Refusal.shown(given.value())
                        + "\" is not a summary; allowed for _summary are true, text, data, count, false");
        };
        count = given.value().equals("count");
        return given;
    }

    private Optional<QueryParameter> readElements(QueryParameter given) {
        if (type.isEmpty()) {
            throw invalid("_elements is for the elements of one type, and the URL names none");
        }
        Set<String> asked = Arrays.stream(given.value().split(",", -1))
                .map(String::strip)
                .filter(this::isKnown)
                .map(this::bare)
                .collect(Collectors.toCollection(LinkedHashSet::new));
        if (asked.isEmpty()) {
            return Optional.empty();
        }
        shape = Shape.elements(asked);
        return Optional.of(new QueryParameter(given.name(), String.join(",", asked)));
    }

    private boolean isKnown(String element) {
        String name = bare(element);
        if (Shape.elementsOf(type).contains(name)) {
            return true;
        }
        String refused = refusal(element, name);
        if (handling == Handling.STRICT) {
            throw invalid(refused);
        }
        ignored.add(refused);
        return false;
    }

    /** The name of an element that may have its type before it ({@code Patient.name}) or the sign of a choice behind it. */
    private String bare(String element) {
        String name = element.startsWith(type + ".") ? element.substring(type.length() + 1) : element;
        return name.endsWith("[x]") ? name.substring(0, name.length() - 3) : name;
    }

    private String refusal(String element, String name) {
        String root = name.substring(0, Math.max(0, name.indexOf('.')));
        if (Shape.elementsOf(type).contains(root)) {
            return "\"" + Refusal.shown(element)
                    + "\" is inside of an element; allowed in _elements are those of the root: " + root;
        }
        return "\"" + Refusal.shown(element) + "\" is not an element of " + type + "; "
                + (name.length() > LONGEST_NAME
                        ? "allowed in _elements are " + String.join(", ", Shape.elementsOf(type))
                        : NearestName.hint(name, Shape.elementsOf(type)));
    }

    private static Refusal invalid(String message) {
        return new Refusal(Refusal.Reason.INVALID, message);
    }
}
