package miroir.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoDatabase;
import java.net.CookieManager;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import miroir.server.configuration.ServerConfiguration;
import miroir.storage.testing.LocalMongod;
import miroir.storage.testing.TestMongod;
import org.bson.BsonDocument;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/** A server whose database builds indexes for as long as the test wants: after a restore without any, and for a new search parameter. */
@Tag("long")
@TestInstance(Lifecycle.PER_CLASS)
final class IndexBuildIT {
    private static final Path CONF = Path.of(System.getProperty("miroir.root"), "conf");
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String NAME = "builds";
    private static final String PASSWORD = "a-long-enough-password";

    private final LocalMongod mongod = LocalMongod.startToBeHeldUp(TestMongod.binary());
    private final MongoClient client = MongoClients.create(mongod.uri());
    private Path token;

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        token = Files.writeString(folder.resolve("token"), TestServer.TOKEN);
    }

    @AfterAll
    void stop() {
        client.close();
        mongod.close();
    }

    /** As it is started by people. */
    private final class Running implements AutoCloseable {
        private final Application application;

        Running() throws Exception {
            Map<String, String> environment = Map.of(
                    "MONGODB_URI",
                    mongod.uri(),
                    "MIROIR_DATABASE",
                    NAME,
                    "MIROIR_PORT",
                    "0",
                    "MIROIR_TYPES",
                    "Practitioner,Organization,SearchParameter",
                    "MIROIR_WRITE_TOKEN_FILE",
                    token.toString());
            Path file = CONF.resolve("server.yaml");
            application = Application.start(
                    ServerConfiguration.read(file.toString(), Files.readString(file), environment::get),
                    CONF,
                    said -> {});
        }

        private URI uri(String path) {
            return URI.create("http://127.0.0.1:" + application.port() + path);
        }

        HttpResponse<String> get(String path) throws Exception {
            return Http.send("GET", uri(path));
        }

        String body(String path) throws Exception {
            return get(path).body();
        }

        int put(String type, String id, String elements) throws Exception {
            String json = "{\"resourceType\":\"" + type + "\",\"id\":\"" + id + "\"," + elements + "}";
            return Http.write("PUT", uri("/fhir/" + type + "/" + id), json).statusCode();
        }

        void makeAdministrator() throws Exception {
            String json = "{\"name\":\"ada\",\"role\":\"administrator\",\"password\":\"" + PASSWORD + "\"}";
            HttpResponse<String> made = Http.send(
                    "POST",
                    uri("/admin/api/administrators"),
                    json.getBytes(StandardCharsets.UTF_8),
                    "Authorization",
                    "Bearer " + TestServer.TOKEN,
                    "Content-Type",
                    "application/json");
            assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
        }

        /** With why the server is not ready, which not everybody is told. */
        String firstPageOfAnAdministrator() throws Exception {
            HttpClient browser =
                    HttpClient.newBuilder().cookieHandler(new CookieManager()).build();
            HttpRequest form = HttpRequest.newBuilder(uri("/admin/do/post/session"))
                    .headers("Content-Type", "application/x-www-form-urlencoded", "Accept", "text/html")
                    .POST(HttpRequest.BodyPublishers.ofString(
                            "name=ada&password=" + PASSWORD + "&next=/admin/consumers&back=/admin/login"))
                    .build();
            HttpResponse<String> loggedIn = browser.send(form, HttpResponse.BodyHandlers.ofString());
            assertThat(loggedIn.headers().firstValue("Location")).contains("/admin/consumers");
            HttpRequest page = HttpRequest.newBuilder(uri("/"))
                    .header("Accept", "text/html")
                    .build();
            return browser.send(page, HttpResponse.BodyHandlers.ofString()).body();
        }

        void awaitReady() {
            await().atMost(PATIENCE).until(() -> get("/health/ready").statusCode() == 200);
        }

        void awaitSaying(String path, String words) {
            await().atMost(PATIENCE).untilAsserted(() -> assertThat(body(path)).contains(words));
        }

        @Override
        public void close() {
            application.close();
        }
    }

    private MongoDatabase inside() {
        return client.getDatabase(NAME);
    }

    /** Of each collection the keys of its indexes. */
    private Map<String, Set<String>> indexes() {
        Map<String, Set<String>> indexes = new TreeMap<>();
        for (String collection : inside().listCollectionNames()) {
            Set<String> keys = new TreeSet<>();
            inside().getCollection(collection)
                    .listIndexes(BsonDocument.class)
                    .forEach(index -> keys.add(index.getDocument("key").toJson() + index.get("expireAfterSeconds")));
            indexes.put(collection, keys);
        }
        return indexes;
    }

    @Test
    void server_whileIndexesAreBuilt_servesTheRestAndSaysWhatItDoes() throws Exception {
        Map<String, Set<String>> before = filled();
        for (String collection : before.keySet()) {
            inside().getCollection(collection).dropIndexes();
        }
        mongod.hangIndexBuilds(true);
        try (Running server = new Running()) {
            saysThatItBuildsAll(server);
            mongod.hangIndexBuilds(false);
            server.awaitReady();
            assertThat(server.body("/fhir/Practitioner?family=lefevre&_total=accurate"))
                    .contains("\"total\":1", "Lefèvre");
            assertThat(server.put("Practitioner", "p2", "\"name\":[{\"family\":\"Nouvelle\"}]"))
                    .isEqualTo(201);
            await().atMost(PATIENCE).untilAsserted(() -> assertThat(indexes()).containsAllEntriesOf(before));

            mongod.hangIndexBuilds(true);
            searchesByAllButWhatIsNew(server);
            mongod.hangIndexBuilds(false);
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(server.body("/fhir/Organization?nickname=chu"))
                            .contains("\"o1\""));
        } finally {
            mongod.hangIndexBuilds(false);
        }
    }

    private Map<String, Set<String>> filled() throws Exception {
        try (Running server = new Running()) {
            server.awaitReady();
            server.makeAdministrator();
            server.put("Practitioner", "p1", "\"name\":[{\"family\":\"Lefèvre\"}]");
            server.put("Practitioner", "p1", "\"active\":true,\"name\":[{\"family\":\"Lefèvre\"}]");
            server.put("Organization", "o1", "\"name\":\"Centre\",\"alias\":[\"CHU\"]");
            // Notes have theirs from a thread of its own.
            await().atMost(PATIENCE)
                    .until(() ->
                            indexes().getOrDefault("miroir_audit", Set.of()).size() == 7);
            return indexes();
        }
    }

    /** As after a restore without indexes, of a database that is large. */
    private void saysThatItBuildsAll(Running server) throws Exception {
        server.awaitSaying("/health/ready", "Index Build");
        assertThat(server.get("/health/ready").statusCode()).isEqualTo(503);
        assertThat(server.get("/health/live").statusCode()).isEqualTo(200);
        assertThat(server.body("/fhir/Practitioner/p1")).contains("Lefèvre");
        assertThat(server.body("/fhir/Practitioner/p1/_history/1")).contains("Lefèvre");
        for (String path : List.of("/fhir/Practitioner?family=lefevre", "/fhir/Organization?name=centre")) {
            HttpResponse<String> refused = server.get(path);
            assertThat(refused.statusCode()).as(path).isEqualTo(503);
            assertThat(refused.headers().firstValue("Retry-After")).isPresent();
            assertThat(refused.body()).contains("\"OperationOutcome\"", "being prepared: try again");
        }
        assertThat(server.put("Practitioner", "p2", "\"active\":true"))
                .as("a place in the order cannot be given yet")
                .isEqualTo(503);
        server.awaitSaying("/metrics", "miroir_ready 0.0");
        await().atMost(PATIENCE).until(() -> builds(server) > 0);
        assertThat(server.firstPageOfAnAdministrator()).contains("preparing searches of", "Index Build");
    }

    private static double builds(Running server) throws Exception {
        return server.body("/metrics")
                .lines()
                .filter(line -> line.startsWith("miroir_index_builds "))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.indexOf(' '))))
                .sum();
    }

    /** As after a change of what is searched. */
    private static void searchesByAllButWhatIsNew(Running server) throws Exception {
        assertThat(
                        server.put(
                                "SearchParameter",
                                "nickname",
                                "\"url\":\"https://example.org/nickname\",\"name\":\"nickname\",\"status\":\"active\",\"description\":\"d\","
                                        + "\"code\":\"nickname\",\"base\":[\"Organization\"],\"type\":\"string\",\"expression\":\"Organization.alias\""))
                .isEqualTo(201);
        server.awaitSaying("/health/ready", "nickname");
        server.awaitSaying("/health/ready", "Index Build");
        assertThat(server.get("/health/ready").statusCode()).isEqualTo(200);
        // Its fields come first, which are soon made where there is one organization.
        await().atMost(PATIENCE).untilAsserted(() -> {
            HttpResponse<String> refused = server.get("/fhir/Organization?nickname=chu");
            assertThat(refused.statusCode()).isEqualTo(503);
            assertThat(refused.body()).contains("nickname", "its index is being built");
        });
        assertThat(server.body("/fhir/Organization?name=centre")).contains("\"o1\"");
        assertThat(server.put("Organization", "o1", "\"name\":\"Centre\",\"alias\":[\"CHU\",\"Hospices\"]"))
                .isEqualTo(200);
        assertThat(server.body("/fhir/Organization?name=centre")).contains("Hospices");
        await().atMost(PATIENCE).until(() -> builds(server) > 0);
        server.awaitSaying("/metrics", "miroir_search_parameters_pending 1.0");
        server.awaitSaying("/metrics", "miroir_ready 1.0");
    }
}
