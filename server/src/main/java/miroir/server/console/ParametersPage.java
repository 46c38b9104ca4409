package miroir.server.console;

import java.util.List;

/** The search parameters of a type. */
record ParametersPage(View view, String type, List<ParameterRow> rows) {
    /** As many as a page shows at once, and a few more than it needs to show that there are others. */
    static final String SHORT = "&_count=5";

    ParametersPage {
        rows = List.copyOf(rows);
    }

    String title() {
        String label = ListTypes.label(view, type);
        return view.say("param.titleOf", label == null ? type : label);
    }

    /** Where the example of a row is answered. */
    String path(ParameterRow row) {
        return view.search(type, row.example() + SHORT);
    }
}
