package miroir.server.fhir;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import miroir.index.generated.GeneratedFile;
import miroir.server.Http;
import miroir.server.TestServer;
import miroir.server.routing.Interaction;
import org.junit.jupiter.api.Test;

/**
 * Makes docs/api/routing.md by sending every interaction of FHIR R4 to this server and to a plain HAPI server in which
 * nothing of ours is registered but the providers and the hooks.
 */
final class RoutingTableIT {
    private static final String PRACTITIONER = "{\"resourceType\":\"Practitioner\",\"id\":\"%s\"}";
    private static final String JSON = "application/fhir+json";
    private static final String META =
            "{\"resourceType\":\"Parameters\",\"parameter\":[{\"name\":\"meta\",\"valueMeta\":"
                    + "{\"tag\":[{\"code\":\"t\"}]}}]}";
    private static final String MARTIN =
            "{\"resourceType\":\"Parameters\",\"parameter\":[{\"name\":\"name\",\"valueString\":\"martin\"}]}";
    private static final String FORM = "application/x-www-form-urlencoded";

    private static final String TRANSACTION = "{\"resourceType\":\"Bundle\",\"type\":\"transaction\",\"entry\":"
            + "[{\"request\":{\"method\":\"GET\",\"url\":\"metadata\"}}]}";

    private static final String VIEW = """
            {"resourceType":"ViewDefinition","status":"draft","resource":"Practitioner","select":[{"column":[{"name":"id","path":"id"}]}]}""";

