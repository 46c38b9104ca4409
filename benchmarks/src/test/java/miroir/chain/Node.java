package miroir.chain;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import miroir.index.extract.ExtractionSettings;
import miroir.index.registry.ConfiguredSearch;
import miroir.index.registry.ShippedSearch;
import miroir.server.MiroirServer;
import miroir.server.StoredSearch;
import miroir.server.configuration.ServerConfiguration;
import miroir.server.fhir.FhirParts;
import miroir.server.paging.PageTokens;
import miroir.storage.MongoResourceStore;
import miroir.storage.MongoStoreSettings;
import miroir.storage.testing.TestDatabase;
import miroir.sync.upstream.Source;
import miroir.sync.upstream.SourceKey;
import org.awaitility.Awaitility;
import org.bson.BsonArray;
import org.bson.BsonDocument;
import org.bson.BsonValue;

/** A server on a database of its own, spoken to over HTTP; nobody reads or writes it without its token. */
final class Node implements AutoCloseable {
    private static final String TOKEN = "miroir_chain-token";
    private static final Pattern MONITOR = Pattern.compile("\"relation\":\"monitor\",\"url\":\"([^\"]*)\"");
    private static final Pattern TOTAL = Pattern.compile("\"total\":\\d+");

    private static final ExtractionSettings SETTINGS = new ExtractionSettings(ZoneId.of("Europe/Paris"), Set.of());

    private final TestDatabase database;
    private final MongoResourceStore store;
    private final MiroirServer server;
    private final HttpClient client = HttpClient.newHttpClient();

    private Node(TestDatabase database, MongoResourceStore store, MiroirServer server) {
        this.database = database;
        this.store = store;
        this.server = server;
    }

    static Node start(TestDatabase database, Set<String> types) throws Exception {
        MongoResourceStore store = MongoResourceStore.open(
                MongoStoreSettings.of(database.uri(), database.name(), types),
                new ConfiguredSearch(types, ShippedSearch::files, SETTINGS, true));
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .until(() -> store.readiness().ready());
        ServerConfiguration configuration = ServerConfiguration.read(
                "chain.yaml", "listen: {port: 0}\naccess: {mode: token}\n", Map.<String, String>of()::get);
        PageTokens tokens =
                new PageTokens(() -> store.sharedSecret("page-links"), Duration.ofHours(1), InstantSource.system());
        FhirParts parts = new FhirParts(store, new StoredSearch(store), tokens);
        return new Node(database, store, MiroirServer.start(configuration, parts, TOKEN, false));
    }

    /** This server as others copy it. */
    Source asSource() {
        return new Source(
                "up",
                URI.create(base()),
                new SourceKey("ESANTE-API-KEY", TOKEN),
                100_000,
                Duration.ofSeconds(30),
                7,
                null,
                null,
                Duration.ofSeconds(30),
                "");
    }

    TestDatabase database() {
        return database;
    }

    private String base() {
        return "http://127.0.0.1:" + server.port() + "/fhir";
    }

    void put(String path, String json) throws Exception {
        int status = send("PUT", path, json).statusCode();
        if (status != 200 && status != 201) {
            throw new AssertionError("PUT " + path + ": " + status);
        }
    }

    void post(String path, String json) throws Exception {
        int status = send("POST", path, json).statusCode();
        if (status >= 300) {
            throw new AssertionError("POST " + path + ": " + status);
        }
    }

    /** What is answered, but for what each server says for itself: its address, and links to pages, which nobody else can read. */
    String answer(String path) throws Exception {
        HttpResponse<String> answer = send("GET", path, "");
        String body = answer.body().replace(base(), "base");
        if (body.startsWith("{\"resourceType\":\"Bundle\"")) {
            Matcher total = TOTAL.matcher(body);
            body = (total.find() ? total.group() : "") + body.substring(Math.max(0, body.indexOf("\"entry\"")));
        }
        return answer.statusCode() + " " + answer.headers().firstValue("ETag").orElse("") + " "
                + answer.headers().firstValue("Last-Modified").orElse("") + " " + body;
    }

    void delete(String path) throws Exception {
        send("DELETE", path, "");
    }

    int status(String path) throws Exception {
        return send("GET", path, "").statusCode();
    }

    /** How many resources a search finds, without any of them. */
    int count(String search) throws Exception {
        BsonDocument found = BsonDocument.parse(
                send("GET", search + "&_total=accurate&_count=0", "").body());
        if (found.containsKey("entry")) {
            throw new AssertionError("entries where none were asked for: " + found);
        }
        return found.getNumber("total").intValue();
    }

    /** All of a type as they are read, by id, without what each server says for itself. */
    Map<String, String> contents(String type) throws Exception {
        Map<String, String> contents = new TreeMap<>();
        BsonDocument found = BsonDocument.parse(
                send("GET", "/" + type + "?_elements=id&_count=1000", "").body());
        for (BsonValue entry : found.getArray("entry", new BsonArray())) {
            String id =
                    entry.asDocument().getDocument("resource").getString("id").getValue();
            contents.put(
                    id, withoutVersion(send("GET", "/" + type + "/" + id, "").body()));
        }
        return contents;
    }

    String lastUpdated(String path) throws Exception {
        return BsonDocument.parse(send("GET", path, "").body())
                .getDocument("meta")
                .getString("lastUpdated")
                .getValue();
    }

    private static String withoutVersion(String json) {
        return json.replaceFirst("\"versionId\":\"[^\"]*\"", "\"versionId\":\"\"")
                .replaceFirst("\"lastUpdated\":\"[^\"]*\"", "\"lastUpdated\":\"\"");
    }

    private HttpResponse<String> send(String method, String path, String body)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base() + path))
                .header("Authorization", "Bearer " + TOKEN)
                .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        if (!body.isEmpty()) {
            request.header("Content-Type", "application/fhir+json");
        }
        return client.send(request.build(), BodyHandlers.ofString());
    }

    /** Where who follows a history is to look next, below the base. */
    String placeBehind(String history) throws Exception {
        String body = send("GET", history, "").body();
        Matcher monitor = MONITOR.matcher(body);
        if (!monitor.find()) {
            throw new AssertionError("nothing to follow in " + body);
        }
        return monitor.group(1).substring(base().length());
    }

    /** Ends, and leaves what is in the database. */
    void leave() {
        server.close();
        store.close();
    }

    /** The databases of the others are not the test's own, which goes by itself. */
    @Override
    public void close() {
        leave();
        try (MongoClient driver = MongoClients.create(database.uri())) {
            driver.getDatabase(database.name()).drop();
        }
    }
}
