package miroir.server.console;

import java.time.ZoneOffset;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executor;
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

/** Reads who did what as programs do, and as programs are allowed to; and for who looks on, what came since. */
final class ReadAudit {
    private static final AdminCall ASKED = new AdminCall(AdminRoute.AUDIT, "", "");

    private final AdminActions actions;
    private final ReadBeside<AuditRows> notes;
    private final NotedLooks noted = new NotedLooks(System::nanoTime);

    /** @param beside reads for who looks on */
    ReadAudit(AdminActions actions, Executor beside) {
        this.actions = actions;
        this.notes = new ReadBeside<>(this::newest, beside, System::nanoTime);
    }

    /** For who looks, of whom it is noted where reads are. */
    AuditRows page(View view, AuditForm form) {
        long begun = System.nanoTime();
        BsonDocument bundle = AskInside.administration(view.exchange(), ASKED, form.query(), this::bundle);
        List<AuditRow> rows = bundle.getArray("entry", new BsonArray()).stream()
                .map(entry -> AuditRow.of(entry.asDocument().getDocument("resource")))
                .toList();
        AuditRows found = AuditRows.of(form, rows, next(bundle));
        String fragment = found.fragment();
        if (fragment != null) {
            // Who goes on to look is neither noted again, nor shown what was there before.
            String which = Fragments.which(fragment);
            noted.isNew(view.exchange().consumer(), which);
            notes.known(which, AuditRows.of(form(which), rows, found.after()), begun);
        }
        return found;
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
    private static AuditForm form(String encoded) {
        AuditForm form = AuditForm.of(encoded.isEmpty() ? List.of() : QueryParameter.decode(encoded), ZoneOffset.UTC);
        if (!form.isFirst()) {
            throw new Refusal(Refusal.Reason.INVALID, "only the newest notes are shown as they come");
        }
        return form;
    }

    /** Somebody looks on, which is noted where reads are, though not each time that his browser asks. Nothing is read for that. */
    void begin(View view, String encoded) {
        AuditForm form = form(encoded);
        AdminActions.requireNotes(form.query());
        if (noted.isNew(view.exchange().consumer(), encoded)) {
            AskInside.administration(view.exchange(), ASKED, form.query(), any -> true);
        }
    }

    /** The newest ones, for all who look on while others come; null: they are not known yet. */
    @Nullable
    AuditRows known(String encoded) {
        return notes.get(encoded);
    }

    /** The same for who asks from time to time, and waits for them. */
    AuditRows once(String encoded) {
        return notes.now(encoded);
    }

    private AuditRows newest(String encoded) {
        AuditForm form = form(encoded);
        Newest newest = actions.newestNotes(form.query());
        return AuditRows.of(form, newest.events().stream().map(AuditRow::of).toList(), newest.next());
    }
}
