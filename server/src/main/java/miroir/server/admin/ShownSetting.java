package miroir.server.admin;

import java.util.Optional;
import miroir.server.access.EditSettings.Chosen;
import miroir.server.configuration.KeyMeanings;
import miroir.server.configuration.Setting;
import org.jspecify.annotations.Nullable;

/**
 * A setting as it is at present, and where that comes from.
 *
 * @param ofFile what it is where nothing is set in the console
 * @param set what is set there; null: nothing
 * @param whyNot why that does not count; empty: it does
 */
public record ShownSetting(
        Setting present, Setting ofFile, @Nullable Chosen set, String whyNot) {

    /** What was set in the console, whether it counts or not. */
    public Optional<Chosen> chosen() {
        return Optional.ofNullable(set);
    }

    /** Its version, for who changes it; 0: nothing is set. */
    public long version() {
        return set == null ? 0 : set.version();
    }

    /** What the key means. */
    public String meaning() {
        return KeyMeanings.of(present.key());
    }
}
