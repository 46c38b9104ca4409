package miroir.server.reports;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.math.BigDecimal;
import java.text.NumberFormat;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.FormatStyle;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import miroir.server.console.Pages;
import miroir.server.pages.Html;
import miroir.server.pages.Language;
import miroir.server.pages.Words;
import miroir.server.pipeline.Exchange;
import miroir.server.reports.QualityReport.Count;
import miroir.server.routing.Router;
import org.jspecify.annotations.Nullable;

/** {@code /reports/quality}: the newest report for people, against the one before. */
final class QualityPage implements Report {
    private static final String PATH = "/quality";
    private static final Words TITLE = new Words("Qualité des données", "Quality of the data");
    private static final Words NONE_YET = new Words(
            "Il n’y a pas encore de rapport : le premier est établi dès que l’annuaire a été copié en entier.",
            "There is no report yet: the first one is made once the directory has been copied whole.");
    private static final Words MADE = new Words("Rapport établi le ", "Report made on ");
    private static final Words AGAINST = new Words(" ; rapport précédent : ", "; the report before: ");
    private static final Words CAPTION = new Words("Contrôles", "Checks");
    private static final Words CHECK = new Words("Contrôle", "Check");
    private static final Words LOOKED_AT = new Words("Éléments examinés", "Looked at");
    private static final Words FOUND = new Words("Anomalies", "Wrong");
    private static final Words SHARE = new Words("Part", "Share");
    private static final Words CHANGE = new Words("Évolution", "Change");
    private static final Words LIST = new Words("Liste", "List");
    private static final Words NOTE = new Words(
            "Les listes sont celles du rapport. Une liste a une ligne par anomalie, et 500 000 lignes au plus.",
            "The lists are those of the report. A list has a line for each fault, and 500,000 lines at most.");
    private static final Words NOT_JUDGED = new Words("rien à examiner", "nothing to look at");
    private static final Words AS_RESOURCE =
            new Words("Le rapport en FHIR (MeasureReport)", "The report in FHIR (MeasureReport)");

    private final Quality quality;
    private final ZoneId zone;
    private final Pages pages;

    QualityPage(Quality quality, ZoneId zone, Pages pages) {
        this.pages = pages;
        this.quality = quality;
        this.zone = zone;
    }

    @Override
    public void answer(Exchange exchange, HttpServletResponse response) throws IOException {
        List<QualityReport> newest = quality.newest(exchange, 2).stream()
                .map(Quality.Numbered::report)
                .toList();
        Frame frame = new Frame(exchange, pages);
        if (newest.isEmpty()) {
            frame.add("p", frame.say(NONE_YET));
        } else {
            Quality.tellAge(newest.get(0), response);
            show(frame, newest.get(0), newest.size() > 1 ? newest.get(1) : null);
        }
        frame.send(frame.say(TITLE), response);
    }

    private void show(Frame frame, QualityReport report, @Nullable QualityReport before) {
        String against = before == null ? "" : frame.say(AGAINST) + at(frame, before.ended());
        frame.add("p", frame.say(MADE) + at(frame, report.ended()) + against + ".");
        List<List<String>> rows = new ArrayList<>();
        for (Check check : Checks.ALL) {
            Count count = report.of(check);
            rows.add(List.of(
                    Html.escaped(frame.say(check.title())) + "<br><span class=\"note\">"
                            + Html.escaped(frame.say(check.meaning())) + "</span>",
                    number(frame, count.lookedAt()),
                    number(frame, count.found()),
                    count.lookedAt() == 0 ? frame.say(NOT_JUDGED) : share(frame, count.share()),
                    before == null
                            ? ""
                            : change(frame, count.found() - before.of(check).found()),
                    frame.link(list(check, Rows.Form.CSV), "CSV", frame.say(check.title())) + " "
                            + frame.link(list(check, Rows.Form.NDJSON), "NDJSON", frame.say(check.title()))));
        }
        frame.addTable(
                frame.say(CAPTION),
                List.of(
                        Frame.Column.text(frame.say(CHECK)),
                        Frame.Column.number(frame.say(LOOKED_AT)),
                        Frame.Column.number(frame.say(FOUND)),
                        Frame.Column.number(frame.say(SHARE)),
                        Frame.Column.number(frame.say(CHANGE)),
                        Frame.Column.text(frame.say(LIST))),
                rows);
        frame.addNote(frame.say(NOTE));
        frame.addMarkup("<p>" + frame.link(Router.REPORTS + PATH + ".json", frame.say(AS_RESOURCE)) + "</p>\n");
    }

    private static String list(Check check, Rows.Form form) {
        return Router.REPORTS + PATH + "/" + check.code() + "." + form.ending();
    }

    private String at(Frame frame, Instant instant) {
        return DateTimeFormatter.ofLocalizedDateTime(FormatStyle.LONG, FormatStyle.SHORT)
                .withLocale(locale(frame))
                .withZone(zone)
                .format(instant);
    }

    private static String number(Frame frame, long number) {
        return NumberFormat.getIntegerInstance(locale(frame)).format(number);
    }

    private static String share(Frame frame, @Nullable BigDecimal share) {
        return share == null ? "" : NumberFormat.getInstance(locale(frame)).format(share) + "\u00a0%";
    }

    private static String change(Frame frame, long more) {
        return (more > 0 ? "+" : "") + number(frame, more);
    }

    private static Locale locale(Frame frame) {
        return frame.language() == Language.FR ? Locale.FRANCE : Locale.UK;
    }
}
