package miroir.server.reports;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Map;
import miroir.index.Refusal;
import miroir.server.pipeline.Exchange;
import miroir.server.routing.Router;

/** {@code /reports}: each path is a report. */
public final class ReportPages extends HttpServlet {
    private static final long serialVersionUID = 1L;

    private final transient Map<String, Report> reports;

    private ReportPages(Map<String, Report> reports) {
        this.reports = Map.copyOf(reports);
    }

    /** What is told of a store with the types of the directory. */
    public static ReportPages create() {
        return new ReportPages(Map.of());
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
