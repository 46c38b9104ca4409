package miroir.server.console;

import java.util.List;

/**
 * All sources.
 *
 * @param pending what is asked for and not there yet
 */
record SourceList(List<SourceRow> rows, List<String> pending) {
    SourceList {
        rows = List.copyOf(rows);
        pending = List.copyOf(pending);
    }
}
