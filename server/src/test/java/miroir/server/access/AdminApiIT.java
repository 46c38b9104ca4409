package miroir.server.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import miroir.server.Http;
import miroir.server.TestServer;
import miroir.server.routing.AdminRoute;
import miroir.storage.testing.MongoExtension;
import miroir.storage.testing.TestDatabase;
import org.bson.BsonDocument;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@ExtendWith(MongoExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class AdminApiIT {
    private static final String PASSWORD = "correct horse battery";

    private TestServer server;
    private AdminClient local;

    @BeforeAll
    void start(TestDatabase database) throws Exception {
        server = TestServer.withAccess("", database);
        local = AdminClient.local(server);
    }

    @AfterAll
    void stop() {
        server.close();
    }

    private AdminClient administrator(String name, String role) throws Exception {
        local.done("PUT", "administrators/" + name, "{\"role\":\"" + role + "\",\"password\":\"" + PASSWORD + "\"}");
        return logIn(name);
    }

    private AdminClient logIn(String name) throws Exception {
        return new AdminClient(
                server,
                local.done("POST", "session", "{\"name\":\"" + name + "\",\"password\":\"" + PASSWORD + "\"}")
                        .getString("token")
                        .getValue());
    }

    @Test
    void roles_ofAdministrators_boundWhatTheyDo() throws Exception {
        AdminClient viewer = administrator("views", "viewer");
        AdminClient operator = administrator("operates", "operator");
        AdminClient administrator = administrator("administers", "administrator");
        local.done("PUT", "consumers/any", "{}");

        assertThat(viewer.get("consumers").statusCode()).isEqualTo(200);
        assertThat(viewer.send("POST", "consumers/any/tokens", "{\"label\":\"x\"}")
                        .statusCode())
                .isEqualTo(403);
        assertThat(operator.send("POST", "consumers/any/tokens", "{\"label\":\"x\"}")
                        .statusCode())
                .isEqualTo(403);
        assertThat(operator.send("PUT", "consumers/any/blocked", "{\"blocked\":true}")
                        .statusCode())
                .isEqualTo(200);
        assertThat(administrator
                        .send("POST", "consumers/any/tokens", "{\"label\":\"x\"}")
                        .statusCode())
                .isEqualTo(201);
        assertThat(operator.send("PUT", "roles/mine", "{\"permissions\":[\"READ on *\"]}")
                        .statusCode())
                .isEqualTo(403);
        assertThat(administrator
                        .send("PUT", "roles/mine", "{\"permissions\":[\"READ on *\"]}")
                        .statusCode())
                .isEqualTo(201);
        assertThat(viewer.done("GET", "session", "").toJson()).contains("views", "viewer");
        assertThat(Http.send("GET", server.uri("/fhir/Device"), "Authorization", "Bearer " + viewer.token())
                        .statusCode())
                .isEqualTo(200);
        assertThat(Http.send("DELETE", server.uri("/fhir/Device/1"), "Authorization", "Bearer " + administrator.token())
                        .statusCode())
                .isEqualTo(403);
    }

    @Test
    void load_isWhatTheServerWasAskedFor_inPieces() throws Exception {
        AdminClient viewer = administrator("looks", "viewer");
        await().atMost(Duration.ofSeconds(60))
                .until(() -> !viewer.done("GET", "load", "").getArray("pieces").isEmpty());

        // A piece may have been told when nobody had asked for anything yet.
        await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
            BsonDocument week = viewer.done("GET", "load?range=7d", "");
            BsonDocument piece = week.getArray("pieces").get(0).asDocument();
            assertThat(week.getString("range").getValue()).isEqualTo("7d");
            assertThat(piece.getDocument("all").getNumber("requests").longValue())
                    .isPositive();
            assertThat(piece.getDocument("times").getNumber("p95Millis").doubleValue())
                    .isPositive();
            assertThat(piece.getDocument("interactions").keySet()).contains("admin");
        });

        for (String wrong : List.of("range=1y", "range=1h&range=1h", "of=1h")) {
            HttpResponse<String> refused = viewer.get("load?" + wrong);
            assertThat(refused.statusCode()).as(wrong).isEqualTo(400);
            assertThat(refused.body()).as(wrong).contains("OperationOutcome", "range");
        }
    }

    @Test
    void setUpLink_worksOnce_alsoForManyAtOnce() throws Exception {
        String old = code();
        String code = code();
        assertThat(setUp(old, "too-late").statusCode()).isEqualTo(403);

        List<Integer> statuses = IntStream.range(0, 4)
                .parallel()
                .mapToObj(i -> status(code, "first-" + i))
                .toList();

        assertThat(statuses).containsOnlyOnce(201).allMatch(status -> status == 201 || status == 403 || status == 409);
        assertThat(setUp(code, "again").statusCode()).isEqualTo(403);
    }

    private int status(String code, String name) {
        try {
            return setUp(code, name).statusCode();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private String code() throws Exception {
        String link = local.done("POST", "setup-link", "").getString("link").getValue();
        return link.substring(link.indexOf("code=") + 5);
    }

    private HttpResponse<String> setUp(String code, String name) throws Exception {
        return local.send(
                "POST",
                "setup",
                "{\"code\":\"" + code + "\",\"name\":\"" + name + "\",\"password\":\"" + PASSWORD + "\"}");
    }

    @Test
    void setUpPage_makesTheAdministrator_andEscapesWhatWasTyped() throws Exception {
        String code = code();
        HttpResponse<String> form = Http.send("GET", server.uri("/admin/setup?code=" + code));
        assertThat(form.body())
                .contains(code, "method=\"post\" action=\"" + TestServer.path() + "/admin/do/post/setup\"");
        assertThat(form.headers().firstValue("Cache-Control")).contains("no-store");
        String policy = form.headers().firstValue("Content-Security-Policy").orElseThrow();
        assertThat(policy).contains("form-action 'self'");
        assertThat(Arrays.stream(policy.split("; ", -1)).map(part -> part.split(" ", 2)[0]))
                .as("a browser takes the first of a name: %s", policy)
                .doesNotHaveDuplicates();

        HttpResponse<String> wrong = post("back=/admin/setup?code=" + code + "&code=" + code
                + "&name=%3Cscript%3E&password=" + typed() + "&again=other");
        assertThat(wrong.statusCode()).isEqualTo(400);
        assertThat(wrong.body()).contains("&lt;script", "not the same").doesNotContain("<script>");
        HttpResponse<String> done =
                post("code=" + code + "&name=from-page&next=/admin&password=" + typed() + "&again=" + typed());
        assertThat(done.statusCode()).as(done.body()).isEqualTo(303);
        assertThat(done.headers().firstValue("Set-Cookie"))
                .hasValueSatisfying(cookie -> assertThat(cookie).contains("HttpOnly", "SameSite=Strict"));
        assertThat(logIn("from-page").get("session").statusCode()).isEqualTo(200);
    }

    private static String typed() {
        return URLEncoder.encode(PASSWORD, StandardCharsets.UTF_8);
    }

    private HttpResponse<String> post(String form) throws Exception {
        return Http.send(
                "POST",
                server.uri("/admin/do/post/setup"),
                form.getBytes(StandardCharsets.UTF_8),
                "Content-Type",
                "application/x-www-form-urlencoded");
    }

    @Test
    void session_endsWithLogOut_withAllOfItsOwner_andWithAnotherPassword() throws Exception {
        AdminClient one = administrator("leaves", "operator");
        AdminClient other = logIn("leaves");
        one.done("DELETE", "session", "");
        assertThat(one.get("session").statusCode()).isEqualTo(401);
        assertThat(other.get("session").statusCode()).isEqualTo(200);

        local.done("DELETE", "administrators/leaves/sessions", "");
        assertThat(other.get("session").statusCode()).isEqualTo(401);

        AdminClient third = logIn("leaves");
        assertThat(third.send("PUT", "session/password", "{\"old\":\"wrong wrong wrong\",\"new\":\"another long one\"}")
                        .statusCode())
                .isEqualTo(403);
        AdminClient fourth = new AdminClient(
                server,
                third.done("PUT", "session/password", "{\"old\":\"" + PASSWORD + "\",\"new\":\"another long one\"}")
                        .getString("token")
                        .getValue());
        assertThat(fourth.get("session").statusCode()).isEqualTo(200);
        assertThat(third.get("session").statusCode()).isEqualTo(401);
        assertThat(local.send("POST", "session", "{\"name\":\"leaves\",\"password\":\"" + PASSWORD + "\"}")
                        .statusCode())
                .isEqualTo(401);
    }

    @Test
    void logOut_everywhere_endsTheOwnSessionsAndNoOthers() throws Exception {
        AdminClient one = administrator("everywhere", "viewer");
        AdminClient same = logIn("everywhere");
        AdminClient other = administrator("somebody-else", "viewer");

        one.done("DELETE", "sessions", "");

        assertThat(one.get("session").statusCode()).isEqualTo(401);
        assertThat(same.get("session").statusCode()).isEqualTo(401);
        assertThat(other.get("session").statusCode()).isEqualTo(200);
        assertThat(Http.send("GET", server.uri("/admin/api/session"), "ESANTE-API-KEY", other.token())
                        .statusCode())
                .isEqualTo(401);
    }

    @Test
    void logIn_failedOften_hasToWait() throws Exception {
        administrator("guessed", "viewer");
        List<Integer> statuses = Stream.generate(() -> "{\"name\":\"guessed\",\"password\":\"no\"}")
                .limit(8)
                .map(this::logInStatus)
                .toList();

        assertThat(statuses).startsWith(401, 401, 401, 401, 401).endsWith(429);
    }

    private int logInStatus(String body) {
        try {
            return local.send("POST", "session", body).statusCode();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void change_ofWhatSomebodyElseChanged_isRefused() throws Exception {
        HttpResponse<String> made = local.send("PUT", "roles/versioned", "{\"permissions\":[\"READ on *\"]}");
        assertThat(made.statusCode()).isEqualTo(201);
        String tag = made.headers().firstValue("ETag").orElseThrow();

        assertThat(local.send("PUT", "roles/versioned", "{\"permissions\":[]}").statusCode())
                .isEqualTo(412);
        assertThat(local.send("PUT", "roles/versioned", "{\"permissions\":[]}", "If-Match", tag)
                        .statusCode())
                .isEqualTo(200);
        assertThat(local.send("PUT", "roles/versioned", "{\"permissions\":[]}", "If-Match", tag)
                        .statusCode())
                .isEqualTo(412);
        assertThat(local.send("DELETE", "roles/versioned", "", "If-Match", tag).statusCode())
                .isEqualTo(412);
        String newest =
                local.get("roles/versioned").headers().firstValue("ETag").orElseThrow();
        assertThat(local.send("DELETE", "roles/versioned", "", "If-Match", newest)
                        .statusCode())
                .isEqualTo(204);
        assertThat(local.get("roles/versioned").statusCode()).isEqualTo(404);
    }

    @Test
    void what_isInUse_isNotRemoved() throws Exception {
        local.consumer("uses", "READ on *");

        String tag = local.get("roles/uses").headers().firstValue("ETag").orElseThrow();
        HttpResponse<String> refused = local.send("DELETE", "roles/uses", "", "If-Match", tag);
        assertThat(refused.statusCode()).isEqualTo(409);
        assertThat(refused.body()).contains("consumer uses");
        assertThat(local.send("DELETE", "roles/reader", "", "If-Match", "W/\"1\"")
                        .statusCode())
                .isEqualTo(409);
        assertThat(local.send("PUT", "roles/reader", "{\"permissions\":[]}").statusCode())
                .isEqualTo(409);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "roles/x|{\"permissions\":[\"READ on Patient\"]}|Patient is not served",
                "roles/x|{\"permissions\":[\"READ on Device?nonsense=1\"]}|nonsense",
                "roles/x|{\"permissions\":[\"READ on PractitionerRole?organization.name=x\"]}|chains",
                "roles/x|{\"permissions\":[\"READ on Device?_count=1\"]}|_count",
                "roles/x|{\"permissions\":\"READ on Device\"}|not a list of texts",
                "roles/x|{\"permission\":[]}|allowed: permissions",
                "roles/x|{\"permissions\":[1]}|not a list of texts",
                "roles/x|[]|not a JSON object",
                "roles/x|{\"permissions\":[],\"permissions\":[]}|Duplicate",
                "roles/x|{} {}|something stands behind",
                "roles/X|{\"permissions\":[]}|cannot be the name",
                "consumers/x|{\"roles\":[\"nowhere\"]}|there is no role",
                "consumers/x|{\"groups\":[\"nowhere\"]}|there is no group",
                "administrators/x|{\"role\":\"king\",\"password\":\"long enough pass\"}|viewer, operator, administrator",
                "administrators/x|{\"role\":\"viewer\",\"password\":\"short\"}|12 to 200",
                "administrators/x|{\"role\":\"viewer\"}|password is missing"
            })
    void body_thatMeansNothing_isRefusedByName(String path, String body, String named) throws Exception {
        HttpResponse<String> refused = local.send("PUT", path, body);

        assertThat(refused.statusCode()).as(refused.body()).isEqualTo(400);
        assertThat(refused.body()).contains(named);
    }

    @Test
    void paths_andMethods_thatAreNotThere_areRefused() throws Exception {
        assertThat(local.get("nothing").statusCode()).isEqualTo(404);
        assertThat(local.get("").statusCode()).isEqualTo(404);
        assertThat(local.send("PATCH", "roles", "").statusCode()).isEqualTo(405);
        assertThat(local.send("PUT", "roles/a%2F..%2Fb", "{}").statusCode()).isEqualTo(400);
        assertThat(Http.send(
                                "POST",
                                server.uri("/admin/api/session"),
                                "name=a".getBytes(StandardCharsets.UTF_8),
                                "Content-Type",
                                "application/x-www-form-urlencoded")
                        .statusCode())
                .isEqualTo(415);
    }

    @Test
    void openApi_namesEveryRoute() throws Exception {
        BsonDocument document = BsonDocument.parse(
                Http.send("GET", server.uri("/admin/api/openapi.json")).body());

        for (AdminRoute route : AdminRoute.values()) {
            assertThat(document.getDocument("paths").getDocument("/" + route.path()))
                    .containsKey(route.method().toLowerCase(Locale.ROOT));
        }
    }

    @Test
    void lastAdministrator_stays() throws Exception {
        administrator("last-one", "administrator");
        for (var each : local.done("GET", "administrators", "").getArray("administrators")) {
            String name = each.asDocument().getString("name").getValue();
            if (!name.equals("last-one")) {
                String tag = local.get("administrators/" + name)
                        .headers()
                        .firstValue("ETag")
                        .orElseThrow();
                local.done("DELETE", "administrators/" + name, "", "If-Match", tag);
            }
        }

        String last = local.get("administrators/last-one")
                .headers()
                .firstValue("ETag")
                .orElseThrow();
        assertThat(local.send("DELETE", "administrators/last-one", "", "If-Match", last)
                        .statusCode())
                .isEqualTo(409);
        assertThat(local.send("PUT", "administrators/last-one", "{\"role\":\"viewer\"}", "If-Match", last)
                        .statusCode())
                .isEqualTo(409);
    }
}
