package miroir.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import miroir.index.yaml.ConfigurationRefused;
import miroir.server.configuration.ServerConfiguration;
import miroir.storage.testing.MongoExtension;
import miroir.storage.testing.TestDatabase;
import org.bson.BsonDocument;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@Tag("smoke")
@ExtendWith(MongoExtension.class)
final class ApplicationIT {
    private static final Path CONF = Path.of(System.getProperty("miroir.root"), "conf");

    /** What the test and the JVM itself start when they are first used. */
    private static final Pattern OF_THE_CLIENT = Pattern.compile(
            "^(HttpClient|awaitility|Common-Cleaner|ForkJoinPool|process reaper|Keep-Alive|Attach|GC|C[12] )");

    @Test
    void start_withShippedConfiguration_becomesReadyAndAnswers(TestDatabase database, @TempDir Path folder)
            throws Exception {
        Path token = Files.writeString(folder.resolve("token"), TestServer.TOKEN + "\n");
        Map<String, String> environment = Map.of(
                "MONGODB_URI", database.uri(),
                "MIROIR_DATABASE", database.name(),
                "MIROIR_PORT", "0",
                "MIROIR_WRITE_TOKEN_FILE", token.toString());
        Path file = CONF.resolve("server.yaml");
        ServerConfiguration configuration =
                ServerConfiguration.read(file.toString(), Files.readString(file), environment::get);

        try (Application application = Application.start(configuration, CONF, said -> {})) {
            String root = "http://127.0.0.1:" + application.port();
            await().atMost(Duration.ofSeconds(60))
                    .until(() ->
                            Http.send("GET", URI.create(root + "/health/ready")).statusCode() == 200);
            String sent = "{\"resourceType\":\"Practitioner\",\"id\":\"p1\",\"name\":[{\"family\":\"Lefèvre\"}]}";
            assertThat(Http.write("PUT", URI.create(root + "/fhir/Practitioner/p1"), sent)
                            .statusCode())
                    .isEqualTo(201);
            HttpResponse<String> found = Http.send("GET", URI.create(root + "/fhir/Practitioner?family=LEFEV"));
            assertThat(found.statusCode()).isEqualTo(200);
            assertThat(found.body()).contains("\"total\":1").contains("Lefèvre").contains("\"mode\":\"match\"");
        }
    }

    @Test
    void start_databaseInANewerFormat_isRefusedAndNothingIsWritten(TestDatabase database) {
        String name = database.name() + "_newer";
        BsonDocument newer = BsonDocument.parse("{_id: 'format', number: 99, writers: 98, complete: 99}");
        ServerConfiguration configuration = ServerConfiguration.read(
                "server.yaml",
                "{listen: {port: 0}, database: {uri: '" + database.uri() + "', name: " + name + "}}",
                unset -> null);
        try (MongoClient client = MongoClients.create(database.uri())) {
            client.getDatabase(name)
                    .getCollection("miroir_state", BsonDocument.class)
                    .insertOne(newer);

            assertThatThrownBy(() ->
                            Application.start(configuration, CONF, said -> {}).close())
                    .isInstanceOf(ConfigurationRefused.class)
                    .hasMessageStartingWith("the database " + name + ": what is stored is of format 99")
                    .hasMessageContaining("docs/operations/upgrade.md");

            assertThat(client.getDatabase(name).listCollectionNames()).containsExactly("miroir_state");
        }
    }

    @Test
    void serve_databaseIsBroughtToANewerFormatMeanwhile_answers503(TestDatabase database) throws Exception {
        String name = database.name() + "_raised";
        ServerConfiguration configuration = ServerConfiguration.read(
                "server.yaml",
                "{listen: {port: 0}, fhir: {types: Practitioner}, database: {uri: '" + database.uri() + "', name: "
                        + name + "}}",
                unset -> null);
        try (MongoClient client = MongoClients.create(database.uri());
                Application application = Application.start(configuration, CONF, said -> {})) {
            String root = "http://127.0.0.1:" + application.port();
            await().atMost(Duration.ofSeconds(60)).until(() -> status(root + "/health/ready") == 200);
            assertThat(status(root + "/fhir/Practitioner/none")).isEqualTo(404);

            client.getDatabase(name)
                    .getCollection("miroir_state", BsonDocument.class)
                    .updateOne(
                            BsonDocument.parse("{_id: 'format'}"),
                            BsonDocument.parse("{$set: {number: 99, writers: 98}}"));

            await().until(() -> status(root + "/fhir/Practitioner/none") == 503);
            assertThat(status(root + "/fhir/Practitioner?active=true")).isEqualTo(503);
            await().until(() -> Http.send("GET", URI.create(root + "/health/ready"))
                    .body()
                    .contains("what is stored is of format 99"));
            assertThat(status(root + "/health/ready")).isEqualTo(503);
        }
    }

    private static int status(String address) throws Exception {
        return Http.send("GET", URI.create(address)).statusCode();
    }

    @Test
    void close_leavesNoThreadBehind(TestDatabase database) throws Exception {
        Set<Thread> before = Thread.getAllStackTraces().keySet();
        ServerConfiguration configuration = ServerConfiguration.read(
                "server.yaml",
                "{listen: {port: 0}, database: {uri: '" + database.uri() + "', name: " + database.name() + "}}",
                name -> null);
        try (Application application = Application.start(configuration, CONF, said -> {})) {
            URI base = URI.create("http://127.0.0.1:" + application.port() + "/fhir/Practitioner/none");
            assertThat(Http.send("GET", base).statusCode()).isEqualTo(404);
        }

        await().untilAsserted(() -> assertThat(Thread.getAllStackTraces().keySet())
                .filteredOn(thread -> !before.contains(thread)
                        && !isOfTheJdk(thread)
                        && !OF_THE_CLIENT.matcher(thread.getName()).find())
                .isEmpty());
    }

    /** The pollers and timers that carry virtual threads, started once for the life of the JVM. */
    private static boolean isOfTheJdk(Thread thread) {
        ThreadGroup group = thread.getThreadGroup();
        return group != null && group.getName().equals("InnocuousThreadGroup");
    }

    /** Maven runs this when the jar is there. */
    @Test
    void jar_saysItsVersion() throws Exception {
        try (Stream<Path> jars = Files.list(Path.of(System.getProperty("miroir.root"), "server", "target", "app"))) {
            Path jar = jars.filter(file -> file.getFileName().toString().startsWith("server-"))
                    .findFirst()
                    .orElseThrow();
            try (JarFile file = new JarFile(jar.toFile())) {
                assertThat(file.getManifest().getMainAttributes().getValue(Attributes.Name.IMPLEMENTATION_VERSION))
                        .isNotBlank()
                        .isEqualTo(jar.getFileName().toString().replaceAll("server-|\\.jar", ""));
            }
        }
    }
}
