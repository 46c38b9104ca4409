package miroir.server.reports;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import miroir.index.Refusal;
import miroir.index.search.QueryParameter;
import miroir.index.store.Deadline;
import miroir.server.pages.Html;
import miroir.server.pages.Words;
import miroir.server.pipeline.Exchange;
import miroir.server.routing.Router;
import org.jspecify.annotations.Nullable;

/** {@code /reports/mailboxes}: how many there are, and a search for some of them. */
record MailboxesPage(ReportParts parts) implements Report {
    private static final int SHOWN = 50;
    private static final String PATH = "/mailboxes";

    private static final Words TITLE = new Words("Boîtes MSSanté", "MSSanté mailboxes");
    private static final Words COUNTS = new Words(
            "Titulaires d’une boîte, par type de ressource et de boîte",
            "Owners of mailboxes, by type of resource and kind");
    private static final Words OWNER = new Words("Titulaire", "Owner");
    private static final Words ALL = new Words("Tous", "All");
    private static final Words TOO_COSTLY = new Words(
            "Le décompte prend trop de temps pour ce que vous pouvez voir : il n’est pas affiché.",
            "Counting what you may see takes too long, so it is not shown.");
    private static final Words PART = new Words("Partie de l’adresse", "Part of the address");
    private static final Words KIND = new Words("Type", "Kind");
    private static final Words ANY = new Words("Toutes", "All");

    /** As TRE_R257 has them. */
    private static final Map<String, Words> MEANINGS = Map.of(
            "PER", new Words("personnelle", "personal"),
            "ORG", new Words("organisationnelle", "organisational"),
            "APP", new Words("applicative", "of an application"),
            "CAB", new Words("cabinet", "of a practice"));

    private static final Words DEPARTMENT = new Words("Département", "Department");
    private static final Words SEARCH = new Words("Chercher", "Search");
    private static final Words FOUND = new Words("Boîtes trouvées", "Mailboxes found");
    private static final Words MAILBOX = new Words("Boîte", "Mailbox");
    private static final Words PERSON = new Words("Personne", "Person");
    private static final Words PLACE = new Words("Structure", "Place");
    private static final Words NONE = new Words("Aucune boîte ne correspond.", "No mailbox is like that.");
    private static final Words FIRST =
            new Words("Les 50 premières sont affichées ; toutes en ", "The first 50 are shown; all of them as ");
    private static final Words EVERY = new Words("Toutes en ", "All of them as ");

    @Override
    public void answer(Exchange exchange, HttpServletResponse response) throws IOException {
        MailboxQuestion question = MailboxQuestion.of(Given.of(exchange, MailboxQuestion.PARAMETERS));
        WalkMailboxes walk = new WalkMailboxes(parts, new Asking.ByRequest(parts, exchange));
        Frame frame = new Frame(exchange, parts.pages());
        frame.addMarkup(form(frame, question));
        if (question.isForAll()) {
            addCounts(frame, walk);
            frame.addMarkup("<p>" + Html.escaped(frame.say(EVERY)) + files(frame, question) + "</p>\n");
        } else {
            addFound(frame, question, walk);
        }
        frame.send(frame.say(TITLE), response);
    }

    private void addCounts(Frame frame, WalkMailboxes walk) {
        List<Frame.Column> columns =
                new ArrayList<>(List.of(Frame.Column.text(frame.say(OWNER)), Frame.Column.number(frame.say(ALL))));
        MailboxQuestion.KINDS.forEach(kind -> columns.add(Frame.Column.number(words(frame, kind))));
        Deadline deadline = parts.deadline();
        try {
            List<List<String>> rows = new ArrayList<>();
            for (String type : MailboxQuestion.owners(parts)) {
                List<String> row = new ArrayList<>(
                        List.of(Html.escaped(frame.type(type)), Long.toString(walk.count(type, null, deadline))));
                MailboxQuestion.KINDS.forEach(kind -> row.add(Long.toString(walk.count(type, kind, deadline))));
                rows.add(row);
            }
            frame.addTable(frame.say(COUNTS), columns, rows);
        } catch (Refusal refused) {
            if (refused.reason() != Refusal.Reason.TOO_COSTLY) {
                throw refused;
            }
            frame.addNote(frame.say(TOO_COSTLY));
        }
    }

    private void addFound(Frame frame, MailboxQuestion question, WalkMailboxes walk) throws IOException {
        List<OwnedMailbox> found = new ArrayList<>();
        walk.run(question, some -> {
            found.addAll(some);
            return found.size() <= SHOWN;
        });
        if (found.isEmpty()) {
            frame.add("p", frame.say(NONE));
            return;
        }
        List<Frame.Column> columns = List.of(
                Frame.Column.text(frame.say(MAILBOX)),
                Frame.Column.text(frame.say(KIND)),
                Frame.Column.text(frame.say(OWNER)),
                Frame.Column.text(frame.say(PERSON)),
                Frame.Column.text(frame.say(PLACE)));
        frame.addTable(
                frame.say(FOUND),
                columns,
                found.stream().limit(SHOWN).map(owned -> row(frame, owned)).toList());
        String words = frame.say(found.size() > SHOWN ? FIRST : EVERY);
        frame.addMarkup("<p>" + Html.escaped(words) + files(frame, question) + "</p>\n");
    }

    private static List<String> row(Frame frame, OwnedMailbox owned) {
        return List.of(
                Html.escaped(owned.mailbox().address()),
                text(owned.mailbox().kind()),
                frame.link(owned.owner()),
                known(owned.personName(), owned.personIdentifier()),
                known(owned.placeName(), owned.placeIdentifier()));
    }

    private static String known(@Nullable String name, @Nullable String identifier) {
        return text(name) + (identifier == null ? "" : " <code>" + Html.escaped(identifier) + "</code>");
    }

    private static String text(@Nullable String text) {
        return text == null ? "" : Html.escaped(text);
    }

    private static String files(Frame frame, MailboxQuestion question) {
        String query = question.isForAll() ? "" : "?" + QueryParameter.encode(question.query());
        return frame.link(Router.REPORTS + PATH + ".csv" + query, "CSV") + ", "
                + frame.link(Router.REPORTS + PATH + ".ndjson" + query, "NDJSON");
    }

    private static String form(Frame frame, MailboxQuestion question) {
        StringBuilder options = new StringBuilder("<option value=\"\">" + Html.escaped(frame.say(ANY)) + "</option>");
        for (String kind : MailboxQuestion.KINDS) {
            options.append("<option value=\"" + kind + "\"")
                    .append(kind.equals(question.kind()) ? " selected>" : ">")
                    .append(Html.escaped(words(frame, kind)))
                    .append("</option>");
        }
        return "<form class=\"filters\"><input type=\"hidden\" name=\"lang\" value=\""
                + frame.language().code() + "\">"
                + field(frame.say(PART), "mailbox", question.part())
                + "<label>" + Html.escaped(frame.say(KIND)) + " <select name=\"kind\">" + options + "</select></label>"
                + field(frame.say(DEPARTMENT), "department", question.department())
                + "<button>" + Html.escaped(frame.say(SEARCH)) + "</button></form>\n";
    }

    /** A kind, and what its letters stand for. */
    private static String words(Frame frame, String kind) {
        Words meaning = MEANINGS.get(kind);
        return meaning == null ? kind : kind + " – " + frame.say(meaning);
    }

    private static String field(String label, String name, @Nullable String value) {
        return "<label>" + Html.escaped(label) + " <input name=\"" + name + "\" value=\""
                + (value == null ? "" : Html.escaped(value)) + "\"></label>";
    }
}
