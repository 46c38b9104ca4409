package miroir.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.parser.IParser;
import ca.uhn.fhir.parser.StrictErrorHandler;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import miroir.server.configuration.ServerConfiguration;
import miroir.storage.testing.TestDatabase;
import org.bson.BsonArray;
import org.bson.BsonDocument;
import org.bson.BsonValue;
import org.hl7.fhir.r4.model.Bundle;
import org.hl7.fhir.r4.model.CapabilityStatement;
import org.hl7.fhir.r4.model.Resource;
import org.jspecify.annotations.Nullable;

/** The server as shipped, with the shipped configuration, on a real database, spoken to over HTTP. */
final class DirectoryServer implements AutoCloseable {
    static final Path ROOT = Path.of(System.getProperty("miroir.root"));

    private static final Path CONF = ROOT.resolve("conf");

    private final Application application;
    private final String base;

    private DirectoryServer(Application application) {
        this.application = application;
        this.base = "http://127.0.0.1:" + application.port() + "/fhir";
    }

    /** One that serves the given types; {@code directory} for those that are served unless configured otherwise. */
    static DirectoryServer start(TestDatabase database, Path folder, String types) throws Exception {
        return start(database, folder, types, Map.of());
    }

    /** The same with more of the environment that the configuration reads. */
    static DirectoryServer start(TestDatabase database, Path folder, String types, Map<String, String> more)
            throws Exception {
        return start(database, folder, CONF, types, more);
    }

    /** With another folder of configuration. */
    static DirectoryServer start(TestDatabase database, Path folder, Path conf, String types, Map<String, String> more)
            throws Exception {
        Path token = Files.writeString(folder.resolve("token"), TestServer.TOKEN + "\n");
        Map<String, String> environment = new HashMap<>(more);
        // It would read beside what is counted.
        environment.putIfAbsent("MIROIR_REPORTS_QUALITY", "never");
        environment.putAll(Map.of(
                // What these servers are held against takes systems by their letters.
                "MIROIR_SAME_SYSTEMS",
                "none",
                "MONGODB_URI",
                database.uri(),
                "MIROIR_DATABASE",
                database.name(),
                "MIROIR_PORT",
                "0",
                "MIROIR_TYPES",
                types,
                "MIROIR_WRITE_TOKEN_FILE",
                token.toString()));
        Path file = conf.resolve("server.yaml");
        ServerConfiguration configuration =
                ServerConfiguration.read(file.toString(), Files.readString(file), environment::get);
        DirectoryServer server = new DirectoryServer(Application.start(configuration, conf, said -> {}));
        URI ready = URI.create(server.base.replace("/fhir", "/health/ready"));
        await().atMost(Duration.ofSeconds(60))
                .until(() -> Http.send("GET", ready).statusCode() == 200);
        return server;
    }

    String base() {
        return base;
    }

    URI uri(String path) {
        return URI.create(base + path);
    }

    HttpResponse<String> get(String path) throws Exception {
        return Http.send("GET", uri(path));
    }

    /** What who may do everything is told that there is. */
    CapabilityStatement metadata() throws Exception {
        return read(
                CapabilityStatement.class,
                Http.send("GET", uri("/metadata"), "Authorization", "Bearer " + TestServer.TOKEN)
                        .body());
    }

    void put(String type, String id, String json) throws Exception {
        HttpResponse<String> answer = Http.write("PUT", uri("/" + type + "/" + id), json);
        assertThat(answer.statusCode()).as(answer.body()).isIn(200, 201);
    }

    /** A batch of writes, all of which succeed. */
    void batch(List<String> entries) throws Exception {
        assertThat(statuses(entries)).hasSize(entries.size()).allMatch(status -> status.startsWith("20"));
    }

    /** A batch of writes; how many succeeded. */
    long batchOfSome(List<String> entries) throws Exception {
        return statuses(entries).stream()
                .filter(status -> status.startsWith("20"))
                .count();
    }

    private List<String> statuses(List<String> entries) throws Exception {
        HttpResponse<String> answer = Http.write(
                "POST",
                uri(""),
                "{\"resourceType\":\"Bundle\",\"type\":\"batch\",\"entry\":[" + String.join(",", entries) + "]}");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return BsonDocument.parse(answer.body()).getArray("entry").stream()
                .map(entry -> entry.asDocument()
                        .getDocument("response")
                        .getString("status")
                        .getValue())
                .toList();
    }

    /** All pages of a search. */
    List<Resource> search(String path) throws Exception {
        List<Resource> found = new ArrayList<>();
        walk(path, body -> {
            Bundle page = read(Bundle.class, body);
            page.getEntry().forEach(entry -> found.add(entry.getResource()));
            return page.getLink("next") == null ? null : page.getLink("next").getUrl();
        });
        return found;
    }

    /** The ids of all that a search finds, in its order; for searches by the thousand nothing but the ids is answered. */
    List<String> idsOf(String path) throws Exception {
        List<String> found = new ArrayList<>();
        walk(path + "&_elements=id", body -> {
            BsonDocument page = BsonDocument.parse(body);
            page.getArray("entry", new BsonArray())
                    .forEach(entry -> found.add(entry.asDocument()
                            .getDocument("resource")
                            .getString("id")
                            .getValue()));
            return page.getArray("link").stream()
                    .map(BsonValue::asDocument)
                    .filter(link -> link.getString("relation").getValue().equals("next"))
                    .map(link -> link.getString("url").getValue())
                    .findFirst()
                    .orElse(null);
        });
        return found;
    }

    /** From page to page, for as long as what reads them finds a next one. */
    private void walk(String path, Function<String, @Nullable String> read) throws Exception {
        String next = base + path;
        while (next != null) {
            HttpResponse<String> answer = Http.send("GET", URI.create(next));
            assertThat(answer.statusCode()).as("%s: %s", next, answer.body()).isEqualTo(200);
            next = read.apply(answer.body());
        }
    }

    /**
     * Reads strictly. HAPI refuses {@code _line} without {@code line}, as some examples have it, though FHIR allows it; it
     * gets what FHIR says is the same.
     */
    static <T extends Resource> T read(Class<T> type, String json) {
        return type.cast(read(json));
    }

    static Resource read(String json) {
        String marked = json.replaceAll("(\"line\":\\[[^]]*],)\"_line\":", "$1\"_LINE\":");
        return (Resource) strict().parseResource(marked.replace("\"_line\":[", "\"line\":[null],\"_line\":[")
                .replace("\"_LINE\":", "\"_line\":"));
    }

    private static IParser strict() {
        IParser parser = FhirContext.forR4Cached().newJsonParser();
        parser.setParserErrorHandler(new StrictErrorHandler());
        return parser;
    }

    @Override
    public void close() {
        application.close();
    }
}
