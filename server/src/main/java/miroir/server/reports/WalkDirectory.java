package miroir.server.reports;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import miroir.index.search.Condition;
import miroir.index.store.ResourceVersion;

/**
 * Goes through all resources of a type, some hundred at a time, in the order in which they were made: what is made meanwhile comes last, what goes meanwhile
 * does not come.
 */
final class WalkDirectory {
    private final Elsewhere elsewhere;

    WalkDirectory(Elsewhere elsewhere) {
        this.elsewhere = elsewhere;
    }

    /** What is done with each batch. */
    interface Visit {
        void batch(Batch batch) throws IOException;
    }

    void run(String type, Visit visit) throws IOException {
        long after = 0;
        boolean more = true;
        while (more) {
            List<ResourceVersion.Live> read = new ArrayList<>();
            more = elsewhere.page(type, Condition.all(), after, read) && !read.isEmpty();
            if (!read.isEmpty()) {
                after = read.get(read.size() - 1).position();
                visit.batch(
                        new Batch(type, read.stream().map(DirectoryResource::of).toList(), elsewhere));
            }
        }
    }
}
