package miroir.server.reports;

import java.util.List;
import java.util.stream.Stream;
import miroir.server.directory.DirectoryResource;

/** Some resources of one type, with what there is elsewhere. */
record Batch(String type, List<DirectoryResource> resources, Elsewhere elsewhere) {
    Batch {
        resources = List.copyOf(resources);
    }

    /** Those that nothing says are over. */
    Stream<DirectoryResource> active() {
        return resources.stream().filter(DirectoryResource::isActive);
    }
}
