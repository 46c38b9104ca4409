package miroir.server.configuration;

import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import miroir.index.yaml.ConfigurationRefused;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A configuration as it is now: what its file says, and what was set in the console instead, which may be another at any moment. Whoever needs
 * several values that belong together takes them once.
 */
public final class PresentConfiguration implements Supplier<ServerConfiguration> {
    private static final Logger LOG = LoggerFactory.getLogger(PresentConfiguration.class);

    private final ServerConfiguration ofFile;
    private volatile Present present;

    /**
     * What it is.
     *
     * @param set all that was set, by key
     * @param refused what of it does not count, and why not
     */
    private record Present(ServerConfiguration configuration, Map<String, String> set, Map<String, String> refused) {
        Present {
            set = Map.copyOf(set);
            refused = Map.copyOf(refused);
        }
    }

    /** As the file has it. */
    public PresentConfiguration(ServerConfiguration ofFile) {
        this.ofFile = ofFile;
        this.present = new Present(ofFile, Map.of(), Map.of());
    }

    @Override
    public ServerConfiguration get() {
        return present.configuration();
    }

    /** What it is where nothing is set in the console. */
    public ServerConfiguration ofFile() {
        return ofFile;
    }

    /** Why a value that was set does not count; an empty text where it does, or where there is none. */
    public String whyNot(String key) {
        return present.refused().getOrDefault(key, "");
    }

    /** What it would be with these values, by key; refused where that cannot be. */
    public ServerConfiguration with(Map<String, String> values) {
        return values.isEmpty()
                ? ofFile
                : ofFile.file().with(new TreeMap<>(values)).read();
    }

    /** From now on these values count, by key, and no others. */
    public synchronized void set(Map<String, String> values) {
        if (!values.equals(present.set())) {
            present = read(new TreeMap<>(values));
        }
    }

    /**
     * They were possible when they were set; the file may say something else by now, and two who set something at the same moment may not fit together.
     * Then each counts that can, in the order of their keys, so that all servers come to the same.
     */
    private Present read(Map<String, String> values) {
        try {
            return new Present(with(values), values, Map.of());
        } catch (ConfigurationRefused together) {
            Map<String, String> possible = new TreeMap<>();
            Map<String, String> refused = new TreeMap<>();
            values.forEach((key, value) -> {
                possible.put(key, value);
                try {
                    with(possible);
                } catch (ConfigurationRefused not) {
                    possible.remove(key);
                    refused.put(key, sentence(not));
                    LOG.warn("what was set in the console does not count: {}", sentence(not));
                }
            });
            return new Present(with(possible), values, refused);
        }
    }

    /** What is wrong, without saying in which file. */
    public static String sentence(ConfigurationRefused refused) {
        return refused.path().isEmpty() ? refused.reason() : refused.path() + ": " + refused.reason();
    }
}