    /** At least one for each interaction. */
    static final List<Row> ROWS = List.of(
            row(Interaction.CAPABILITIES, "GET", "/metadata"),
            row(Interaction.SMART_CONFIGURATION, "GET", "/.well-known/smart-configuration"),
            row(Interaction.READ, "GET", "/Practitioner/p1"),
            row(Interaction.READ, "HEAD", "/Practitioner/p1"),
            row(Interaction.VREAD, "GET", "/Practitioner/p1/_history/1"),
            row(Interaction.VREAD, "HEAD", "/Practitioner/p1/_history/1"),
            row(Interaction.VREAD, "GET", "/Practitioner/p1/_history/7"),
            row(Interaction.CREATE, "POST", "/Practitioner", JSON, PRACTITIONER.formatted("any")),
            row(Interaction.CONDITIONAL_CREATE, "POST", "/Practitioner", JSON, PRACTITIONER.formatted("any"))
                    .with("If-None-Exist", "identifier=1"),
            row(Interaction.UPDATE, "PUT", "/Practitioner/p2", JSON, PRACTITIONER.formatted("p2")),
            row(Interaction.UPDATE, "PUT", "/Practitioner/p1", JSON, PRACTITIONER.formatted("p1"))
                    .with("If-Match", "W/\"9\""),
            row(
                    Interaction.CONDITIONAL_UPDATE,
                    "PUT",
                    "/Practitioner?identifier=1",
                    JSON,
                    PRACTITIONER.formatted("p3")),
            row(Interaction.PATCH, "PATCH", "/Practitioner/p1", "application/json-patch+json", "[]"),
            row(
                    Interaction.CONDITIONAL_PATCH,
                    "PATCH",
                    "/Practitioner?identifier=1",
                    "application/json-patch+json",
                    "[]"),
            row(Interaction.DELETE, "DELETE", "/Practitioner/p2"),
            row(Interaction.CONDITIONAL_DELETE, "DELETE", "/Practitioner?identifier=1"),
            row(Interaction.SEARCH_TYPE, "GET", "/Practitioner?active=true"),
            row(Interaction.SEARCH_TYPE, "HEAD", "/Practitioner?active=true"),
            row(Interaction.SEARCH_TYPE, "GET", "/Practitioner?nonsense=1"),
            row(Interaction.SEARCH_TYPE, "GET", "/Practitioner?_query=x"),
            row(Interaction.SEARCH_TYPE, "POST", "/Practitioner/_search", FORM, "active=true"),
            row(Interaction.SEARCH_TYPE, "POST", "/Practitioner/_search?active=true", FORM, "_count=1"),
            row(Interaction.SEARCH_SYSTEM, "GET", "?_type=Practitioner"),
            row(Interaction.SEARCH_SYSTEM, "HEAD", "?_type=Practitioner"),
            row(Interaction.SEARCH_SYSTEM, "POST", "/_search", FORM, "_type=Practitioner"),
            row(Interaction.SEARCH_COMPARTMENT, "GET", "/Practitioner/p1/Observation"),
            row(Interaction.SEARCH_COMPARTMENT, "HEAD", "/Practitioner/p1/Observation"),
            row(Interaction.SEARCH_COMPARTMENT, "GET", "/Practitioner/p1/*"),
            row(Interaction.SEARCH_COMPARTMENT, "POST", "/Practitioner/p1/Observation/_search", FORM, "_count=1"),
            row(Interaction.HISTORY_INSTANCE, "GET", "/Practitioner/p1/_history"),
            row(Interaction.HISTORY_INSTANCE, "HEAD", "/Practitioner/p1/_history"),
            row(Interaction.HISTORY_TYPE, "GET", "/Practitioner/_history"),
            row(Interaction.HISTORY_SYSTEM, "GET", "/_history"),
            row(Interaction.HISTORY_SYSTEM, "GET", "/_history?_since=yesterday"),
            row(Interaction.ERASE, "POST", "/Practitioner/p2/$erase"),
            row(Interaction.BATCH, "POST", "", JSON, "{\"resourceType\":\"Bundle\",\"type\":\"batch\"}"),
            row(Interaction.BATCH, "POST", "", JSON, TRANSACTION),
            row(Interaction.EVERYTHING, "GET", "/Practitioner/p1/$everything"),
            row(
                    Interaction.EVERYTHING,
                    "POST",
                    "/Practitioner/p1/$everything",
                    JSON,
                    "{\"resourceType\":\"Parameters\"}"),
            row(Interaction.DIRECTORY_SEARCH, "GET", "/$directory-search?name=martin"),
            row(Interaction.DIRECTORY_SEARCH, "POST", "/$directory-search", FORM, "name=martin"),
            row(Interaction.DIRECTORY_SEARCH, "POST", "/$directory-search", JSON, MARTIN),
            row(Interaction.META, "GET", "/Practitioner/p1/$meta"),
            row(Interaction.META, "GET", "/Practitioner/p1/_history/1/$meta"),
            row(Interaction.META, "POST", "/Practitioner/$meta"),
            row(Interaction.META, "GET", "/$meta"),
            row(Interaction.META_ADD, "POST", "/Practitioner/p1/$meta-add", JSON, META),
            row(Interaction.META_DELETE, "POST", "/Practitioner/p1/$meta-delete", JSON, META),
            row(Interaction.VALIDATE, "POST", "/Practitioner/$validate", JSON, PRACTITIONER.formatted("any")),
            row(Interaction.VALIDATE, "GET", "/Practitioner/p1/$validate"),
            row(Interaction.BY_IDENTIFIER, "GET", "/Practitioner/$by-identifier?value=none"),
            row(Interaction.SEEN, "GET", "/Practitioner/p1/$seen"),
            row(Interaction.LOOKUP, "GET", "/CodeSystem/$lookup?system=urn:none&code=1"),
            row(Interaction.VALIDATE_CODE, "GET", "/CodeSystem/$validate-code?url=urn:none&code=1"),
            row(Interaction.VALIDATE_CODE, "POST", "/ValueSet/none/$validate-code?code=1"),
            row(Interaction.EXPAND, "GET", "/ValueSet/$expand?url=urn:none"),
            row(Interaction.EXPORT, "GET", "/$export?_type=Practitioner").with("Prefer", "respond-async"),
            row(Interaction.EXPORT, "POST", "/$export").with("Prefer", "respond-async"),
            row(Interaction.EXPORT_STATUS, "GET", "/$export/none"),
            row(Interaction.EXPORT_CANCEL, "DELETE", "/$export/none"),
            row(Interaction.EXPORT_FILE, "GET", "/$export/none/Practitioner-1.ndjson"),
            row(Interaction.RUN_VIEW, "GET", "/ViewDefinition/practitioner/$run"),
            row(Interaction.RUN_VIEW, "HEAD", "/ViewDefinition/practitioner/$run"),
            row(Interaction.RUN_VIEW, "POST", "/$viewdefinition-run", JSON, VIEW),
            row(Interaction.LIST_VIEWS, "GET", "/ViewDefinition"),
            row(Interaction.READ_VIEW, "GET", "/ViewDefinition/practitioner"),
            row(Interaction.OPERATION, "POST", "/Practitioner/$match", JSON, "{\"resourceType\":\"Parameters\"}"),
            row(Interaction.OPTIONS, "OPTIONS", "/Practitioner/p1"));

