package miroir.server.console;

import java.util.List;

/** All sources. */
record SourceList(List<SourceRow> rows) {
    SourceList {
        rows = List.copyOf(rows);
    }
}
