package miroir.server.configuration;

import java.time.Duration;
import java.util.List;
import miroir.index.yaml.YamlNode;
import org.jspecify.annotations.Nullable;

/**
 * What is noted of who did what. What administrators do and who is refused is noted in any case.
 *
 * @param writes whether writes of resources are
 * @param retention how long notes are kept; null: for ever
 */
public record AuditConfiguration(
        boolean writes, Reads reads, @Nullable Duration retention) {
    static final List<String> KEYS = List.of("writes", "reads", "retention");

    private static final Duration SHORTEST = Duration.ofSeconds(1);

    /** MongoDB takes no more seconds. */
    private static final Duration LONGEST = Duration.ofSeconds(Integer.MAX_VALUE);

    /** Whose reads are noted, with what they searched for. */
    public enum Reads {
        NONE,
        /** Those with a token. */
        CONSUMERS,
        ALL
    }

    static AuditConfiguration read(ConfigurationFile file) {
        Section section = file.section("audit", KEYS);
        AuditConfiguration audit = new AuditConfiguration(
                section.bool("writes", true),
                section.choice("reads", Reads.NONE),
                section.unless("retention", "forever", YamlNode::duration, "400d")
                        .orElse(null));
        Duration kept = audit.retention();
        if (kept != null && (kept.compareTo(SHORTEST) < 0 || kept.compareTo(LONGEST) > 0)) {
            throw file.refuse(
                    "audit.retention is " + kept + "; allowed are 1s to " + LONGEST.toDays() + "d, and forever");
        }
        return audit;
    }
}
