package miroir.server.console;

import static miroir.server.console.ConsoleBrowser.event;
import static miroir.server.console.ConsoleBrowser.lines;
import static miroir.server.console.ConsoleBrowser.until;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import miroir.server.Http;
import miroir.server.TestServer;
import miroir.server.access.AdminClient;
import miroir.server.metrics.KnownSynchronisations;
import miroir.storage.testing.MongoExtension;
import miroir.storage.testing.TestDatabase;
import org.awaitility.Awaitility;
import org.bson.BsonArray;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is told to browsers that listen, and to whom. */
@ExtendWith(MongoExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ConsoleEventsIT {
    private TestServer server;
    private TestServer closed;
    private AdminClient local;

    @BeforeAll
    void start(TestDatabase database) throws Exception {
        server = TestServer.withAccess("access: {mode: open}", database);
        closed = TestServer.withAccess("access: {mode: token}\naudit: {reads: all}", database);
        local = AdminClient.local(server);
        KnownSynchronisations.writeFailedRun(database);
        // Before anybody counts: that is not done again for ten seconds.
        for (TestServer each : new TestServer[] {server, closed}) {
            Http.write("PUT", each.uri("/fhir/Device/d1"), "{\"resourceType\":\"Device\",\"id\":\"d1\"}");
        }
    }

    @AfterAll
    void stop() {
        closed.close();
        server.close();
    }

    private ConsoleBrowser browser() {
        return new ConsoleBrowser(server, local);
    }

    @Test
    void events_areFragmentsForWhoIsLoggedIn() throws Exception {
        ConsoleBrowser browser = browser().loggedIn("listener", "viewer");
        try (BufferedReader lines =
                lines(browser.listen("/admin/events?page=/admin/sources&of=sources&of=synchronisations"))) {
            assertThat(lines.readLine()).isEqualTo("event: fragment");
            assertThat(lines.readLine()).isIn("data: sources", "data: synchronisations");
            assertThat(lines.readLine()).startsWith("data: <div id=");
        }
        assertThat(browser.get("/admin/events?of=load:1h&once=1").body())
                .contains("data-live=\"load:1h\"")
                .doesNotContain("NaN");
        assertThat(browser.get("/admin/events?of=load:1y&once=1").statusCode()).isEqualTo(400);
        assertThat(browser.get("/admin/events?of=nonsense").statusCode()).isEqualTo(400);
        assertThat(browser.get("/admin/events?of=home").statusCode()).isEqualTo(400);
        for (String nobodys : List.of("consumer:nobody", "synchronisation:no/where", "run:none", "rejections:none")) {
            assertThat(browser.get("/admin/events?of=" + nobodys).statusCode())
                    .as(nobodys)
                    .isIn(400, 404);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "sources",
                "types",
                "consumers",
                "settings",
                "synchronisations",
                "load:1h",
                "run:failed",
                "rejections:failed"
            })
    void fragments_areForWhoMaySeeTheirPages(String name) throws Exception {
        ConsoleBrowser browser = browser().loggedIn("sees-" + name.replaceAll("[^a-z]", ""), "viewer");

        assertThat(browser.get("/admin/events?once=1&of=" + name).body()).contains("data-live=\"" + name + "\"");
        assertThat(browser().get("/admin/events?of=" + name).statusCode()).isEqualTo(401);
        assertThat(browser().get("/events?of=" + name).statusCode()).isEqualTo(400);
    }

    /** Who did what is for operators; that somebody looks is noted once, however long he does. */
    @Test
    void audit_isForOperators_andLookingIsNotedOnce() throws Exception {
        ConsoleBrowser viewer = new ConsoleBrowser(closed, local).loggedIn("no-auditor", "viewer");
        for (String query : new String[] {"of=audit", "of=audit:type%3DX&once=1", "of=sources&of=audit"}) {
            assertThat(viewer.get("/admin/events?" + query).statusCode())
                    .as(query)
                    .isEqualTo(403);
        }
        ConsoleBrowser operator = new ConsoleBrowser(closed, local).loggedIn("auditor", "operator");
        String asked = "/admin/events?of=audit:type%3DPUT_ROLE";
        try (BufferedReader lines = lines(operator.listen(asked))) {
            for (String role : List.of("told-1", "told-2")) {
                local.done("PUT", "roles/" + role, "{\"permissions\":[\"READ on *\"]}");
                assertThat(until(lines, "PUT_ROLE " + role)).doesNotContain("event: away");
            }
        }
        for (int i = 0; i < 3; i++) {
            assertThat(operator.get(asked + "&once=1").body()).contains("told-2");
        }
        AdminClient noted = AdminClient.local(closed);
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(noted.done("GET", "audit?type=AUDIT&consumer=administrator/auditor", "")
                                .getArray("entry", new BsonArray()))
                        .hasSize(1));
        assertThat(operator.get("/admin/events?of=audit:after%3Dx").statusCode())
                .isEqualTo(400);
        assertThat(operator.get("/admin/events?of=audit:outcome%3Dmaybe").statusCode())
                .isEqualTo(400);
    }

    /** A token is told once, to who made it; who looks on sees that there is one. */
    @Test
    void token_thatIsNew_isInNoFragment() throws Exception {
        ConsoleBrowser maker = browser().loggedIn("token-maker", "administrator");
        ConsoleBrowser other = browser().loggedIn("token-watcher", "administrator");
        String csrf = maker.csrf();
        maker.post("/admin/do/post/consumers", Map.of("name", "watched", "roles", "reader", "csrf", csrf));
        try (BufferedReader lines = lines(other.listen("/admin/events?of=consumers&of=consumer:watched"))) {
            String before = event(lines) + event(lines);
            String secret = maker.post(
                            "/admin/do/post/consumers/watched/tokens",
                            Map.of("label", "by-night", "csrf", csrf, "back", "/admin/consumers/watched"))
                    .body();
            Matcher token = Pattern.compile("miroir_[A-Za-z0-9_-]{20,}").matcher(secret);
            assertThat(token.find()).isTrue();
            String told = until(lines, "by-night");

            assertThat(before + told)
                    .doesNotContain(token.group(), csrf)
                    .doesNotContainPattern("name=\"csrf\" value=\"[0-9a-f]")
                    .doesNotContain("miroir_");
        }
    }

    @Test
    void settings_thatAnotherOneSets_areTold() throws Exception {
        ConsoleBrowser browser = browser().loggedIn("setting-watcher", "viewer");
        try (BufferedReader lines = lines(browser.listen("/admin/events?of=settings"))) {
            assertThat(event(lines)).startsWith("event: fragment\ndata: settings\n");
            local.done("PUT", "settings/search.maximumIncluded", "{\"value\":\"777\"}");
            // Who comes back from what he has done sees it, whatever others saw a second ago.
            try (BufferedReader later = lines(browser.listen("/admin/events?of=settings"))) {
                assertThat(event(later)).startsWith("event: fragment\n").contains("<code>777</code>");
            }
            assertThat(event(lines))
                    .startsWith("event: lines\ndata: settings\n")
                    .contains("<code>777</code>");
        }
    }

    /** Of the first page everybody is told how fresh copies are, and how much there is who may know that. */
    @Test
    void home_isToldToEverybody_asFarAsHeMayKnow() throws Exception {
        try (BufferedReader lines = lines(new ConsoleBrowser(closed, local).listen("/events?of=home"))) {
            assertThat(event(lines))
                    .startsWith("event: fragment\ndata: home\n")
                    .contains("data-live=\"home\"")
                    .doesNotContain("row-Device");
        }
        ConsoleBrowser somebody = new ConsoleBrowser(closed, local).loggedIn("at-home", "viewer");
        try (BufferedReader lines = lines(somebody.listen("/events?of=home", "Accept", "text/event-stream"))) {
            // A browser that listens says that it wants events, and no page.
            assertThat(event(lines)).contains("row-Device", "/admin/resources/Device");
        }
        assertThat(browser().get("/events?of=home&once=1&lang=en").body()).contains("row-Device", "/fhir/Device");
        assertThat(browser().get("/events").statusCode()).isEqualTo(400);
        assertThat(browser().get("/events?of=home:x").statusCode()).isEqualTo(400);
    }

    /** A cookie that is no session is not somebody else: what comes from one network are few streams. */
    @Test
    void home_ofOneNetwork_isFewStreams() throws Exception {
        List<InputStream> streams = new ArrayList<>();
        for (int i = 0; i <= EventStreams.MOST_OF_ONE; i++) {
            streams.add(new ConsoleBrowser(closed, local)
                    .listen("/events?of=home", "Cookie", "miroir_session=miroir_session_made-up-" + i));
        }
        assertFirstIsOver(streams);
    }

    private static void assertFirstIsOver(List<InputStream> streams) throws Exception {
        String first = new String(streams.get(0).readAllBytes(), StandardCharsets.UTF_8);
        assertThat(first).endsWith("event: over\ndata:\n\n");
        for (InputStream each : streams.subList(1, streams.size())) {
            assertThat(each.read()).isEqualTo('e');
            each.close();
        }
    }

    /** One session cannot take the places of all others: the one that it opened first makes room, and is told what to do instead. */
    @Test
    void events_ofOneSession_areFewStreams() throws Exception {
        ConsoleBrowser browser = browser().loggedIn("greedy", "viewer");
        List<InputStream> streams = new ArrayList<>();
        for (int i = 0; i <= EventStreams.MOST_OF_ONE; i++) {
            streams.add(browser.listen("/admin/events?of=sources"));
        }
        assertFirstIsOver(streams);
    }

    /** Who logs in again and again has no more of them for that. */
    @Test
    void events_ofSomebody_areNotMoreByMoreSessions() throws Exception {
        ConsoleBrowser browser = browser().loggedIn("greedier", "viewer");
        List<InputStream> streams = new ArrayList<>();
        for (int i = 0; i <= EventStreams.MOST_OF_SOMEBODY; i++) {
            if (i % EventStreams.MOST_OF_ONE == EventStreams.MOST_OF_ONE - 1) {
                browser = browser.again("greedier");
            }
            streams.add(browser.listen("/admin/events?of=sources"));
        }
        assertFirstIsOver(streams);
    }

    /** What a second changes is a line of a table: a browser that has the table is not sent it again. */
    @Test
    void events_afterTheFirst_areTheLinesThatChanged() throws Exception {
        ConsoleBrowser browser = browser().loggedIn("second-listener", "administrator");
        try (BufferedReader lines = lines(browser.listen("/admin/events?of=sources"))) {
            String whole = event(lines);
            local.done("POST", "sources", "{\"name\":\"told\",\"url\":\"https://told.example/r4\",\"quota\":5}");

            assertThat(whole).startsWith("event: fragment\ndata: sources\n").doesNotContain("told");
            assertThat(event(lines))
                    .startsWith("event: lines\ndata: sources\n")
                    .contains("told")
                    .hasSizeLessThan(whole.length());
        }
    }
}
