package miroir.server.console;

import java.util.List;
import miroir.server.export.KnownExports;

/**
 * Exports that are not over.
 *
 * @param more whether there are more than these
 */
record ExportList(List<ExportRow> rows, boolean more) {
    ExportList {
        rows = List.copyOf(rows);
    }

    static ExportList of(KnownExports exports) {
        KnownExports.Listed listed = exports.all();
        return new ExportList(listed.exports().stream().map(ExportRow::new).toList(), listed.more());
    }
}
