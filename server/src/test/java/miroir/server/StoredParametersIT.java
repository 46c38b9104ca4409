package miroir.server;

import static miroir.server.TwoServers.ALIAS;
import static miroir.server.TwoServers.NAME;
import static miroir.server.TwoServers.PATIENCE;
import static miroir.server.TwoServers.parameter;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import miroir.storage.testing.MongoExtension;
import miroir.storage.testing.TestDatabase;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** SearchParameter resources: which are taken, and that those take effect, whatever writes them. */
@ExtendWith(MongoExtension.class)
final class StoredParametersIT {
    private TwoServers servers;

    @BeforeEach
    void start(TestDatabase database, @TempDir Path folder) throws Exception {
        servers = TwoServers.start(database, folder);
    }

    @AfterEach
    void stop() {
        servers.close();
    }

    @Test
    void write_parameterThatWouldHaveNoEffect_isRefusedWhateverTheWay() throws Exception {
        servers.files().write("probe.yaml", SearchFolder.parameter("probe", "alias"));
        servers.awaitKnown("probe");

        refused(
                servers.one().write("PUT", "/fhir/SearchParameter/probe", parameter("probe", "probe", "name")),
                "conf/search/probe.yaml:4");
        refused(
                servers.one().write("PUT", "/fhir/SearchParameter/x", parameter("x", "x", "nom")),
                "nom is not an element");
        refused(servers.one().write("POST", "/fhir/SearchParameter", parameter("sort", "_sort", "name")), "_sort");
        refused(
                servers.one().write("PUT", "/fhir/SearchParameter?url=http://x.org/x", parameter("x", "x", "nom")),
                "nom is not");
        String twice = transaction(entry("a", "x", "name"), entry("b", "x", "alias"));
        refused(servers.one().write("POST", "/fhir", twice), "SearchParameter/a");
        assertThat(servers.one().get("/fhir/SearchParameter/a").statusCode()).isEqualTo(404);
        HttpResponse<String> batch =
                servers.one().write("POST", "/fhir", twice.replace("\"transaction\"", "\"batch\""));
        assertThat(batch.body()).containsSubsequence("\"status\":\"201", "\"status\":\"422");
        String patch = "[{\"op\":\"replace\",\"path\":\"/expression\",\"value\":\"Organization.nom\"}]";
        HttpResponse<String> patched = Http.send(
                "PATCH",
                servers.one().address().apply("/fhir/SearchParameter/a"),
                patch.getBytes(StandardCharsets.UTF_8),
                "Authorization",
                "Bearer " + TestServer.TOKEN,
                "Content-Type",
                "application/json-patch+json");
        refused(patched, "nom is not an element");
        String draft = parameter("draft", "y", "nom").replace("active", "draft");
        assertThat(servers.one()
                        .write("PUT", "/fhir/SearchParameter/draft", draft)
                        .statusCode())
                .isEqualTo(201);
        servers.awaitExact(NAME, "x");
        assertThat(servers.status("y")).isEqualTo(400);
    }

    @Test
    void write_inATransaction_takesEffect() throws Exception {
        HttpResponse<String> done =
                servers.one().write("POST", "/fhir", transaction(entry("c", "u", "name"), entry("d", "v", "alias")));
        assertThat(done.statusCode()).as(done.body()).isEqualTo(200);

        servers.awaitExact(NAME, "u");
        servers.awaitExact(ALIAS, "v");
    }

    /** Each of them finds what the other made, or makes it. */
    @Test
    void createUnlessFound_onBothServersAtOnce_isMadeOnce() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try {
            for (int round = 0; round < 5; round++) {
                String id = "r" + round;
                List<Future<Integer>> statuses = new ArrayList<>();
                for (SearchedServer server : List.of(servers.one(), servers.other())) {
                    statuses.add(threads.submit(() -> createUnlessFound(server, id)));
                }
                assertThat(List.of(statuses.get(0).get(), statuses.get(1).get()))
                        .containsExactlyInAnyOrder(200, 201);
            }
        } finally {
            threads.shutdownNow();
        }
    }

    /** What is searched changes with every one that is made: who searches meanwhile may be asked to do so again, and has then made nothing. */
    private static int createUnlessFound(SearchedServer server, String id) throws Exception {
        HttpResponse<String> answer;
        do {
            answer = server.write(
                    "POST",
                    "/fhir/SearchParameter",
                    parameter(id, id, "name"),
                    "If-None-Exist",
                    "url=http://x.org/" + id);
        } while (answer.statusCode() == 503 && answer.body().contains("try again"));
        return answer.statusCode();
    }

    /** What is in the database may have come in without a check. */
    @Test
    void ineffectiveResource_isToldOfAndMayBeTagged() throws Exception {
        String lacking = parameter("lacking", "lacking", "nom");
        servers.putUnchecked("lacking", lacking);
        servers.look();

        await().atMost(PATIENCE)
                .until(() -> servers.one().get("/health/ready").body().contains("SearchParameter/lacking"));
        String tag = "{\"resourceType\":\"Parameters\",\"parameter\":[{\"name\":\"meta\",\"valueMeta\":"
                + "{\"tag\":[{\"system\":\"http://x.org\",\"code\":\"seen\"}]}}]}";
        assertThat(servers.one()
                        .write("POST", "/fhir/SearchParameter/lacking/$meta-add", tag)
                        .statusCode())
                .isEqualTo(200);
        refused(servers.one().write("PUT", "/fhir/SearchParameter/lacking", lacking.replace("nom", "no")), "no is not");
    }

    private static void refused(HttpResponse<String> answer, String said) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(422);
        assertThat(Outcome.of(answer).getIssueFirstRep().getDiagnostics()).contains(said);
    }

    private static String entry(String id, String code, String element) {
        return "{\"fullUrl\":\"http://x.org/" + id + "\",\"resource\":" + parameter(id, code, element)
                + ",\"request\":{\"method\":\"PUT\",\"url\":\"SearchParameter/" + id + "\"}}";
    }

    private static String transaction(String... entries) {
        return "{\"resourceType\":\"Bundle\",\"type\":\"transaction\",\"entry\":[" + String.join(",", entries) + "]}";
    }
}
