package miroir.simulator.http;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import miroir.simulator.Kind;
import miroir.simulator.fault.FaultRule;

/**
 * {@code SimulatorMain [--size N] [--address A] [--port N] [--seed N] [--pace N] [--key K] [--quota N] [--clock INSTANT]
 * [--forward-to INSTANT] [--faults RULES]}: runs a simulated directory until the process is told to end. It ends with 2 where the options make
 * no sense, with 1 where it cannot start.
 */
public final class SimulatorMain {
    private static final Set<String> OPTIONS = Set.of(
            "--size",
            "--address",
            "--port",
            "--seed",
            "--pace",
            "--key",
            "--quota",
            "--longest-delta",
            "--clock",
            "--forward-to",
            "--faults");
    private static final String DEFAULT_PORT = "8090";
    private static final String REAL_QUOTA = "17";

    private SimulatorMain() {}

    public static void main(String[] arguments) throws InterruptedException {
        if (System.getProperty("logback.configurationFile") == null) {
            System.setProperty("logback.configurationFile", "miroir/simulator/logback.xml");
        }
        try {
            run(options(arguments));
        } catch (IllegalArgumentException | DateTimeException refused) {
            System.err.println("simulate: " + refused.getMessage());
            System.exit(2);
        } catch (IllegalStateException failed) {
            System.err.println("simulate: " + failed.getMessage());
            System.exit(1);
        }
    }

    private static void run(Map<String, String> options) throws InterruptedException {
        List<FaultRule> faults = FaultRule.parseAll(options.getOrDefault("--faults", "")).stream()
                .map(Examples::checked)
                .toList();
        SimulatorSettings settings = settings(options);
        Simulator simulator = Simulator.start(settings);
        simulator.clock().advanceTo(forwardTo(options, settings));
        faults.forEach(simulator.faults()::add);
        Runtime.getRuntime().addShutdownHook(new Thread(simulator::close, "stop"));
        System.out.println(welcome(simulator, settings));
        new CountDownLatch(1).await();
    }

    static SimulatorSettings settings(Map<String, String> options) {
        Instant clock = options.containsKey("--clock") ? Instant.parse(options.get("--clock")) : Instant.now();
        return SimulatorSettings.standard()
                .withSize(whole(options, "--size", "50000"))
                .withAddress(options.getOrDefault("--address", "127.0.0.1"))
                .withPort((int) whole(options, "--port", DEFAULT_PORT))
                .withSeed(whole(options, "--seed", "1"))
                .withPace(decimal(options.getOrDefault("--pace", "1")))
                .withKey(options.get("--key"))
                .withQuota((int) whole(options, "--quota", REAL_QUOTA))
                .withLongestDelta(Duration.ofDays(whole(options, "--longest-delta", "0")))
                .withStart(clock);
    }

    /** Where a clock would be that has run since it began: who has copied this directory before has seen it later than that. */
    static Instant forwardTo(Map<String, String> options, SimulatorSettings settings) {
        String instant = options.get("--forward-to");
        if (instant == null) {
            return settings.start();
        }
        return instant.equals("now") ? Instant.now() : Instant.parse(instant);
    }

    static Map<String, String> options(String... arguments) {
        Map<String, String> options = new LinkedHashMap<>();
        for (int i = 0; i < arguments.length; i += 2) {
            if (!OPTIONS.contains(arguments[i])) {
                throw new IllegalArgumentException("there is no option '" + arguments[i] + "'; there are: "
                        + String.join(" ", OPTIONS.stream().sorted().toList()));
            }
            if (i + 1 == arguments.length) {
                throw new IllegalArgumentException("option " + arguments[i] + " needs a value");
            }
            options.put(arguments[i], arguments[i + 1]);
        }
        return options;
    }

    private static long whole(Map<String, String> options, String name, String otherwise) {
        String value = options.getOrDefault(name, otherwise);
        try {
            return Long.parseLong(value);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("option " + name + " must be a whole number; got '" + value + "'");
        }
    }

    private static double decimal(String value) {
        try {
            return Double.parseDouble(value);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("option --pace must be a number; got '" + value + "'");
        }
    }

    private static String welcome(Simulator simulator, SimulatorSettings settings) {
        String key = settings.key() == null ? "" : " -H 'ESANTE-API-KEY: " + settings.key() + "'";
        return """

                A simulated health directory; no person in it is real.
                  API        %s   (%,d practitioners, %s calls a second)
                  Clock      %s
                  Controls   %s

                Try:
                  curl%s '%s/Practitioner?family=martin&_count=3'
                Ctrl-C stops it.""".formatted(
                        simulator.base(),
                        simulator.count(Kind.PRACTITIONER),
                        settings.quota() == 0 ? "any number of" : String.valueOf(settings.quota()),
                        simulator.clock().now(),
                        simulator.controls(),
                        key,
                        simulator.base());
    }
}
