package miroir.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.rest.client.api.IGenericClient;
import ca.uhn.fhir.rest.client.api.ServerValidationModeEnum;
import ca.uhn.fhir.rest.client.interceptor.BearerTokenAuthInterceptor;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import miroir.server.configuration.ServerConfiguration;
import miroir.server.fhir.RoutingRows;
import miroir.storage.testing.MongoExtension;
import miroir.storage.testing.TestDatabase;
import org.bson.BsonDocument;
import org.bson.BsonValue;
import org.hl7.fhir.r4.model.Bundle;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Two tenants and the server's own, in one process: what one has is not seen through another, whatever is asked. */
@ExtendWith(MongoExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class TenantsIT {
    private static final int PRACTITIONERS = 25;
    private static final String GATEWAY = "gateway.example";
    private static final String FHIR = "application/fhir+json";
    private static final String FORM = "application/x-www-form-urlencoded";

    private Application application;
    private String root;
    private final Map<String, String> tokens =
            Map.of("", TestServer.TOKEN, "/north", "north-0123456789abcdef", "/south", "south-0123456789abcdef");
    private String consumerOfNorth;

    @BeforeAll
    void start(TestDatabase database, @TempDir Path folder) throws Exception {
        Path conf =
                SearchFolder.in(Files.createDirectory(folder.resolve("conf"))).path();
        tenant(conf, "north", "Practitioner,Organization,ValueSet", "search: {directoryPath: annuaire}");
        tenant(conf, "south", "Practitioner,Device,ValueSet");
        tenant(conf, "east", "Practitioner", "listen: {publicBase: \"https://east.example/fhir\"}");
        SearchFolder ofNorth = new SearchFolder(conf.resolve("tenants/north"));
        copy(conf.resolve("search"), ofNorth.path().resolve("search"));
        ofNorth.write("probe.yaml", SearchFolder.parameter("probe", "alias"));
        Path token = Files.writeString(folder.resolve("token"), TestServer.TOKEN + "\n");
        Map<String, String> environment = Map.of(
                "MONGODB_URI",
                database.uri(),
                "MIROIR_DATABASE",
                database.name(),
                "MIROIR_PORT",
                "0",
                "MIROIR_TYPES",
                "Practitioner,HealthcareService",
                "MIROIR_TRUSTED_PROXIES",
                "127.0.0.1",
                "MIROIR_OPEN_BEYOND_LOOPBACK",
                "true",
                "MIROIR_FORWARDED_HEADERS",
                "X-Forwarded-For,X-Forwarded-Host,X-Forwarded-Proto,X-Forwarded-Prefix",
                "MIROIR_HOSTS",
                GATEWAY,
                "MIROIR_WRITE_TOKEN_FILE",
                token.toString());
        Path file = conf.resolve("server.yaml");
        String yaml = Files.readString(file).replace("  directoryPath:", "  directoryPath: annuaire");
        ServerConfiguration configuration = ServerConfiguration.read(file.toString(), yaml, environment::get);
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
        await().atMost(Duration.ofMinutes(1))
                .until(() -> get("", "/east/health/ready").statusCode() == 200);
        consumerOfNorth = consumer("/north");
    }

    private static void tenant(Path conf, String name, String types, String... more) throws Exception {
        Path folder = Files.createDirectories(conf.resolve("tenants").resolve(name));
        Path token = Files.writeString(folder.resolve("token"), name + "-0123456789abcdef\n");
        Files.writeString(
                folder.resolve("server.yaml"),
                "access: {mode: token, writeTokenFile: \"" + token + "\"}\nfhir: {types: \"" + types + "\"}\n"
                        + String.join("\n", more));
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
        return send(tenant, token(tenant), method, "/fhir" + path, json, FHIR);
    }

    private String token(String tenant) {
        return String.valueOf(tokens.get(tenant));
    }

    private HttpResponse<String> get(String token, String path) throws Exception {
        return send("", token, "GET", path, "", FHIR);
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
    void tokenOfAConsumer_atTheBaseOfTheDirectory_leadsToThatOfItsTenant() throws Exception {
        HttpResponse<String> found = Http.send(
                "GET", URI.create(root + "/annuaire/fhir/Practitioner?_count=1"), "ESANTE-API-KEY", consumerOfNorth);
        HttpResponse<String> strange =
                Http.send("GET", URI.create(root + "/annuaire/fhir/Practitioner"), "ESANTE-API-KEY", "miroir_nobody");

        assertThat(found.statusCode()).as(found.body()).isEqualTo(200);
        assertThat(found.body()).contains(root + "/north/annuaire/fhir/Practitioner?_page=");
        assertThat(strange.statusCode()).isEqualTo(401);
        assertThat(Http.send("GET", URI.create(root + "/south/annuaire/fhir/Practitioner"))
                        .statusCode())
                .isEqualTo(404);
    }

    @Test
    void everyInteraction_showsAndChangesNothingOfAnotherTenant() throws Exception {
        for (String tenant : tokens.keySet()) {
            Map<String, String> others = historiesOfOthers(tenant);
            for (RoutingRows.Sent row : RoutingRows.all()) {
                for (String token : List.of(token(tenant), "", "miroir_wrong")) {
                    HttpResponse<String> answer = send(tenant, token, row);
                    assertNothingOfOthers(tenant, answer, tenant + " " + row.method() + " " + row.path());
                }
            }
            assertThat(historiesOfOthers(tenant)).isEqualTo(others);
            write(tenant, "PUT", "/Practitioner/p2", practitioner("p2", tenant));
        }
    }

    @Test
    void everyInteraction_byTokenAlone_showsAndChangesNothingOfAnotherTenant() throws Exception {
        Map<String, String> others = historiesOfOthers("/north");
        for (RoutingRows.Sent row : RoutingRows.all()) {
            HttpResponse<String> answer = send("", consumerOfNorth, row);
            assertThat(answer.statusCode()).as(row.toString()).isNotIn(401, 403);
            assertNothingOfOthers("/north", answer, "by token: " + row.method() + " " + row.path());
        }
        assertThat(historiesOfOthers("/north")).isEqualTo(others);
        write("/north", "PUT", "/Practitioner/p2", practitioner("p2", "/north"));
    }

    private HttpResponse<String> send(String tenant, String token, RoutingRows.Sent row) throws Exception {
        return send(tenant, token, row.method(), "/fhir" + row.path(), row.body(), row.contentType());
    }

    /** All that was ever done to their resources. */
    private Map<String, String> historiesOfOthers(String tenant) throws Exception {
        Map<String, String> histories = new HashMap<>();
        for (String other : tokens.keySet()) {
            if (!other.equals(tenant)) {
                String all =
                        get(token(other), other + "/fhir/_history?_count=1000").body();
                histories.put(other, BsonDocument.parse(all).getArray("entry").toString());
            }
        }
        return histories;
    }

    @Test
    void everyInteraction_withATokenOfAnotherTenant_isRefused() throws Exception {
        for (String tenant : tokens.keySet()) {
            List<String> foreign = new ArrayList<>(tokens.values());
            foreign.remove(token(tenant));
            if (tenant.equals("/south")) {
                foreign.add(consumerOfNorth);
            }
            for (String token : foreign) {
                for (RoutingRows.Sent row : RoutingRows.all()) {
                    HttpResponse<String> answer = send(tenant, token, row);
                    assertThat(answer.statusCode())
                            .as(tenant + " " + row.method() + " " + row.path())
                            .isIn(refusals(row.path()));
                    assertNothingOfOthers(tenant, answer, row.path());
                }
            }
        }
        assertThat(send("/south", consumerOfNorth, "GET", "/admin/api/consumers", "", "application/json")
                        .statusCode())
                .isEqualTo(401);
    }

    /** What is not served by each tenant is no matter of tokens. */
    private static List<Integer> refusals(String path) {
        if (path.contains("Observation")) {
            return List.of(404);
        }
        if (path.contains("CodeSystem") || path.contains("ValueSet")) {
            return List.of(401, 404);
        }
        return path.contains("$directory-search") ? List.of(401, 501) : List.of(401);
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

    /** The last is longer than a link may be, and is kept. */
    static Stream<String> pages() {
        return Stream.of(
                "GET /Practitioner?_count=10&_sort=family",
                "GET ?_type=Practitioner&_count=10",
                "GET /_history?_count=10",
                "GET /Practitioner/_history?_count=10",
                "POST /Practitioner/_search?_count=10&active=true",
                "POST /_search?_count=10&_type=Practitioner",
                "GET /Practitioner?_count=10&family=secret,"
                        + Stream.generate(() -> "x".repeat(80)).limit(30).collect(Collectors.joining(",")));
    }

    @ParameterizedTest
    @MethodSource("pages")
    void pages_areOfOneTenant_andLinksStayInIt(String request) throws Exception {
        String method = request.substring(0, request.indexOf(' '));
        String path = request.substring(method.length() + 1);
        int query = method.equals("POST") ? path.indexOf('?') : path.length();
        String form = path.substring(Math.min(path.length(), query + 1));
        for (String token : List.of(token("/north"), consumerOfNorth)) {
            HttpResponse<String> first = send("/north", token, method, "/fhir" + path.substring(0, query), form, FORM);
            assertThat(first.body()).contains("/north/fhir/Practitioner/p");
            String next = next(first);

            assertThat(next).startsWith(root + "/north/fhir").hasSizeLessThan(2_000);
            assertThat(get(token, next.substring(root.length())).body()).contains(secret("/north"));
            for (String other : List.of("/south", "")) {
                HttpResponse<String> foreign =
                        get(token(other), next.substring(root.length()).replace("/north", other));
                assertThat(foreign.statusCode()).as(other).isEqualTo(400);
                assertNothingOfOthers(other, foreign, next);
            }
            String byToken = next.substring(root.length()).replace("/north", "");
            assertNothingOfOthers("/north", get(consumerOfNorth, byToken), byToken);
        }
    }

    private static String next(HttpResponse<String> page) {
        return BsonDocument.parse(page.body()).getArray("link").stream()
                .map(BsonValue::asDocument)
                .filter(link -> link.getString("relation").getValue().equals("next"))
                .map(link -> link.getString("url").getValue())
                .findFirst()
                .orElseThrow();
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
        HttpResponse<String> created =
                send("", consumerOfNorth, "POST", "/fhir/Practitioner", practitioner("x", "/north"), FHIR);
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

    /** Of one address, with other codes: whatever is remembered of one must not be what another is asked by. */
    @Test
    void valueSets_ofOneAddress_areTheTenantsOwn() throws Exception {
        Map<String, String> codes = Map.of("/north", "FR", "/south", "DE");
        for (Map.Entry<String, String> each : codes.entrySet()) {
            String only = "\"compose\":{\"include\":[{\"system\":\"urn:iso:std:iso:3166\",\"concept\":[{\"code\":\""
                    + each.getValue() + "\"}]}]}";
            write(each.getKey(), "PUT", "/ValueSet/both", valueSet("both", "FR", only));
            write(each.getKey(), "PUT", "/ValueSet/other", valueSet("other", "DE", only));
        }

        for (int round = 0; round < 3; round++) {
            for (Map.Entry<String, String> each : codes.entrySet()) {
                String path =
                        each.getKey() + "/fhir/ValueSet?jurisdiction:in=http://example.org/both&_elements=jurisdiction";
                String found = get(token(each.getKey()), path).body();

                assertThat(found).contains("\"total\":1", "\"code\":\"" + each.getValue() + "\"");
            }
        }
    }

    private static String valueSet(String id, String country, String content) {
        return "{\"resourceType\":\"ValueSet\",\"id\":\"" + id + "\",\"url\":\"http://example.org/" + id
                + "\",\"status\":\"active\",\"jurisdiction\":[{\"coding\":[{\"system\":\"urn:iso:std:iso:3166\",\"code\":\""
                + country + "\"}]}]," + content + "}";
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
        assertThat(get("", "/north").body()).contains("<h1>", root + "/north/fhir", "\"/north/metrics\"");
        assertThat(get("", "/north/").statusCode()).isEqualTo(200);
        assertThat(get("", "/north/health/live").statusCode()).isEqualTo(200);
        assertThat(get("", "/nowhere/fhir/Practitioner").statusCode()).isEqualTo(404);
        assertThat(get("", "/").body()).doesNotContain("north", "south");
    }

    @Test
    void links_behindAGateway_haveItsPrefixBeforeTheTenants() throws Exception {
        HttpResponse<String> page = behindGateway(token("/north"), "/north/fhir/Practitioner?_count=2");
        assertThat(page.body()).contains("\"https://" + GATEWAY + "/api/north/fhir/Practitioner/p");
        assertThat(next(page)).startsWith("https://" + GATEWAY + "/api/north/fhir");
        assertThat(behindGateway(consumerOfNorth, "/fhir/Practitioner?_count=2").body())
                .contains("\"https://" + GATEWAY + "/api/north/fhir/Practitioner/p");
        assertNothingOfOthers("/north", page, "behind a gateway");
        HttpResponse<String> own = behindGateway(token(""), "/fhir/Practitioner?_count=2");
        assertThat(own.body()).contains("\"https://" + GATEWAY + "/api/fhir/Practitioner/p");
        assertNothingOfOthers("", own, "behind a gateway");
    }

    private HttpResponse<String> behindGateway(String token, String path) throws Exception {
        return Http.send(
                "GET",
                URI.create(root + path),
                "Authorization",
                "Bearer " + token,
                "X-Forwarded-For",
                "192.0.2.1",
                "X-Forwarded-Host",
                GATEWAY,
                "X-Forwarded-Proto",
                "https",
                "X-Forwarded-Prefix",
                "/api");
    }

    @Test
    void links_ofATenantWithABase_areThatBases() throws Exception {
        String token = "east-0123456789abcdef";
        for (int i = 0; i < 3; i++) {
            send("/east", token, "PUT", "/fhir/Practitioner/e" + i, practitioner("e" + i, "/east"), FHIR);
        }
        HttpResponse<String> page = send("/east", token, "GET", "/fhir/Practitioner?_count=2", "", FHIR);
        assertThat(page.body())
                .contains("\"https://east.example/fhir/Practitioner/e0\"")
                .doesNotContain(root, "/east/");
        String below = next(page).substring("https://east.example".length());
        assertThat(send("/east", token, "GET", below, "", FHIR).body()).contains("Practitioner/e2");
        for (String other : tokens.keySet()) {
            HttpResponse<String> foreign = get(token(other), other + below);
            assertThat(foreign.statusCode()).as(other).isEqualTo(400);
            assertThat(foreign.body()).doesNotContain("Secreteast", "east.example");
        }
    }

    /** What the container refuses by itself comes before anybody has looked for whom it is. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET %s/fhir/Practitioner?family=LONG HTTP/1.1\r\nHost: localhost\r\n\r\n",
                "GET %s/fhir/Practitioner HTTP/1.1\r\nHost: localhost\r\nX: LONG\r\n\r\n",
                "GET %s/fhir/Practitioner HTTP/9.9\r\nHost: localhost\r\n\r\n",
                "G@T %s/fhir/Practitioner HTTP/1.1\r\nHost: localhost\r\n\r\n",
                "GET %s/fhir/%%zz HTTP/1.1\r\nHost: localhost\r\n\r\n",
                "GET %s/fhir/Practitioner HTTP/1.1\r\n\r\n",
                "GET %s/nowhere HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
                "POST %s/fhir/Practitioner HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"
            })
    void errorsOfTheContainer_nameNothingOfAnotherTenant(String request) throws Exception {
        for (String tenant : tokens.keySet()) {
            String sent = request.formatted(tenant).replace("LONG", "x".repeat(20_000));
            String answer = raw(sent);
            assertThat(answer).as(sent).matches("(?s)HTTP/1.1 [45].*").doesNotContain("Secret", "miroir_", "\tat ");
            tokens.keySet().stream()
                    .filter(other -> !other.equals(tenant) && !other.isEmpty())
                    .forEach(other -> assertThat(answer).as(sent).doesNotContain(other.substring(1)));
        }
    }

    private String raw(String request) throws Exception {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), application.port())) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            socket.shutdownOutput();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
