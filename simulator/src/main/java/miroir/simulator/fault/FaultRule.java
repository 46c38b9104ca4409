package miroir.simulator.fault;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * When a fault happens. As text: the fault, then what narrows it, as in {@code cut:rate=0.01} or
 * {@code link-too-old:type=Practitioner,page=5}.
 *
 * @param rate of the requests that fit; 1 where nothing is said
 * @param request the how-manieth of the requests that fit, from when the rule was added; 0 for any
 * @param page the how-manieth page of a search; 0 for any
 * @param type only for this type; empty for any
 * @param times how often at most; 0 for no end
 * @param seconds how late an answer comes, or for how long the client shall wait; 0 for nothing said
 * @param file the example that is answered
 */
public record FaultRule(
        Fault fault, double rate, int request, int page, String type, int times, int seconds, String file) {
    private static final Set<String> KNOWN = Set.of("rate", "request", "page", "type", "times", "seconds", "file");

    public FaultRule {
        if (!(rate >= 0 && rate <= 1)) {
            throw new IllegalArgumentException("rate=" + rate + " cannot be; allowed is 0 to 1");
        }
        if (fault == Fault.EXAMPLE && file.isEmpty()) {
            throw new IllegalArgumentException("example needs file=NAME");
        }
    }

    /** That fault for so many of all requests, for ever. */
    public static FaultRule atRate(Fault fault, double rate) {
        return new FaultRule(fault, rate, 0, 0, "", 0, 0, "");
    }

    /** That fault once, with the next request on which it can happen. */
    public static FaultRule once(Fault fault) {
        return new FaultRule(fault, 1, 0, 0, "", 1, 0, "");
    }

    public FaultRule onPage(int of) {
        return new FaultRule(fault, rate, request, of, type, times, seconds, file);
    }

    public FaultRule onRequest(int of) {
        return new FaultRule(fault, rate, of, page, type, times, seconds, file);
    }

    public FaultRule ofType(String of) {
        return new FaultRule(fault, rate, request, page, of, times, seconds, file);
    }

    public FaultRule times(int of) {
        return new FaultRule(fault, rate, request, page, type, of, seconds, file);
    }

    public FaultRule seconds(int of) {
        return new FaultRule(fault, rate, request, page, type, times, of, file);
    }

    /** The example that {@link Fault#EXAMPLE} answers. */
    public static FaultRule example(String file) {
        return new FaultRule(Fault.EXAMPLE, 1, 0, 0, "", 1, 0, file);
    }

    /** A rule from its text; without a rate it holds once. */
    public static FaultRule parse(String text) {
        int colon = text.indexOf(':');
        Fault fault = Fault.parse(colon < 0 ? text : text.substring(0, colon));
        Map<String, String> options = options(colon < 0 ? "" : text.substring(colon + 1));
        boolean byRate = options.containsKey("rate");
        return new FaultRule(
                fault,
                decimal(options, "rate", 1),
                whole(options, "request", 0),
                whole(options, "page", 0),
                options.getOrDefault("type", ""),
                whole(options, "times", byRate ? 0 : 1),
                whole(options, "seconds", 0),
                options.getOrDefault("file", ""));
    }

    /** Rules with semicolons between. */
    public static List<FaultRule> parseAll(String text) {
        return Stream.of(text.split(";", -1))
                .filter(rule -> !rule.isBlank())
                .map(rule -> parse(rule.strip()))
                .toList();
    }

    private static Map<String, String> options(String text) {
        Map<String, String> options = new LinkedHashMap<>();
        for (String option : text.split(",", -1)) {
            int equals = option.indexOf('=');
            if (option.isEmpty()) {
                continue;
            }
            if (equals < 0 || !KNOWN.contains(option.substring(0, equals))) {
                throw new IllegalArgumentException("a fault has no option '" + option
                        + "'; allowed are rate= request= page= type= times= seconds= file=");
            }
            options.put(option.substring(0, equals), option.substring(equals + 1));
        }
        return options;
    }

    private static int whole(Map<String, String> options, String name, int otherwise) {
        return (int) decimal(options, name, otherwise);
    }

    private static double decimal(Map<String, String> options, String name, double otherwise) {
        String value = options.getOrDefault(name, "");
        try {
            return value.isEmpty() ? otherwise : Double.parseDouble(value);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(name + "=" + value + " is no number");
        }
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(fault.text()).append(":times=").append(times);
        append(text, "rate", rate == 1 ? "" : String.valueOf(rate));
        append(text, "request", request == 0 ? "" : String.valueOf(request));
        append(text, "page", page == 0 ? "" : String.valueOf(page));
        append(text, "type", type);
        append(text, "seconds", seconds == 0 ? "" : String.valueOf(seconds));
        append(text, "file", file);
        return text.toString();
    }

    private static void append(StringBuilder text, String name, String value) {
        if (!value.isEmpty()) {
            text.append(',').append(name).append('=').append(value);
        }
    }
}
