package miroir.server.console;

import java.util.List;
import miroir.server.export.KnownExports;

/** All exports that are not over. */
record ExportList(List<ExportRow> rows) {
    ExportList {
        rows = List.copyOf(rows);
    }

    static ExportList of(KnownExports exports) {
        return new ExportList(exports.all().stream().map(ExportRow::new).toList());
    }
}
