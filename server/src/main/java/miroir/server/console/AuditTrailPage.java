package miroir.server.console;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import miroir.server.routing.AdminRoute;
import miroir.server.routing.Interaction;

/** Who did what, and the form that asks for some of it. */
record AuditTrailPage(View view, AuditRows found) {
    /** With the form alone. */
    static AuditTrailPage refused(View view, AuditForm form) {
        return new AuditTrailPage(view, AuditRows.none(form));
    }

    AuditForm form() {
        return found.form();
    }

    /** What can be chosen of interactions: all that there are, and what a bundle can be. */
    List<String> interactions() {
        return Stream.concat(Arrays.stream(Interaction.values()).map(Interaction::code), Stream.of("transaction"))
                .sorted()
                .toList();
    }

    List<String> outcomes() {
        return List.of("success", "refused", "failed", "unknown");
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
        return view.exchange().root() + AdminRoute.BASE + "/" + route.path() + form().first();
    }
}
