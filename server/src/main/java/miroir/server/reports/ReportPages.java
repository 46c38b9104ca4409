package miroir.server.reports;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import miroir.index.Refusal;
import miroir.index.store.Caller;
import miroir.index.store.ResourceStore;
import miroir.server.configuration.ServerConfiguration;
import miroir.server.console.Pages;
import miroir.server.fhir.FhirParts;
import miroir.server.pipeline.Exchange;
import miroir.server.pipeline.Turns;
import miroir.server.pipeline.WorkingMemory;
import miroir.server.routing.Router;
import org.jspecify.annotations.Nullable;

/** {@code /reports}: each path is a report. */
public final class ReportPages extends HttpServlet {
    private static final long serialVersionUID = 1L;

    private final transient Map<String, Report> reports;
    private final transient CountedDays countedDays;
    private final transient @Nullable KeepReporting keepReporting;

    private ReportPages(Map<String, Report> reports, CountedDays countedDays, @Nullable KeepReporting keepReporting) {
        this.reports = Map.copyOf(reports);
        this.countedDays = countedDays;
        this.keepReporting = keepReporting;
    }

    /** What is told of a store with the types of the directory. */
    public static ReportPages create(
            ServerConfiguration configuration, FhirParts parts, WorkingMemory memory, Turns turns, Pages pages) {
        Duration every = configuration.reports().quality();
        ReportParts ofReports = new ReportParts(configuration, parts, memory, turns, pages);
        Quality quality = new Quality(ofReports, every != null);
        CountedDays countedDays = new CountedDays(ofReports, Caller.everyone());
        Map<String, Report> reports = new HashMap<>();
        putQuality(reports, quality, configuration, pages);
        putChanges(reports, ofReports, countedDays);
        putMailboxes(reports, ofReports);
        return new ReportPages(
                reports, countedDays, every == null ? null : keepReporting(every, quality, parts.store()));
    }

    private static KeepReporting keepReporting(Duration every, Quality quality, ResourceStore store) {
        return new KeepReporting(
                new WhenDue(every, Instant.now()),
                store,
                copied -> new MakeQualityReport(quality.elsewhere(Caller.everyone()), InstantSource.system(), copied));
    }

    private static void putQuality(
            Map<String, Report> reports, Quality quality, ServerConfiguration configuration, Pages pages) {
        reports.put("/quality", new QualityPage(quality, configuration.fhir().zone(), pages));
        reports.put("/quality.json", new QualityResource(quality));
        for (Check check : Checks.ALL) {
            for (Rows.Form form : Rows.Form.values()) {
                reports.put("/quality/" + check.code() + "." + form.ending(), new QualityList(quality, check, form));
            }
        }
    }

    private static void putChanges(Map<String, Report> reports, ReportParts parts, CountedDays countedDays) {
        reports.put("/changes", new ChangesPage(parts, countedDays));
        reports.put("/changes.atom", new ChangesFeed(parts, countedDays));
        for (Rows.Form form : Rows.Form.values()) {
            reports.put("/changes." + form.ending(), new ChangeRows(parts, form));
        }
    }

    private static void putMailboxes(Map<String, Report> reports, ReportParts parts) {
        reports.put("/mailboxes", new MailboxesPage(parts));
        for (Rows.Form form : Rows.Form.values()) {
            reports.put("/mailboxes." + form.ending(), new MailboxRows(parts, form));
        }
    }

    @Override
    public void init() {
        if (keepReporting != null) {
            keepReporting.begin();
        }
    }

    /** Called when the server stops. */
    @Override
    public void destroy() {
        countedDays.close();
        if (keepReporting != null) {
            keepReporting.close();
        }
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        String path = Objects.requireNonNullElse(request.getPathInfo(), "");
        Report report = reports.get(path);
        if (report == null) {
            throw new Refusal(
                    Refusal.Reason.NOT_FOUND,
                    "no report is at \"" + Refusal.shown(Router.REPORTS + path) + "\"; there are "
                            + String.join(
                                    ", ",
                                    reports.keySet().stream()
                                            .sorted()
                                            .map(known -> Router.REPORTS + known)
                                            .toList()));
        }
        report.answer(Exchange.of(request), response);
    }
}
