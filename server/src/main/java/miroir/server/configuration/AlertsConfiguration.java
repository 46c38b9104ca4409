package miroir.server.configuration;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import miroir.index.yaml.YamlNode;
import org.jspecify.annotations.Nullable;

/**
 * Who is told when something is wrong.
 *
 * @param url to which problems are posted; null: none are
 * @param key with which that is signed; null: it is not
 * @param letters how they are sent as e-mail; null: they are not
 * @param repeated after how long somebody is told again of what lasts; null: never
 * @param thresholds from which on it is wrong
 */
public record AlertsConfiguration(
        @Nullable URI url,
        @Nullable String key,
        @Nullable MailConfiguration letters,
        @Nullable Duration repeated,
        Thresholds thresholds) {
    static final List<String> KEYS =
            List.of("webhook", "secret", "mail", "repeat", "errorPercent", "latency", "diskFreePercent");

    private static final String OFF = "off";
    private static final int NEARLY_ALL_REQUESTS = 99;

    /** A disk is well again where a fifth more is free, which has to be less than all of it. */
    private static final int MOST_FREE = 80;

    /** Longer ones are not told apart by what a server remembers of them. */
    private static final Duration LONGEST_LATENCY = Duration.ofMinutes(2);

    private static final Duration SHORTEST = Duration.ofMinutes(5);

    /**
     * What is too much, or too little.
     *
     * @param errorPercent how many of a hundred requests may fail; null: any
     * @param latency how long 95 of a hundred requests may take at most; null: as long as they like
     * @param diskFreePercent how many hundredths of a disk have to be free; null: none
     */
    public record Thresholds(
            @Nullable Integer errorPercent,
            @Nullable Duration latency,
            @Nullable Integer diskFreePercent) {
        /** The same for who has nothing to do with disks. */
        public Thresholds withoutDisks() {
            return new Thresholds(errorPercent, latency, null);
        }
    }

    static AlertsConfiguration read(ConfigurationFile file) {
        Section section = file.section("alerts", KEYS);
        AlertsConfiguration alerts = new AlertsConfiguration(
                section.secret("webhook")
                        .map(text -> section.address(
                                "webhook",
                                text,
                                Set.of("http", "https"),
                                uri -> true,
                                "a URL such as https://chat.example.org/hooks/1"))
                        .orElse(null),
                section.secret("secret").orElse(null),
                MailConfiguration.read(section.section("mail", MailConfiguration.KEYS)),
                section.unless("repeat", "never", YamlNode::duration, "24h").orElse(null),
                new Thresholds(
                        percent(section, "errorPercent", NEARLY_ALL_REQUESTS, "5"),
                        section.unless("latency", OFF, YamlNode::duration, "5s").orElse(null),
                        percent(section, "diskFreePercent", MOST_FREE, "10")));
        Duration repeated = alerts.repeated();
        if (repeated != null && repeated.compareTo(SHORTEST) < 0) {
            throw section.refuse("alerts.repeat is " + repeated + "; allowed are " + SHORTEST + " and more, and never");
        }
        Duration latency = alerts.thresholds().latency();
        if (latency != null && (latency.toMillis() < 1 || latency.compareTo(LONGEST_LATENCY) > 0)) {
            throw section.refuse(
                    "alerts.latency is " + latency + "; allowed are 1ms to " + LONGEST_LATENCY + ", and off");
        }
        return alerts;
    }

    private static @Nullable Integer percent(Section section, String key, int most, String otherwise) {
        return section.unless(key, OFF, node -> node.integer(1, most), otherwise)
                .orElse(null);
    }

    public Optional<URI> webhook() {
        return Optional.ofNullable(url);
    }

    public Optional<String> secret() {
        return Optional.ofNullable(key);
    }

    public Optional<MailConfiguration> mail() {
        return Optional.ofNullable(letters);
    }

    /** Says neither where to, which may be a secret in itself, nor with which key. */
    @Override
    public String toString() {
        return "AlertsConfiguration[" + (url == null ? "no webhook" : "a webhook") + ", " + letters + ", " + repeated
                + ", " + thresholds + "]";
    }
}
