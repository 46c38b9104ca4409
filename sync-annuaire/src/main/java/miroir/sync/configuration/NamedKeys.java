package miroir.sync.configuration;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.function.Function;
import miroir.index.yaml.ConfigurationRefused;
import miroir.storage.sync.SourceDefinition;
import miroir.sync.upstream.SourceKey;
import org.jspecify.annotations.Nullable;

/**
 * The keys that sources may name which people define in the console: files of one folder, and environment variables of one prefix. Whoever
 * runs the daemon says which there are; whoever administers can have them sent where he likes, and never sees them.
 */
public final class NamedKeys {
    private static final String VARIABLE = "MIROIR_SOURCE_KEY_";

    private final @Nullable Path folder;
    private final Function<String, @Nullable String> environment;

    public NamedKeys(@Nullable Path folder, Function<String, @Nullable String> environment) {
        this.folder = folder;
        this.environment = environment;
    }

    /** Where there are none. */
    public static NamedKeys none() {
        return new NamedKeys(null, name -> null);
    }

    /** What opens a source. */
    public SourceKey of(SourceDefinition source) {
        String name = source.key();
        if (name.isEmpty()) {
            return new SourceKey(source.header(), "");
        }
        if (!SourceDefinition.isName(name)) {
            throw new ConfigurationRefused(source.name(), "no key can be called \"" + name + "\"");
        }
        if (source.isKeyInClear()) {
            throw new ConfigurationRefused(source.name(), SourceDefinition.IN_CLEAR);
        }
        String variable = VARIABLE + name.toUpperCase(Locale.ROOT).replace('-', '_');
        String value = environment.apply(variable);
        try {
            return value == null || value.isBlank()
                    ? new SourceKey(source.header(), inFile(source.name(), name, variable), "a file")
                    : new SourceKey(source.header(), value.strip(), variable);
        } catch (IllegalArgumentException e) {
            throw new ConfigurationRefused(source.name(), "its key " + name + ": " + e.getMessage());
        }
    }

    private String inFile(String source, String name, String variable) {
        Path file = folder == null ? null : folder.resolve(name);
        if (file == null || !Files.isReadable(file)) {
            throw new ConfigurationRefused(
                    source,
                    "the daemon has no key \"" + name + "\": it is in the environment variable " + variable
                            + ", or in a file of that name in the folder that daemon.keys names");
        }
        try {
            String key = Files.readString(file).strip();
            if (key.isEmpty()) {
                throw new ConfigurationRefused(source, "the file of the key \"" + name + "\" is empty");
            }
            return key;
        } catch (IOException e) {
            throw new ConfigurationRefused(source, "the key \"" + name + "\" cannot be read as text");
        }
    }
}
