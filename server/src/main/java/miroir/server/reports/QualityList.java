package miroir.server.reports;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toList;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import miroir.index.store.ResourceKey;
import miroir.server.pipeline.Exchange;

/**
 * {@code /reports/quality/[check].csv} and {@code .ndjson}: what a check found for the newest report. What somebody is called is looked up while it is sent, so
 * that whoever was erased since is not in it.
 */
final class QualityList implements Report {
    private static final List<String> COLUMNS = List.of("type", "id", "identifier", "name", "what");
    private static final int AT_ONCE = 100;

    private final Quality quality;
    private final Check check;
    private final Rows.Form form;

    QualityList(Quality quality, Check check, Rows.Form form) {
        this.quality = quality;
        this.check = check;
        this.form = form;
    }

    /** What is kept of a finding. */
    static List<String> kept(Finding finding) {
        ResourceKey key = finding.resource().key();
        return List.of(key.type(), key.id(), finding.what());
    }

    @Override
    public void answer(Exchange exchange, HttpServletResponse response) throws IOException {
        Quality.Numbered newest = quality.newest(exchange);
        Quality.tellAge(newest.report(), response);
        Rows.send(check.code(), COLUMNS, form, exchange, response, rows -> {
            List<List<String>> some = quality.rows(newest, check, 0, AT_ONCE);
            for (long sent = 0; !some.isEmpty(); some = quality.rows(newest, check, sent, AT_ONCE)) {
                quality.requireAllowed(exchange);
                for (List<String> cells : named(exchange, some)) {
                    rows.add(cells);
                }
                sent += some.size();
            }
        });
    }

    /** With what they are called; without those that are not there any more. */
    private List<List<String>> named(Exchange exchange, List<List<String>> kept) {
        Map<String, Known> known = new HashMap<>();
        kept.stream()
                .collect(groupingBy(each -> each.get(0), mapping(each -> each.get(1), toList())))
                .forEach((type, ids) -> known.putAll(quality.named(exchange, type, ids)));
        List<List<String>> rows = new ArrayList<>();
        for (List<String> each : kept) {
            Known resource = known.get(each.get(0) + "/" + each.get(1));
            if (resource != null) {
                rows.add(List.of(
                        each.get(0),
                        each.get(1),
                        Objects.requireNonNullElse(resource.identifier(), ""),
                        Objects.requireNonNullElse(resource.name(), ""),
                        each.get(2)));
            }
        }
        return rows;
    }
}
