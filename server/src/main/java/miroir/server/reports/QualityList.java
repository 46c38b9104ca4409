package miroir.server.reports;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import miroir.index.store.KeptReports;
import miroir.server.pipeline.Exchange;

/** {@code /reports/quality/[check].csv} and {@code .ndjson}: what a check found for the newest report. */
final class QualityList implements Report {
    private static final List<String> COLUMNS = List.of("type", "id", "identifier", "name", "what");
    private static final int AT_ONCE = 1_000;

    private final Quality quality;
    private final Check check;
    private final Rows.Form form;

    QualityList(Quality quality, Check check, Rows.Form form) {
        this.quality = quality;
        this.check = check;
        this.form = form;
    }

    /** What is found, as it is kept. */
    static List<String> cells(Finding finding) {
        DirectoryResource resource = finding.resource();
        return List.of(
                resource.key().type(), resource.key().id(), resource.identifier(), resource.name(), finding.what());
    }

    @Override
    public void answer(Exchange exchange, HttpServletResponse response) throws IOException {
        Quality.Numbered newest = quality.newest(exchange);
        Quality.tellAge(newest.report(), response);
        Rows.send(check.code(), COLUMNS, form, exchange, response, rows -> {
            List<List<String>> some = rows(newest.id(), 0);
            for (long sent = 0; !some.isEmpty(); some = rows(newest.id(), sent)) {
                for (List<String> cells : some) {
                    rows.add(cells);
                }
                sent += some.size();
                quality.requireAllowed(exchange);
            }
        });
    }

    private List<List<String>> rows(String id, long after) {
        KeptReports reports = quality.reports();
        return reports.rows(id, check.code(), after, AT_ONCE);
    }
}
