package miroir.index.registry;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The files of {@code conf/search} as they are shipped, for a server that has no folder of its own. */
public final class ShippedSearch {
    /** In the order in which they are read; a test holds this list against the folder. */
    static final List<String> NAMES =
            List.of("device.yaml", "directory.yaml", "indexes.yaml", "organization.yaml", "practitioner.yaml");

    private ShippedSearch() {}

    /** All of them. */
    public static List<ConfigurationText> files() {
        return NAMES.stream().map(ShippedSearch::file).toList();
    }

    private static ConfigurationText file(String name) {
        String resource = "/miroir/conf/search/" + name;
        try (InputStream in = ShippedSearch.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException("not on the class path: " + resource);
            }
            return new ConfigurationText("conf/search/" + name, new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
