package miroir.server.reports;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import miroir.index.Refusal;
import miroir.server.configuration.ServerConfiguration;
import miroir.server.fhir.FhirParts;
import miroir.server.pipeline.Exchange;
import miroir.server.pipeline.Turns;
import miroir.server.pipeline.WorkingMemory;
import miroir.server.routing.Router;

/** {@code /reports}: each path is a report. */
public final class ReportPages extends HttpServlet {
    private static final long serialVersionUID = 1L;

    private final transient Map<String, Report> reports;
    private final transient CountedDays countedDays;

    private ReportPages(Map<String, Report> reports, CountedDays countedDays) {
        this.reports = Map.copyOf(reports);
        this.countedDays = countedDays;
    }

    /** What is told of a store with the types of the directory. */
    public static ReportPages create(
            ServerConfiguration configuration, FhirParts fhir, WorkingMemory memory, Turns turns) {
        ReportParts parts = new ReportParts(configuration, fhir, memory, turns);
        CountedDays countedDays = new CountedDays(parts);
        Map<String, Report> reports = new HashMap<>();
        reports.put("/changes", new ChangesPage(parts, countedDays));
        reports.put("/changes.atom", new ChangesFeed(parts, countedDays));
        reports.put("/mailboxes", new MailboxesPage(parts));
        for (Rows.Form form : Rows.Form.values()) {
            reports.put("/changes." + form.ending(), new ChangeRows(parts, form));
            reports.put("/mailboxes." + form.ending(), new MailboxRows(parts, form));
        }
        return new ReportPages(reports, countedDays);
    }

    /** Called when the server stops. */
    @Override
    public void destroy() {
        countedDays.close();
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        String path = String.valueOf(request.getPathInfo());
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
