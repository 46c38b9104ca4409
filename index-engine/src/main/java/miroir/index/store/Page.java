package miroir.index.store;

import java.util.List;

/**
 * Resources in order of position.
 *
 * @param more whether at least one match follows the last of these
 */
public record Page(List<ResourceVersion.Live> resources, boolean more) {
    public Page {
        resources = List.copyOf(resources);
    }
}
