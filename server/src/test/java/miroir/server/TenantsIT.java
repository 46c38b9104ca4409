package miroir.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.rest.client.api.IGenericClient;
import ca.uhn.fhir.rest.client.api.ServerValidationModeEnum;
import ca.uhn.fhir.rest.client.interceptor.BearerTokenAuthInterceptor;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import miroir.server.configuration.ServerConfiguration;
import miroir.server.fhir.RoutingRows;
import miroir.storage.testing.MongoExtension;
import miroir.storage.testing.TestDatabase;
import org.bson.BsonDocument;
import org.hl7.fhir.r4.model.Bundle;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Two tenants and the server's own, in one process: what one has is not seen through another, whatever is asked. */
@ExtendWith(MongoExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class TenantsIT {
    private static final int PRACTITIONERS = 25;

    private Application application;
    private String root;
    private final Map<String, String> tokens =
            Map.of("", TestServer.TOKEN, "/north", "north-0123456789abcdef", "/south", "south-0123456789abcdef");
    private String consumerOfNorth;

    @BeforeAll
    void start(TestDatabase database, @TempDir Path folder) throws Exception {
        Path conf =
                SearchFolder.in(Files.createDirectory(folder.resolve("conf"))).path();
        tenant(conf, "north", "Practitioner,Organization");
        tenant(conf, "south", "Practitioner,Device");
        SearchFolder ofNorth = new SearchFolder(conf.resolve("tenants/north"));
        copy(conf.resolve("search"), ofNorth.path().resolve("search"));
        ofNorth.write("probe.yaml", SearchFolder.parameter("probe", "alias"));
        Path token = Files.writeString(folder.resolve("token"), TestServer.TOKEN + "\n");
        Map<String, String> environment = Map.of(
                "MONGODB_URI", database.uri(),
                "MIROIR_DATABASE", database.name(),
                "MIROIR_PORT", "0",
                "MIROIR_TYPES", "Practitioner,HealthcareService",
                "MIROIR_WRITE_TOKEN_FILE", token.toString());
        Path file = conf.resolve("server.yaml");
        ServerConfiguration configuration =
                ServerConfiguration.read(file.toString(), Files.readString(file), environment::get);
        application = Application.start(
                configuration, conf, TenantFiles.readAll(conf, configuration, environment::get), said -> {});
        root = "http://127.0.0.1:" + application.port();
        for (String tenant : tokens.keySet()) {
            await().atMost(Duration.ofMinutes(1))
                    .until(() -> Http.send("GET", URI.create(root + tenant + "/health/ready"))
                                    .statusCode()
                            == 200);
            for (int i = 0; i < PRACTITIONERS; i++) {
                assertThat(write(tenant, "PUT", "/Practitioner/p" + i, practitioner("p" + i, tenant))
                                .statusCode())
                        .isEqualTo(201);
            }
        }
        consumerOfNorth = consumer("/north");
    }

    private static void tenant(Path conf, String name, String types) throws Exception {
        Path folder = Files.createDirectories(conf.resolve("tenants").resolve(name));
        Path token = Files.writeString(folder.resolve("token"), name + "-0123456789abcdef\n");
        Files.writeString(
                folder.resolve("server.yaml"),
                "access: {mode: token, writeTokenFile: \"" + token + "\"}\nfhir: {types: \"" + types + "\"}\n");
    }

    private static void copy(Path from, Path to) throws Exception {
        Files.createDirectories(to);
        try (var files = Files.list(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(file.getFileName()));
            }
        }
    }

    @AfterAll
    void stop() {
        application.close();
    }

    /** What no other tenant may be told. */
    private static String secret(String tenant) {
        return "Secret" + (tenant.isEmpty() ? "own" : tenant.substring(1));
    }

    private static String practitioner(String id, String tenant) {
        return "{\"resourceType\":\"Practitioner\",\"id\":\"" + id + "\",\"identifier\":[{\"value\":\"1\"}],"
                + "\"active\":true,\"name\":[{\"family\":\"" + secret(tenant) + "\"}]}";
    }

    private HttpResponse<String> write(String tenant, String method, String path, String json) throws Exception {
        return send(tenant, token(tenant), method, "/fhir" + path, json, "application/fhir+json");
    }

    private String token(String tenant) {
        return String.valueOf(tokens.get(tenant));
    }

    private HttpResponse<String> get(String token, String path) throws Exception {
        return send("", token, "GET", path, "", "application/fhir+json");
    }

    private HttpResponse<String> send(
            String tenant, String token, String method, String path, String body, String contentType) throws Exception {
        List<String> headers = new ArrayList<>(List.of("Content-Type", contentType));
        if (!token.isEmpty()) {
            headers.addAll(List.of("Authorization", "Bearer " + token));
        }
        return Http.send(
                method,
                URI.create(root + tenant + path),
                body.getBytes(StandardCharsets.UTF_8),
                headers.toArray(String[]::new));
    }

    private BsonDocument administer(String tenant, String method, String path, String json) throws Exception {
        HttpResponse<String> answer =
                send(tenant, token(tenant), method, "/admin/api/" + path, json, "application/json");
        assertThat(answer.statusCode() / 100).as(answer.body()).isEqualTo(2);
        return answer.body().isEmpty() ? new BsonDocument() : BsonDocument.parse(answer.body());
    }

    private String consumer(String tenant) throws Exception {
        administer(tenant, "PUT", "consumers/shop", "{\"roles\":[\"everything\"]}");
        return administer(tenant, "POST", "consumers/shop/tokens", "{\"label\":\"till\"}")
                .getString("token")
                .getValue();
    }

    private void assertNothingOfOthers(String tenant, HttpResponse<String> answer, String what) {
        for (String other : tokens.keySet()) {
            if (!other.equals(tenant)) {
                String all = answer.headers().map() + answer.body();
                assertThat(all).as(what).doesNotContain(secret(other));
                if (!other.isEmpty()) {
                    assertThat(all).as(what).doesNotContain(other + "/", "miroir_" + other.substring(1));
                }
            }
        }
        assertThat(answer.statusCode()).as(what).isNotEqualTo(500);
    }

    @Test
    void everyInteraction_showsNothingOfAnotherTenant() throws Exception {
        for (String tenant : tokens.keySet()) {
            for (RoutingRows.Sent row : RoutingRows.all()) {
                if (row.method().equals("DELETE") || row.path().contains("$erase")) {
                    continue; // What others need.
                }
                for (String token : List.of(token(tenant), "", "miroir_wrong")) {
                    HttpResponse<String> answer =
                            send(tenant, token, row.method(), "/fhir" + row.path(), row.body(), row.contentType());
                    assertNothingOfOthers(tenant, answer, tenant + " " + row.method() + " " + row.path());
                }
            }
        }
    }

    @Test
    void everyInteraction_withATokenOfAnotherTenant_isRefused() throws Exception {
        for (String token : List.of(consumerOfNorth, token("/north"), token(""))) {
            for (RoutingRows.Sent row : RoutingRows.all()) {
                HttpResponse<String> answer =
                        send("/south", token, row.method(), "/fhir" + row.path(), row.body(), row.contentType());
                assertThat(answer.statusCode())
                        .as(row.method() + " " + row.path())
                        .isEqualTo(row.path().contains("Observation") ? 404 : 401);
                assertNothingOfOthers("/south", answer, row.path());
            }
        }
        assertThat(send("/south", consumerOfNorth, "GET", "/admin/api/consumers", "", "application/json")
                        .statusCode())
                .isEqualTo(401);
    }

    @Test
    void deletion_inOneTenant_leavesTheOthersAlone() throws Exception {
        for (String tenant : tokens.keySet()) {
            write(tenant, "PUT", "/Practitioner/same", practitioner("same", tenant));
        }
        assertThat(write("/north", "DELETE", "/Practitioner/same", "").statusCode())
                .isIn(200, 204);

        assertThat(get(token("/north"), "/north/fhir/Practitioner/same").statusCode())
                .isEqualTo(410);
        assertThat(get(token("/south"), "/south/fhir/Practitioner/same").body()).contains(secret("/south"));
        assertThat(get(token(""), "/fhir/Practitioner/same").body()).contains(secret(""));
    }

    @Test
    void pages_areOfOneTenant_andLinksStayInIt() throws Exception {
        HttpResponse<String> first = get(token("/north"), "/north/fhir/Practitioner?_count=10&_sort=family");
        assertThat(first.body()).contains("/north/fhir/Practitioner/p1\"");
        String next = BsonDocument.parse(first.body()).getArray("link").stream()
                .map(link -> link.asDocument().getString("url").getValue())
                .filter(url -> url.contains("_page"))
                .findFirst()
                .orElseThrow();

        assertThat(next).startsWith(root + "/north/fhir");
        assertThat(get(token("/north"), next.substring(root.length())).statusCode())
                .isEqualTo(200);
        for (String other : List.of("/south", "")) {
            HttpResponse<String> foreign =
                    get(token(other), next.substring(root.length()).replace("/north", other));
            assertThat(foreign.statusCode()).as(other).isEqualTo(400);
            assertNothingOfOthers(other, foreign, next);
        }
    }

    @Test
    void client_walksThePagesOfATenant() {
        FhirContext context = FhirContext.forR4Cached();
        context.getRestfulClientFactory().setServerValidationMode(ServerValidationModeEnum.NEVER);
        IGenericClient client = context.newRestfulGenericClient(root + "/south/fhir");
        client.registerInterceptor(new BearerTokenAuthInterceptor(token("/south")));
        Set<String> found = new HashSet<>();
        Bundle page = client.search()
                .byUrl("Practitioner?family=secretsouth&_count=7")
                .returnBundle(Bundle.class)
                .execute();
        while (page != null) {
            page.getEntry().forEach(entry -> found.add(entry.getFullUrl()));
            page = page.getLink("next") == null
                    ? null
                    : client.loadPage().next(page).execute();
        }
        assertThat(found)
                .hasSizeGreaterThanOrEqualTo(PRACTITIONERS)
                .allMatch(url -> url.startsWith(root + "/south/fhir/Practitioner/"));
    }

    @Test
    void token_withoutThePath_leadsToItsTenant() throws Exception {
        HttpResponse<String> found = get(consumerOfNorth, "/fhir/Practitioner/p9");

        assertThat(found.body()).contains(secret("/north"));
        assertNothingOfOthers("/north", found, "by token");
        assertThat(get(consumerOfNorth, "/fhir/Practitioner?_count=2").body())
                .contains(root + "/north/fhir/Practitioner/");
        HttpResponse<String> byKey =
                Http.send("GET", URI.create(root + "/fhir/Practitioner/p9"), "ESANTE-API-KEY", consumerOfNorth);
        assertThat(byKey.body()).contains(secret("/north"));
        HttpResponse<String> created = send(
                "",
                consumerOfNorth,
                "POST",
                "/fhir/Practitioner",
                practitioner("x", "/north"),
                "application/fhir+json");
        assertThat(created.headers().firstValue("Location").orElse("")).startsWith(root + "/north/fhir/Practitioner/");
        assertThat(get(consumerOfNorth, "/metrics").statusCode()).isEqualTo(401);
        assertThat(get(token(""), "/fhir/Practitioner/p9").body()).contains(secret(""));
        assertThat(get("", "/fhir/Practitioner/p9").body()).contains(secret(""));
        administer("/north", "PUT", "consumers/shop/blocked", "{\"blocked\":true}");
        assertThat(get(consumerOfNorth, "/fhir/Practitioner/p9").statusCode())
                .as("his, and not the server's own")
                .isEqualTo(401);
        administer("/north", "PUT", "consumers/shop/blocked", "{\"blocked\":false}");
    }

    @Test
    void typesAndParameters_areTheTenantsOwn() throws Exception {
        assertThat(get(token("/north"), "/north/fhir/Organization?probe=x").statusCode())
                .isEqualTo(200);
        assertThat(get(token("/north"), "/north/fhir/Device").statusCode()).isEqualTo(404);
        assertThat(get(token("/south"), "/south/fhir/Device").statusCode()).isEqualTo(200);
        HttpResponse<String> refused = get(token("/south"), "/south/fhir/Organization");
        assertThat(refused.statusCode()).isEqualTo(404);
        assertThat(refused.body()).contains("Device").doesNotContain("HealthcareService");
        assertThat(get(token("/north"), "/north/fhir/metadata").body())
                .contains("\"probe\"", root + "/north/fhir")
                .doesNotContain("\"Device\"");
        assertThat(get("", "/fhir/metadata").body()).doesNotContain("\"probe\"", "/north");
    }

    @Test
    void consumersNotesAndNumbers_areTheTenantsOwn() throws Exception {
        administer("/south", "PUT", "roles/only-south", "{\"permissions\":[\"READ on Device\"]}");

        assertThat(administer("/north", "GET", "roles", "").toJson()).doesNotContain("only-south");
        assertThat(administer("", "GET", "consumers", "").toJson()).doesNotContain("shop");
        assertThat(administer("/north", "GET", "audit?type=PUT_ROLE", "").toJson())
                .doesNotContain("only-south");
        assertThat(administer("/south", "GET", "audit?type=PUT_ROLE", "").toJson())
                .contains("only-south");
        get(token("/south"), "/south/fhir/Device");
        assertThat(get("", "/south/metrics").body()).contains("Device");
        assertThat(get("", "/north/metrics").body()).doesNotContain("Device");
        administer(
                "/north", "PUT", "administrators/ada", "{\"role\":\"viewer\",\"password\":\"correct horse battery\"}");
        String session = administer(
                        "/north", "POST", "session", "{\"name\":\"ada\",\"password\":\"correct horse battery\"}")
                .getString("token")
                .getValue();
        assertThat(send("/north", session, "GET", "/admin/api/roles", "", "application/json")
                        .statusCode())
                .isEqualTo(200);
        assertThat(send("/south", session, "GET", "/admin/api/roles", "", "application/json")
                        .statusCode())
                .isEqualTo(401);
        assertThat(send("", session, "GET", "/admin/api/roles", "", "application/json")
                        .statusCode())
                .isEqualTo(401);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/north/../south/fhir/Practitioner/p1",
                "/north/%2e%2e/south/fhir/Practitioner/p1",
                "/%6eorth/fhir/Practitioner/p1",
                "//north/fhir/Practitioner/p1",
                "/north//fhir/Practitioner/p1",
                "/north;x=1/fhir/Practitioner/p1",
                "/NORTH/fhir/Practitioner/p1",
                "/north%2ffhir/Practitioner/p1",
                "/north/north/fhir/Practitioner/p1",
                "/fhir/north/Practitioner/p1",
                "/northfhir/Practitioner/p1",
                "/north/fhir/../../fhir/Practitioner/p1"
            })
    void paths_thatSpellATenantInAnotherWay_leadNowhere(String path) throws Exception {
        for (String token : tokens.values()) {
            HttpResponse<String> answer = get(token, path);
            assertThat(answer.statusCode()).as(path).isBetween(400, 499);
            assertThat(answer.body()).doesNotContain("Secret");
        }
    }

    @Test
    void pagesOfATenant_haveItsLinks() throws Exception {
        assertThat(get("", "/north").body()).contains("<h1>Miroir</h1>", root + "/north/fhir", "\"/north/metrics\"");
        assertThat(get("", "/north/").statusCode()).isEqualTo(200);
        assertThat(get("", "/north/health/live").statusCode()).isEqualTo(200);
        assertThat(get("", "/nowhere/fhir/Practitioner").statusCode()).isEqualTo(404);
        assertThat(get("", "/").body()).doesNotContain("north", "south");
    }
}
