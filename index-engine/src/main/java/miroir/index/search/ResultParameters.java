package miroir.index.search;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import miroir.index.Refusal;

/** Reads the parameters that say how to answer, not what to find. */
final class ResultParameters {
    /** How a search is done, instead of what it finds. */
    private static final String EXPLAIN = "__explain";

    /** All of them; {@code _format} and {@code _pretty} concern every interaction and are read by the server. */
    static final List<String> NAMES =
            List.of("_count", "_total", "_summary", "_elements", "_format", "_pretty", EXPLAIN);

    private final SearchLimits limits;
    private final ShapeParameters shape;
    private final Set<String> seen = new HashSet<>();
    private int count;
    private TotalMode total = TotalMode.UNASKED;
    private boolean explained;

    ResultParameters(SearchLimits limits, ShapeParameters shape) {
        this.limits = limits;
        this.shape = shape;
        this.count = limits.defaultCount();
    }

    int count() {
        return shape.isCount() ? 0 : count;
    }

    boolean explained() {
        return explained;
    }

    TotalMode total() {
        return total;
    }

    /** Whether it is one of these; with a modifier, none is. */
    static boolean has(String name) {
        return NAMES.contains(name);
    }

    /** Reads one of them and returns it as it takes effect; empty where nothing of it does. */
    Optional<QueryParameter> read(QueryParameter given) {
        if (!seen.add(given.name())) {
            throw invalid("it is given twice; allowed is once");
        }
        return switch (given.name()) {
            case "_count" -> Optional.of(new QueryParameter(given.name(), String.valueOf(readCount(given.value()))));
            case "_total" -> Optional.of(readTotal(given));
            case EXPLAIN -> Optional.of(readExplain(given));
            case ShapeParameters.SUMMARY, ShapeParameters.ELEMENTS -> shape.read(given);
            default -> Optional.of(given);
        };
    }

    private int readCount(String value) {
        if (!value.matches("\\d{1,18}")) {
            throw invalid("\"" + Refusal.shown(value)
                    + "\" is not a number of resources; allowed are 0 (only the total) to " + limits.maximumCount());
        }
        count = (int) Math.min(Long.parseLong(value), limits.maximumCount());
        return count;
    }

    private QueryParameter readExplain(QueryParameter given) {
        if (!given.value().equals("true")) {
            throw invalid("\"" + Refusal.shown(given.value()) + "\" is not what it can be; allowed is true");
        }
        explained = true;
        return given;
    }

    private QueryParameter readTotal(QueryParameter given) {
        total = Arrays.stream(TotalMode.values())
                .filter(mode -> mode != TotalMode.UNASKED)
                .filter(mode -> mode.name().toLowerCase(Locale.ROOT).equals(given.value()))
                .findFirst()
                .orElseThrow(() -> invalid("\"" + Refusal.shown(given.value())
                        + "\" is not a way to count; allowed are none, estimate, accurate"));
        return given;
    }

    private static Refusal invalid(String message) {
        return new Refusal(Refusal.Reason.INVALID, message);
    }
}