    record Row(
            Interaction interaction,
            String method,
            String path,
            String contentType,
            String body,
            List<String> headers) {

        Row with(String name, String value) {
            return new Row(interaction, method, path, contentType, body, List.of(name, value));
        }

        int status(String base) throws Exception {
            return status(base, TestServer.TOKEN);
        }

        /** With an empty token: without one. */
        int status(String base, String token) throws Exception {
            return send(base, token).statusCode();
        }

        HttpResponse<String> send(String base, String token) throws Exception {
            List<String> all = new ArrayList<>(headers);
            all.addAll(List.of("X-Miroir-Trace", "1"));
            if (!token.isEmpty()) {
                all.addAll(List.of("Authorization", "Bearer " + token));
            }
            if (!contentType.isEmpty()) {
                all.addAll(List.of("Content-Type", contentType));
            }
            URI uri = URI.create(base + path);
            return Http.send(method, uri, body.getBytes(StandardCharsets.UTF_8), all.toArray(String[]::new));
        }

        String shown() {
            String header = headers.isEmpty() ? "" : " (" + headers.get(0) + ")";
            return "`" + method + " [base]" + path + "`" + header
                    + (body.equals(TRANSACTION) ? " (transaction, which the store in memory has not)" : "");
        }
    }

    private static Row row(Interaction interaction, String method, String path) {
        return row(interaction, method, path, "", "");
    }

    private static Row row(Interaction interaction, String method, String path, String contentType, String body) {
        return new Row(interaction, method, path, contentType, body, List.of());
    }

    @Test
    void everyInteraction_isAnsweredAsTheTableSays() throws Exception {
        StringBuilder table = new StringBuilder();
        try (TestServer server = TestServer.start();
                HostedServer hosted = HostedServer.start()) {
            for (String base : List.of(server.base(), hosted.base())) {
                row(Interaction.UPDATE, "PUT", "/Practitioner/p1", JSON, PRACTITIONER.formatted("p1"))
                        .status(base);
            }
            for (Row row : ROWS) {
                table.append(line(row, row.send(server.base(), TestServer.TOKEN), row.status(hosted.base())));
            }
        }
        GeneratedFile.at("docs/api/routing.md").assertIs(page(table.toString()));
    }

    @Test
    void table_hasEveryInteraction() {
        assertThat(ROWS)
                .extracting(Row::interaction)
                .containsAll(Arrays.stream(Interaction.values())
                        .filter(interaction -> !RightsTableIT.APART.contains(interaction))
                        .toList());
    }

    private static String line(Row row, HttpResponse<String> here, int hosted) {
        String who = who(row.interaction());
        // Times are told of what was answered; a step of theirs is what HAPI did.
        here.headers()
                .firstValue("Server-Timing")
                .ifPresent(times -> assertThat(times.contains("hapi"))
                        .as("%s: %s", row.shown(), times)
                        .isEqualTo(who.endsWith("HAPI")));
        String where = row.interaction().isOfExport() ? " (of resources in memory, of which none are offered)" : "";
        return "| " + row.interaction().code() + " | " + row.shown() + where + " | " + who + " | " + here.statusCode()
                + " | " + hosted + " |\n";
    }

    private static String who(Interaction interaction) {
        return switch (interaction) {
            case OPTIONS -> "front filter";
            case SMART_CONFIGURATION -> "front filter, then a page";
            case EXPORT, EXPORT_STATUS, EXPORT_CANCEL, EXPORT_FILE -> "front filter, then exports";
            case RUN_VIEW, LIST_VIEWS, READ_VIEW -> "front filter, then the servlet";
            default -> interaction.isOffered() ? "front filter, then HAPI" : "front filter refuses";
        };
    }

    private static String page(String table) {
        return """
                # Who routes what

                Every interaction of FHIR R4, sent to this server by a client that may write, and to somebody else's plain
                HAPI server in which our providers and hooks are registered (*plugin mode*). The test `RoutingTableIT` makes
                this page by sending the requests; that HAPI was called stands in the times of an answer (`Server-Timing`), and of
                what is refused the table of interactions (`Interaction`) says who would have answered it.

                The front filter (`Router`, in the pipeline) decides first what is asked. What is not offered ends there,
                with 501 and its name; the rest is shown to HAPI as method and path without parameters (`HapiView`), and
                HAPI calls the provider. In plugin mode there is no front filter: HAPI routes alone, and what it finds no
                method for is its own 400. That is also why HEAD on searches, named queries and compartments differ there.
                How they are registered, and what else differs: [plugin.md](../operations/plugin.md).

                | interaction | request | who routes it here | status here | status in plugin mode |
                |---|---|---|---|---|
                """ + table;
    }
}
