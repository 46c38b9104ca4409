package miroir.server.fhir;

import java.util.List;

/** The requests of the table of routes, for tests that send them elsewhere. */
public final class RoutingRows {
    private RoutingRows() {}

    /** One of them. */
    public record Sent(String method, String path, String contentType, String body) {}

    /** At least one for each interaction. */
    public static List<Sent> all() {
        return RoutingTableIT.ROWS.stream()
                .map(row -> new Sent(
                        row.method(),
                        row.path(),
                        row.contentType().isEmpty() ? "application/fhir+json" : row.contentType(),
                        row.body()))
                .toList();
    }
}
