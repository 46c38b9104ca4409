package miroir.server.configuration;

import java.time.Duration;
import java.util.List;

/**
 * How data is exported in bulk.
 *
 * @param expiry how long after its instant an export can be fetched; so long are versions kept that it shows
 * @param resources about how many resources a file has
 * @param perConsumer how many exports somebody may have at the same time
 * @param maximum how many all may have together
 */
public record ExportConfiguration(Duration expiry, int resources, int perConsumer, int maximum) {
    /** So many may be allowed. */
    public static final int MOST_EXPORTS = 1_000;

    static final List<String> KEYS = List.of("expiry", "resources", "perConsumer", "maximum");

    private static final int FEWEST_RESOURCES = 100;
    private static final int MOST_RESOURCES = 10_000_000;
    private static final Duration LONGEST_EXPIRY = Duration.ofDays(30);

    static ExportConfiguration read(ConfigurationFile file) {
        Section section = file.section("export", KEYS);
        ExportConfiguration export = new ExportConfiguration(
                section.duration("expiry", "24h"),
                section.integer("resources", 100_000, FEWEST_RESOURCES, MOST_RESOURCES),
                section.integer("perConsumer", 10, 1, MOST_EXPORTS),
                section.integer("maximum", 100, 1, MOST_EXPORTS));
        if (export.expiry.isZero() || export.expiry.compareTo(LONGEST_EXPIRY) > 0) {
            throw section.refuse("export.expiry is " + export.expiry + "; allowed are up to " + LONGEST_EXPIRY);
        }
        return export;
    }
}
