package miroir.server.console;

import java.util.List;
import java.util.Objects;
import miroir.index.search.QueryParameter;
import miroir.server.admin.AdminActions;
import miroir.server.admin.AdminBody;
import miroir.server.pipeline.AskInside;
import miroir.server.pipeline.Exchange;
import miroir.server.routing.AdminCall;
import miroir.server.routing.AdminRoute;
import org.bson.BsonArray;
import org.bson.BsonDocument;
import org.bson.BsonValue;
import org.jspecify.annotations.Nullable;

/** Reads who did what as programs do, and as programs are allowed to. */
record ReadAudit(AdminActions actions) {
    private static final AdminCall ASKED = new AdminCall(AdminRoute.AUDIT, "", "");

    AuditTrailPage page(View view, AuditForm form) {
        BsonDocument bundle = AskInside.administration(view.exchange(), ASKED, form.query(), this::bundle);
        List<AuditRow> rows = bundle.getArray("entry", new BsonArray()).stream()
                .map(entry -> AuditRow.of(entry.asDocument().getDocument("resource")))
                .toList();
        return new AuditTrailPage(view, form, rows, next(bundle));
    }

    private BsonDocument bundle(Exchange asked) {
        return Objects.requireNonNull(actions.answer(asked, AdminBody.none(), 0).body());
    }

    /** Behind which note the next page begins. */
    private static @Nullable String next(BsonDocument bundle) {
        return bundle.getArray("link").stream()
                .map(BsonValue::asDocument)
                .filter(link -> link.getString("relation").getValue().equals("next"))
                .map(link -> link.getString("url").getValue())
                .map(url -> QueryParameter.ofLink(url))
                .map(query -> ConsolePages.value(query, AuditForm.AFTER))
                .findFirst()
                .orElse(null);
    }
}
