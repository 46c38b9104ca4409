package miroir.server.console;

import java.util.List;
import java.util.Map;
import miroir.index.search.QueryParameter;
import miroir.server.routing.Interaction;
import org.jspecify.annotations.Nullable;

/**
 * Who did what.
 *
 * @param form which notes were asked for
 * @param rows the newest first
 * @param after behind which note there are more; null: there are none
 * @param isAnswer whether that is what was asked for, and not a question that means nothing
 */
record AuditRows(
        AuditForm form, List<AuditRow> rows, @Nullable String after, boolean isAnswer) {
    private static final String FRAGMENT = "audit:";

    AuditRows {
        rows = List.copyOf(rows);
    }

    static AuditRows of(AuditForm form, List<AuditRow> rows, @Nullable String after) {
        return new AuditRows(form, rows, after, true);
    }

    /** Of a question that is refused. */
    static AuditRows none(AuditForm form) {
        return new AuditRows(form, List.of(), null, false);
    }

    /** What it is called among what is shown as it is now; null: what is on this page stays as it is, or was asked for by too many letters. */
    @Nullable
    String fragment() {
        String name = FRAGMENT + QueryParameter.encode(form.query());
        return isAnswer && form.isFirst() && Fragments.isName(name) ? name : null;
    }

    /** What was done, in words; empty where its name says it: administrators' acts by what they asked for. */
    static String words(View view, AuditRow row) {
        return view.act(row.what().equals(Interaction.ADMIN.code()) ? row.type() : row.what());
    }

    String first() {
        return "/admin/audit" + form.first();
    }

    @Nullable
    String next() {
        return after == null ? null : "/admin/audit" + form.link(Map.of(AuditForm.AFTER, after));
    }

    /** All of one kind. */
    String only(String name, String value) {
        return "/admin/audit" + form.link(Map.of(name, value));
    }
}
