package miroir.server.console;

import java.util.List;
import miroir.storage.sync.Rejection;

/**
 * One run: what it did, what it said, and what it could not take.
 *
 * @param rejections as they were when the page was asked for: they can be much
 */
record RunPage(View view, RunDetail detail, List<Rejection> rejections) {
    RunPage {
        rejections = List.copyOf(rejections);
    }

    String name() {
        return detail.run().synchronisation();
    }

    String parent() {
        return "/admin/synchronisations/" + name().replace('/', '.');
    }
}
