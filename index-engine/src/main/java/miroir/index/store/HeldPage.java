package miroir.index.store;

import java.util.List;

/**
 * Some of the resources of a type as they were at an instant, in the order of creation.
 *
 * @param reached all that stood up to this position is there by now
 */
public record HeldPage(List<ResourceVersion.Live> resources, long reached) {
    public HeldPage {
        resources = List.copyOf(resources);
    }
}
