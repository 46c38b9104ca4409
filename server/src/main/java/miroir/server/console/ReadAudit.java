package miroir.server.console;

import java.time.ZoneOffset;
import java.util.List;
import java.util.Objects;
import miroir.index.Refusal;
import miroir.index.search.QueryParameter;
import miroir.server.admin.AdminActions;
import miroir.server.admin.AdminBody;
import miroir.server.admin.AuditPages.Newest;
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

    /** For who looks, of whom it is noted where reads are. */
    AuditRows page(View view, AuditForm form) {
        BsonDocument bundle = AskInside.administration(view.exchange(), ASKED, form.query(), this::bundle);
        List<AuditRow> rows = bundle.getArray("entry", new BsonArray()).stream()
                .map(entry -> AuditRow.of(entry.asDocument().getDocument("resource")))
                .toList();
        return AuditRows.of(form, rows, next(bundle));
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

    /** What the name of a fragment asks for. */
    static AuditForm form(String encoded) {
        AuditForm form = AuditForm.of(encoded.isEmpty() ? List.of() : QueryParameter.decode(encoded), ZoneOffset.UTC);
        if (!form.isFirst()) {
            throw new Refusal(Refusal.Reason.INVALID, "only the newest notes are shown as they come");
        }
        return form;
    }

    /** The newest ones, for all who look on while others come: that they look was noted when they began. */
    AuditRows newest(String encoded) {
        AuditForm form = form(encoded);
        Newest newest = actions.newestNotes(form.query());
        return AuditRows.of(form, newest.events().stream().map(AuditRow::of).toList(), newest.next());
    }
}
