package miroir.server.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import miroir.server.Http;
import miroir.server.TestServer;
import miroir.server.access.AdminClient;
import miroir.storage.testing.MongoExtension;
import miroir.storage.testing.TestDatabase;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who did what, as a browser without scripts shows it to administrators. */
@ExtendWith(MongoExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class AuditPageIT {
    private static final int MANY = 105;
    private static final String PASSWORD = "a long enough password";

    private TestServer server;
    private AdminClient local;
    private String operator;
    private String viewer;

    @BeforeAll
    void start(TestDatabase database) throws Exception {
        server = TestServer.withAccess("access: {mode: open}\naudit: {reads: all}", database);
        local = AdminClient.local(server);
        operator = session("operates", "operator");
        viewer = session("views", "viewer");
        for (int i = 0; i < MANY; i++) {
            local.done("PUT", "roles/many-" + i, "{\"permissions\":[\"READ on *\"]}");
        }
        String device = "{\"resourceType\":\"Device\",\"id\":\"d1\"}";
        Http.write("PUT", server.uri("/fhir/Device/d1"), device);
        Http.send("DELETE", server.uri("/fhir/Device/d1"));
    }

    private String session(String name, String role) throws Exception {
        local.done("PUT", "administrators/" + name, "{\"role\":\"" + role + "\",\"password\":\"" + PASSWORD + "\"}");
        return local.done("POST", "session", "{\"name\":\"" + name + "\",\"password\":\"" + PASSWORD + "\"}")
                .getString("token")
                .getValue();
    }

    @AfterAll
    void stop() {
        server.close();
    }

    private HttpResponse<String> get(String session, String path) throws Exception {
        return Http.send("GET", server.uri(path), "Accept", "text/html", "Cookie", "miroir_session=" + session);
    }

    private String page(String query) throws Exception {
        HttpResponse<String> answer = get(operator, "/admin/audit" + query);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return answer.body();
    }

    private static int rows(String page) {
        return (int)
                Pattern.compile("<th scope=\"row\"").matcher(page).results().count();
    }

    @Test
    void page_ofWhatWasDone_hasARowForEach() throws Exception {
        await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
            String page = page("?type=Device&id=d1&interaction=update");
            assertThat(rows(page)).isEqualTo(1);
            assertThat(page).contains("local", "127.0.0.1", "Device d1", "<code>update</code>", "Réussi", "201");
            assertThat(page).contains("Device/d1/_history/1");
        });
        await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
            String page = page("?type=Device&id=d1&outcome=refused&lang=en");
            assertThat(page).contains("Refused", "Without a token", "<html lang=\"en\">");
        });
    }

    @Test
    void page_ofAnAdministratorsAct_saysWhatItWas() throws Exception {
        assertThat(page("?type=PUT_ROLE&id=many-7"))
                .contains("PUT_ROLE many-7", "<code>admin</code>", "value=\"PUT_ROLE\"", "value=\"many-7\"");
    }

    @Test
    void pages_leadToOlderOnes_andBackToTheNewest() throws Exception {
        List<String> seen = new ArrayList<>();
        String page = page("?type=PUT_ROLE");
        assertThat(rows(page)).isEqualTo(100);
        assertThat(page).doesNotContain("id=\"first\"");
        while (true) {
            Matcher role = Pattern.compile("<code>PUT_ROLE (many-\\d+)</code>").matcher(page);
            while (role.find()) {
                seen.add(role.group(1));
            }
            Matcher next = Pattern.compile("id=\"next\"[^>]* href=\"/admin/audit([^\"]+)\"")
                    .matcher(page);
            if (!next.find()) {
                break;
            }
            page = page(next.group(1).replace("&amp;", "&"));
        }
        assertThat(seen).hasSize(MANY).doesNotHaveDuplicates();
        assertThat(page).contains("id=\"first\"", "href=\"/admin/audit?type=PUT_ROLE\"");
    }

    @Test
    void request_thatIsShown_findsTheSame() throws Exception {
        Matcher shown = Pattern.compile("/admin/api/(audit[^']*)'")
                .matcher(page("?type=PUT_ROLE&id=many-3&from=2020-01-01T00:00"));
        assertThat(shown.find()).isTrue();
        String asked = shown.group(1).replace("&amp;", "&").replace("&#39;", "'");

        assertThat(asked).contains("from=2019-12-31T23");
        assertThat(local.done("GET", asked, "").getArray("entry")).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"?from=yesterday", "?interaction=dance", "?outcome=maybe", "?id=%3Cb%3E", "?after=x", "?what=x"})
    void question_thatIsNone_isRefusedAboveTheForm(String query) throws Exception {
        HttpResponse<String> answer = get(operator, "/admin/audit" + query);

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body())
                .contains("role=\"alert\"", "name=\"consumer\"")
                .doesNotContain("<b>");
    }

    @Test
    void viewer_mayNotLook_andIsNotLedThere() throws Exception {
        HttpResponse<String> answer = get(viewer, "/admin/audit");

        assertThat(answer.statusCode()).isEqualTo(403);
        assertThat(answer.body()).contains("operator").doesNotContain("PUT_ROLE");
        assertThat(get(viewer, "/admin/consumers").body()).doesNotContain("/admin/audit");
        assertThat(get(operator, "/admin/consumers").body()).contains("/admin/audit");
        assertThat(get("", "/admin/audit").statusCode()).isEqualTo(303);
        assertThat(get(operator, "/admin/audit/x").statusCode()).isEqualTo(404);
    }

    @Test
    void looking_isNotedAsByTheApi() throws Exception {
        page("?consumer=somebody-in-particular");

        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(page("?type=AUDIT&consumer=administrator/operates"))
                        .contains("consumer=somebody-in-particular"));
    }
}
