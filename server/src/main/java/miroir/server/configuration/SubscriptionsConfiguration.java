package miroir.server.configuration;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * How applications are told of changes.
 *
 * @param validation who has to agree to a subscription before anything is delivered
 * @param trustedHosts to which subscriptions are active at once
 * @param allowedTargets hosts, addresses and networks that may be delivered to although nobody outside could reach them
 * @param maximum how many subscriptions may be active at the same time
 * @param timeout how long a receiver may take to answer
 * @param longestPause between two attempts to deliver something
 * @param giveUpAfter how long something may not be delivered before its subscription ends in error
 * @param parallel how many resources of one subscription are delivered at the same time
 * @param poll how often it is looked for changes where nothing says that there are some
 * @param streams how many may follow the history as events at the same time
 */
public record SubscriptionsConfiguration(
        Validation validation,
        Set<String> trustedHosts,
        List<String> allowedTargets,
        int maximum,
        Duration timeout,
        Duration longestPause,
        Duration giveUpAfter,
        int parallel,
        Duration poll,
        int streams) {
    static final List<String> KEYS = List.of(
            "validation",
            "trustedHosts",
            "allowedTargets",
            "maximum",
            "timeout",
            "longestPause",
            "giveUpAfter",
            "parallel",
            "poll",
            "streams");

    /** What a subscription needs that is sent from then on; those that are there already keep what was agreed to. */
    private static final List<String> CHANGEABLE = List.of("validation", "trustedHosts");

    private static final Pattern HOST = Pattern.compile("[a-z0-9]([a-z0-9.-]{0,252})|\\[[0-9a-f:.]{2,45}]");
    private static final int MOST_ACTIVE = 200;
    private static final int MOST_PARALLEL = 32;
    private static final int MOST_STREAMS = 1_000;
    private static final Duration LONGEST_TIMEOUT = Duration.ofMinutes(1);

    /** Who has to agree. */
    public enum Validation {
        /** An administrator; what administrators subscribe to themselves needs nobody. */
        MANUAL,
        /** Nobody: whoever may create subscriptions may have them. */
        AUTOMATIC
    }

    public SubscriptionsConfiguration {
        trustedHosts = Set.copyOf(trustedHosts);
        allowedTargets = List.copyOf(allowedTargets);
    }

    static SubscriptionsConfiguration read(ConfigurationFile file) {
        Section section = file.section("subscriptions", KEYS, CHANGEABLE);
        SubscriptionsConfiguration read = new SubscriptionsConfiguration(
                section.choice("validation", Validation.MANUAL),
                Set.copyOf(section.allParsed(
                        "trustedHosts",
                        SubscriptionsConfiguration::host,
                        "the name of a host, such as app.example.org")),
                section.texts("allowedTargets").stream()
                        .map(host -> host.toLowerCase(Locale.ROOT))
                        .toList(),
                section.integer("maximum", 50, 1, MOST_ACTIVE),
                section.duration("timeout", "10s"),
                section.duration("longestPause", "5m"),
                section.duration("giveUpAfter", "3d"),
                section.integer("parallel", 8, 1, MOST_PARALLEL),
                section.duration("poll", "1s"),
                section.integer("streams", 20, 0, MOST_STREAMS));
        if (read.timeout.isZero() || read.timeout.compareTo(LONGEST_TIMEOUT) > 0) {
            throw section.refuse("subscriptions.timeout is " + read.timeout + "; allowed are up to " + LONGEST_TIMEOUT);
        }
        if (read.poll.toMillis() < 1) {
            throw section.refuse("subscriptions.poll is " + read.poll + "; allowed are 1ms and more");
        }
        return read;
    }

    private static String host(String text) {
        String host = text.toLowerCase(Locale.ROOT);
        if (!HOST.matcher(host).matches()) {
            throw new IllegalArgumentException(host);
        }
        return host;
    }
}
