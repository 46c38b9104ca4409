package miroir.server.alerts;

import java.time.Instant;
import java.util.List;

/**
 * What somebody is told at once.
 *
 * @param server where its console is
 * @param begun what is new
 * @param lasting what was told before, and is still so
 * @param over what was told before, and is no longer so
 */
record Announcement(String server, Instant at, List<Standing> begun, List<Standing> lasting, List<Standing> over) {
    Announcement {
        begun = List.copyOf(begun);
        lasting = List.copyOf(lasting);
        over = List.copyOf(over);
    }

    boolean isEmpty() {
        return begun.isEmpty() && lasting.isEmpty() && over.isEmpty();
    }
}
