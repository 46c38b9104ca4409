package miroir.server.reports;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import miroir.index.Refusal;
import miroir.index.search.QueryParameter;
import miroir.server.pages.Language;
import miroir.server.pipeline.Exchange;
import org.jspecify.annotations.Nullable;

/** The parameters of a report, each given once; others are refused by name. */
record Given(Map<String, String> values) {
    private static final int LONGEST = 200;

    Given {
        values = Map.copyOf(values);
    }

    static Given of(Exchange exchange, List<String> allowed) {
        Map<String, String> values = new LinkedHashMap<>();
        for (QueryParameter parameter : exchange.query()) {
            String name = parameter.name();
            if (!allowed.contains(name) && !name.equals(Language.PARAMETER)) {
                throw invalid("the parameter \"" + Refusal.shown(name) + "\" means nothing here; allowed: "
                        + String.join(", ", allowed) + ", " + Language.PARAMETER);
            }
            if (parameter.value().length() > LONGEST) {
                throw invalid(name + "=" + Refusal.shown(parameter.value()) + " is too long; allowed are " + LONGEST
                        + " characters");
            }
            if (values.putIfAbsent(name, parameter.value()) != null) {
                throw invalid(name + " is given twice; allowed is once");
            }
        }
        // A form sends what was left empty.
        values.values().removeIf(String::isBlank);
        return new Given(values);
    }

    static Refusal invalid(String message) {
        return new Refusal(Refusal.Reason.INVALID, message);
    }

    @Nullable
    String get(String name) {
        return values.get(name);
    }

    /** Some of these, between commas; all where none are named. */
    Set<String> some(String name, Set<String> allowed) {
        String given = get(name);
        if (given == null) {
            return new TreeSet<>(allowed);
        }
        Set<String> some = new TreeSet<>();
        for (String each : given.split(",", -1)) {
            if (!allowed.contains(each)) {
                throw invalid(
                        name + "=" + Refusal.shown(each) + " is not known; allowed are, with commas between them: "
                                + String.join(", ", new TreeSet<>(allowed)));
            }
            some.add(each);
        }
        return some;
    }

    /** A number within bounds. */
    int number(String name, int otherwise, int least, int most) {
        String given = get(name);
        if (given == null) {
            return otherwise;
        }
        if (!given.matches("[0-9]{1,9}") || Integer.parseInt(given) < least || Integer.parseInt(given) > most) {
            throw invalid(name + "=" + Refusal.shown(given) + " is not allowed; allowed are " + least + " to " + most);
        }
        return Integer.parseInt(given);
    }

    /** Read by something that refuses what it does not understand, with the parameter's name before what it says. */
    <T> @Nullable T read(String name, Function<String, T> reader) {
        String given = get(name);
        if (given == null) {
            return null;
        }
        try {
            return reader.apply(given);
        } catch (Refusal refused) {
            throw invalid(name + ": " + refused.getMessage());
        }
    }
}
