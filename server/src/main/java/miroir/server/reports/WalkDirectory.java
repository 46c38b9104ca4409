package miroir.server.reports;

import java.util.List;
import java.util.function.Consumer;
import miroir.index.store.ResourceVersion;
import miroir.server.directory.DirectoryResource;

/**
 * Goes through all resources of a type, some hundred at a time, in the order in which they were made: what is made meanwhile comes last, what goes meanwhile
 * does not come.
 */
final class WalkDirectory {
    private final Elsewhere elsewhere;

    WalkDirectory(Elsewhere elsewhere) {
        this.elsewhere = elsewhere;
    }

    void run(String type, Consumer<Batch> visit) {
        long after = 0;
        boolean more = true;
        while (more) {
            List<ResourceVersion.Live> read = elsewhere.page(type, after).resources();
            more = !read.isEmpty();
            if (more) {
                after = read.get(read.size() - 1).position();
                visit.accept(
                        new Batch(type, read.stream().map(DirectoryResource::of).toList(), elsewhere));
            }
        }
    }
}
