package miroir.server.reports;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import miroir.index.search.QueryParameter;
import miroir.server.directory.DirectoryResource;
import miroir.server.pages.Html;
import miroir.server.pages.Words;
import miroir.server.pipeline.Exchange;
import miroir.server.routing.Router;
import org.jspecify.annotations.Nullable;

/** {@code /reports/changes}: how much changed on each of the last days, with links to what it was. */
record ChangesPage(ReportParts parts, CountedDays countedDays) implements Report {
    static final List<String> PARAMETERS = List.of("days", "type");
    static final int USUAL_DAYS = 30;

    private static final Words TITLE = new Words("Changements", "Changes");
    private static final Words INTRODUCTION = new Words(
            "Ce qui est arrivé, parti, a déménagé ou reçu une boîte MSSanté, par jour et par type de ressource. Une ligne peut"
                    + " compter dans plusieurs colonnes ; chaque nombre mène aux lignes en CSV.",
            "What arrived, left, moved or got an MSSanté mailbox, by day and type of resource. One version may count in several"
                    + " columns; each number leads to the rows in CSV.");
    private static final Words CAPTION = new Words("Changements par jour et par type", "Changes by day and type");
    private static final Words DAY = new Words("Jour", "Day");
    private static final Words TYPE = new Words("Type", "Type");
    private static final Words DAYS = new Words("Jours", "Days");
    private static final Words SHOW = new Words("Afficher", "Show");
    private static final Words COUNTING = new Words("en cours de calcul", "being counted");
    private static final Words NOTHING = new Words("rien", "nothing");
    private static final Words COUNTED_AGAIN = new Words(
            "Les jours en cours de calcul apparaîtront en rechargeant la page.",
            "Days that are being counted appear when the page is loaded again.");
    private static final Words FEED = new Words("Fil Atom", "Atom feed");
    private static final Words ROWS = new Words("Dernières 24 heures en CSV", "Last 24 hours as CSV");

    @Override
    public void answer(Exchange exchange, HttpServletResponse response) throws IOException {
        Given given = Given.of(exchange, PARAMETERS);
        int days = given.number("days", USUAL_DAYS, 1, CountedDays.MOST);
        Set<String> types = given.some("type", parts.served(DirectoryResource.TYPES));
        Frame frame = new Frame(exchange, parts.pages());
        List<CountedDays.Day> counted = countedDays.last(exchange, days, types);
        frame.add("p", frame.say(INTRODUCTION)).addMarkup(form(frame, given, days));
        frame.addMarkup("<p>" + frame.link(Router.REPORTS + "/changes.csv", frame.say(ROWS)) + " · "
                + frame.link(Router.REPORTS + "/changes.atom", frame.say(FEED)) + "</p>\n");
        frame.addTable(frame.say(CAPTION), columns(frame), rows(frame, counted));
        if (counted.stream().anyMatch(day -> day.counts() == null)) {
            frame.addNote(frame.say(COUNTED_AGAIN));
        }
        frame.send(frame.say(TITLE), response);
    }

    private static String form(Frame frame, Given given, int days) {
        String type = given.get("type");
        return "<form class=\"filters\"><label>" + Html.escaped(frame.say(DAYS))
                + " <input name=\"days\" type=\"number\" min=\"1\" max=\"" + CountedDays.MOST + "\" value=\"" + days
                + "\"></label><input type=\"hidden\" name=\"lang\" value=\""
                + frame.language().code() + "\">"
                + (type == null ? "" : "<input type=\"hidden\" name=\"type\" value=\"" + Html.escaped(type) + "\">")
                + "<button>" + Html.escaped(frame.say(SHOW)) + "</button></form>\n";
    }

    private static List<Frame.Column> columns(Frame frame) {
        List<Frame.Column> columns =
                new ArrayList<>(List.of(Frame.Column.text(frame.say(DAY)), Frame.Column.text(frame.say(TYPE))));
        for (ChangeKind kind : ChangeKind.values()) {
            columns.add(Frame.Column.number(frame.say(kind.words())));
        }
        return columns;
    }

    private static List<List<String>> rows(Frame frame, List<CountedDays.Day> days) {
        List<List<String>> rows = new ArrayList<>();
        List<LocalDate> quiet = new ArrayList<>();
        for (CountedDays.Day day : days) {
            DayCounts counts = day.counts();
            if (isQuiet(counts)) {
                quiet.add(day.day());
                continue;
            }
            addQuiet(frame, quiet, rows);
            if (counts == null) {
                rows.add(empty(linked(frame, day.day()), frame.say(COUNTING)));
            } else {
                counts.ofTypes().keySet().forEach(type -> rows.add(row(frame, counts, type)));
            }
        }
        addQuiet(frame, quiet, rows);
        return rows;
    }

    private static boolean isQuiet(@Nullable DayCounts counts) {
        return counts != null && counts.ofTypes().isEmpty();
    }

    /** Days one after the other, the newest first, on which nothing changed are one row. */
    private static void addQuiet(Frame frame, List<LocalDate> days, List<List<String>> rows) {
        if (!days.isEmpty()) {
            LocalDate first = days.get(days.size() - 1);
            LocalDate last = days.get(0);
            String words = frame.day(first) + (first.equals(last) ? "" : " – " + frame.day(last));
            rows.add(empty(Html.escaped(words), frame.say(NOTHING)));
            days.clear();
        }
    }

    private static List<String> empty(String day, String why) {
        List<String> cells = new ArrayList<>(List.of(day, why));
        cells.addAll(Collections.nCopies(ChangeKind.values().length, ""));
        return cells;
    }

    private static List<String> row(Frame frame, DayCounts counts, String type) {
        List<String> cells = new ArrayList<>(List.of(linked(frame, counts.day()), Html.escaped(frame.type(type))));
        for (ChangeKind kind : ChangeKind.values()) {
            long count = counts.count(type, kind);
            cells.add(
                    count == 0
                            ? ""
                            : frame.link(
                                    rowsOf(
                                            counts.day(),
                                            new QueryParameter("type", type),
                                            new QueryParameter("kind", kind.name())),
                                    Long.toString(count)));
        }
        return cells;
    }

    private static String linked(Frame frame, LocalDate day) {
        return frame.link(rowsOf(day), frame.day(day));
    }

    /** The path to the rows of a day. */
    static String rowsOf(LocalDate day, QueryParameter... narrower) {
        List<QueryParameter> query = new ArrayList<>(
                List.of(new QueryParameter("since", day.toString()), new QueryParameter("until", day.toString())));
        query.addAll(List.of(narrower));
        return Router.REPORTS + "/changes.csv?" + QueryParameter.encode(query);
    }
}
