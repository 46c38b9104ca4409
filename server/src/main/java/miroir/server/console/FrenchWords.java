package miroir.server.console;

import java.util.Properties;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * French words for what has English ones by FHIR's definition: for {@code Type.name}, or for a name wherever that says enough. Each kind is a file of properties beside
 * this class.
 */
enum FrenchWords {
    ACTS("acts_fr.properties"),
    ELEMENTS("elements_fr.properties"),
    PARAMETERS("parameters_fr.properties"),
    SETTINGS("settings_fr.properties");

    @SuppressWarnings("ImmutableEnumChecker") // read once, and changed by nobody
    private final Properties words;

    FrenchWords(String file) {
        this.words = Messages.read(file);
    }

    /** For something of a type; null: there are none. */
    @Nullable
    String find(String type, String name) {
        String own = words.getProperty(type + "." + name);
        return own == null ? words.getProperty(name) : own;
    }

    /** For something that is of no type; null: there are none. */
    @Nullable
    String find(String name) {
        return words.getProperty(name);
    }

    Set<String> keys() {
        return words.stringPropertyNames();
    }
}
