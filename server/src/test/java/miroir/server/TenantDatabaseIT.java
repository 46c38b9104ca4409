package miroir.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import miroir.server.configuration.ServerConfiguration;
import miroir.storage.testing.MongoExtension;
import miroir.storage.testing.TestDatabase;
import org.bson.BsonDocument;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The database of one tenant fails, and that is nothing to the others. */
@ExtendWith(MongoExtension.class)
final class TenantDatabaseIT {
    private static final String TOKEN = "north-0123456789abcdef";

    private String root = "";

    @Test
    void databaseOfATenant_outOfOrder_leavesTheOthersAlone(TestDatabase database, @TempDir Path folder)
            throws Exception {
        try (DatabaseGate gate = new DatabaseGate(database);
                Application application = start(database, gate, folder)) {
            root = "http://127.0.0.1:" + application.port();
            await().atMost(Duration.ofMinutes(1)).until(() -> isReady("") && isReady("/north"));
            for (String tenant : List.of("", "/north")) {
                assertThat(write(tenant, "p").statusCode()).isEqualTo(201);
            }
            String consumer = consumerOfNorth();

            gate.shut();
            await().atMost(Duration.ofMinutes(1)).until(() -> !isReady("/north"));
            for (HttpResponse<String> refused : List.of(
                    get(TOKEN, "/north/fhir/Practitioner/p"),
                    get(TOKEN, "/north/fhir/Practitioner?active=true"),
                    write("/north", "q"),
                    get(consumer, "/fhir/Practitioner/p"))) {
                assertThat(refused.statusCode()).as(refused.body()).isEqualTo(503);
                assertThat(refused.body()).doesNotContain("127.0.0.1", database.name(), "\tat ");
            }
            assertThat(isReady("")).isTrue();
            assertThat(get(TestServer.TOKEN, "/fhir/Practitioner/p").statusCode())
                    .isEqualTo(200);
            assertThat(get(TestServer.TOKEN, "/fhir/Practitioner?active=true").body())
                    .contains("\"total\":1");
            assertThat(write("", "q").statusCode()).isEqualTo(201);
            assertThat(get(TestServer.TOKEN, "/admin/api/consumers").statusCode())
                    .isEqualTo(200);

            gate.open();
            await().atMost(Duration.ofMinutes(1))
                    .until(() -> get(consumer, "/fhir/Practitioner/p").statusCode() == 200);
            await().atMost(Duration.ofMinutes(1)).until(() -> isReady("/north"));
            assertThat(write("/north", "q").statusCode()).isEqualTo(201);
        }
    }

    private static Application start(TestDatabase database, DatabaseGate gate, Path folder) throws Exception {
        Path conf =
                SearchFolder.in(Files.createDirectory(folder.resolve("conf"))).path();
        Path north = Files.createDirectories(conf.resolve("tenants/north"));
        Path token = Files.writeString(folder.resolve("north-token"), TOKEN);
        Files.writeString(north.resolve("server.yaml"), """
                access: {mode: token, writeTokenFile: "%s"}
                fhir: {types: Practitioner}
                database: {uri: "%s", serverSelectionTimeout: 1s, operationTimeout: 2s}
                """.formatted(token, gate.uri()));
        Map<String, String> environment = Map.of(
                "MONGODB_URI", database.uri(),
                "MIROIR_DATABASE", database.name(),
                "MIROIR_PORT", "0",
                "MIROIR_TYPES", "Practitioner",
                "MIROIR_WRITE_TOKEN_FILE",
                        Files.writeString(folder.resolve("token"), TestServer.TOKEN)
                                .toString());
        Path file = conf.resolve("server.yaml");
        ServerConfiguration configuration =
                ServerConfiguration.read(file.toString(), Files.readString(file), environment::get);
        return Application.start(
                configuration, conf, TenantFiles.readAll(conf, configuration, environment::get), said -> {});
    }

    private boolean isReady(String tenant) throws Exception {
        return get("", tenant + "/health/ready").statusCode() == 200;
    }

    private HttpResponse<String> get(String token, String path) throws Exception {
        return send(token, "GET", path, "");
    }

    private HttpResponse<String> send(String token, String method, String path, String body) throws Exception {
        URI uri = URI.create(root + path);
        String type = path.contains("/admin/") ? "application/json" : "application/fhir+json";
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        return token.isEmpty()
                ? Http.send(method, uri, bytes, "Content-Type", type)
                : Http.send(method, uri, bytes, "Content-Type", type, "Authorization", "Bearer " + token);
    }

    private HttpResponse<String> write(String tenant, String id) throws Exception {
        String token = tenant.isEmpty() ? TestServer.TOKEN : TOKEN;
        String json = "{\"resourceType\":\"Practitioner\",\"id\":\"" + id + "\",\"active\":true}";
        return send(token, "PUT", tenant + "/fhir/Practitioner/" + id, json);
    }

    private String consumerOfNorth() throws Exception {
        send(TOKEN, "PUT", "/north/admin/api/consumers/shop", "{\"roles\":[\"everything\"]}");
        String issued = send(TOKEN, "POST", "/north/admin/api/consumers/shop/tokens", "{\"label\":\"till\"}")
                .body();
        return BsonDocument.parse(issued).getString("token").getValue();
    }
}
