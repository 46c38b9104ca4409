package miroir.server.reports;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import miroir.server.pipeline.Exchange;

/** {@code /reports/quality/[check].csv} and {@code .ndjson}: what a check finds, at the moment of asking. */
final class QualityList implements Report {
    private static final List<String> COLUMNS = List.of("type", "id", "identifier", "name", "what");

    private final Quality quality;
    private final Check check;
    private final Rows.Form form;

    QualityList(Quality quality, Check check, Rows.Form form) {
        this.quality = quality;
        this.check = check;
        this.form = form;
    }

    @Override
    public void answer(Exchange exchange, HttpServletResponse response) throws IOException {
        quality.requireWhole(exchange);
        Elsewhere elsewhere = quality.elsewhere(exchange.caller());
        List<String> types = check.types().stream()
                .filter(elsewhere.served()::contains)
                .sorted()
                .toList();
        quality.alone(() -> Rows.send(check.code(), COLUMNS, form, response, rows -> {
            for (String type : types) {
                new WalkDirectory(elsewhere).run(type, batch -> {
                    exchange.requireStillAllowed();
                    send(batch, rows);
                });
            }
        }));
    }

    private void send(Batch batch, Rows rows) throws IOException {
        List<Finding> findings = new ArrayList<>();
        check.look(batch, findings::add);
        for (Finding finding : findings) {
            DirectoryResource resource = finding.resource();
            rows.add(
                    resource.key().type(), resource.key().id(), resource.identifier(), resource.name(), finding.what());
        }
    }
}
