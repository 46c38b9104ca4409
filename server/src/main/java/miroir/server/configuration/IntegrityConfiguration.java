package miroir.server.configuration;

import java.util.List;

/**
 * Which references have to be to something that is there.
 *
 * @param onWrite those of what is written
 * @param onDelete those to what is deleted
 */
public record IntegrityConfiguration(Check onWrite, Check onDelete) {
    static final List<String> KEYS = List.of("onWrite", "onDelete");

    /** What comes of one that is not. */
    public enum Check {
        /** Nothing: it is not looked at. */
        OFF,
        /** What would leave it is refused. */
        REFUSE
    }

    static IntegrityConfiguration read(ConfigurationFile file) {
        Section section = file.section("integrity", KEYS);
        return new IntegrityConfiguration(section.choice("onWrite", Check.OFF), section.choice("onDelete", Check.OFF));
    }

    /** Whether all references have to be, at any time. */
    public boolean isWhole() {
        return onWrite == Check.REFUSE && onDelete == Check.REFUSE;
    }
}
