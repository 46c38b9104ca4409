package miroir.server.console;

import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.FormatStyle;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import miroir.server.pages.Language;
import miroir.server.routing.AdminRoute;
import miroir.server.routing.Interaction;
import org.jspecify.annotations.Nullable;

/**
 * Who did what.
 *
 * @param rows the newest first
 * @param after behind which note there are more; null: there are none
 */
record AuditTrailPage(
        View view,
        AuditForm form,
        List<AuditRow> rows,
        @Nullable String after) {
    AuditTrailPage {
        rows = List.copyOf(rows);
    }

    /** With the form alone. */
    static AuditTrailPage refused(View view, AuditForm form) {
        return new AuditTrailPage(view, form, List.of(), null);
    }

    /** What can be chosen of interactions: all that there are, and what a bundle can be. */
    List<String> interactions() {
        return Stream.concat(Arrays.stream(Interaction.values()).map(Interaction::code), Stream.of("transaction"))
                .sorted()
                .toList();
    }

    /** What was done, in words; empty where its name says it: administrators' acts by what they asked for. */
    String words(AuditRow row) {
        String act = row.what().equals(Interaction.ADMIN.code()) ? row.type() : row.what();
        return words(act);
    }

    String words(String act) {
        if (view.language() == Language.FR) {
            String words = FrenchWords.ACTS.find(act);
            return words == null ? "" : words;
        }
        return Arrays.stream(AdminRoute.values())
                .filter(route -> route.name().equals(act))
                .map(AdminRoute::summary)
                .findFirst()
                .orElse("");
    }

    List<String> outcomes() {
        return List.of("success", "refused", "failed", "unknown");
    }

    /** To the second, since what follows each other has to be told apart. */
    String when(Instant instant) {
        return DateTimeFormatter.ofLocalizedDateTime(FormatStyle.SHORT, FormatStyle.MEDIUM)
                .withLocale(view.language().locale())
                .withZone(view.zone())
                .format(instant);
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

    /** How a program asks for the same. */
    String request() {
        return request(AdminRoute.AUDIT);
    }

    /** How a program takes all of it along. */
    String export() {
        return request(AdminRoute.EXPORT_AUDIT);
    }

    private String request(AdminRoute route) {
        return view.exchange().root() + AdminRoute.BASE + "/" + route.path() + form.first();
    }
}
