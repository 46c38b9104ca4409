package miroir.simulator.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import miroir.simulator.fault.FaultRule;

/** Payloads of the real directory, of its documentation, and made up after them; each can be answered as it is. */
final class Examples {
    private static final Pattern STATUS = Pattern.compile("-http(\\d{3})\\.json$");
    private static final int FOUND = 200;

    /** One payload and the status that goes with it. */
    record Example(int status, String text) {}

    private Examples() {}

    static List<String> names() {
        return read("index.txt").lines().toList();
    }

    static Example find(String name) {
        if (!names().contains(name)) {
            throw new IllegalArgumentException(
                    "there is no example '" + name + "'; GET /simulator/examples lists them");
        }
        Matcher status = STATUS.matcher(name);
        return new Example(status.find() ? Integer.parseInt(status.group(1)) : FOUND, read(name));
    }

    /** Refuses a rule whose example is not there. */
    static FaultRule checked(FaultRule rule) {
        if (!rule.file().isEmpty()) {
            find(rule.file());
        }
        return rule;
    }

    private static String read(String name) {
        try (InputStream in = Examples.class.getResourceAsStream("/miroir/simulator/examples/" + name)) {
            if (in == null) {
                throw new IllegalStateException("the resource " + name + " is missing");
            }
            return new String(in.readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
