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
import java.util.Random;
import java.util.function.Function;
import java.util.stream.Stream;
import miroir.server.BusyClients.Watched;
import miroir.server.KnownOrganizations.Content;
import miroir.server.SearchedServer.Found;
import miroir.server.configuration.ServerConfiguration;
import miroir.storage.testing.MongoExtension;
import miroir.storage.testing.TestDatabase;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What is searched changes on one of two servers of a database, by files and by resources, while clients write and search on both. */
@ExtendWith(MongoExtension.class)
final class SearchChangeIT {
    private static final int ORGANIZATIONS = 300;
    private static final int VALUES = 20;

    /** Documents per second: so slow that searches come in between. */
    private static final int RATE = 200;

    private static final Function<Content, String> ALIAS = Content::alias;
    private static final Function<Content, String> NAME = Content::name;
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final KnownOrganizations known = new KnownOrganizations();
    private SearchFolder files;
    private Application first;
    private Application second;
    private SearchedServer one;
    private SearchedServer other;
    private BusyClients clients;

    @BeforeEach
    void start(TestDatabase database, @TempDir Path folder) throws Exception {
        Path token = Files.writeString(folder.resolve("token"), TestServer.TOKEN + "\n");
        files = SearchFolder.in(Files.createDirectory(folder.resolve("one")));
        first = application(database, files, token);
        one = searched(first);
        await().atMost(PATIENCE).until(one::isReady);
        second = application(database, SearchFolder.in(Files.createDirectory(folder.resolve("other"))), token);
        other = searched(second);
        await().atMost(PATIENCE).until(other::isReady);
        clients = new BusyClients(known, List.of(one, other), VALUES, false);
        Random random = new Random(1);
        for (int i = 0; i < ORGANIZATIONS; i++) {
            put("o" + i, clients.content(random));
        }
    }

    private static Application application(TestDatabase database, SearchFolder conf, Path token) throws Exception {
        Map<String, String> environment = Map.of(
                "MONGODB_URI", database.uri(),
                "MIROIR_DATABASE", database.name(),
                "MIROIR_PORT", "0",
                "MIROIR_TYPES", "Organization,SearchParameter",
                "MIROIR_WRITE_TOKEN_FILE", token.toString());
        Path file = conf.path().resolve("server.yaml");
        String text = Files.readString(file).replace("refreshRate: auto", "refreshRate: " + RATE);
        return Application.start(ServerConfiguration.read(file.toString(), text, environment::get), conf.path());
    }

    private static SearchedServer searched(Application application) {
        return new SearchedServer(path -> URI.create("http://127.0.0.1:" + application.port() + path));
    }

    @AfterEach
    void stop() {
        clients.close();
        second.close();
        first.close();
    }

    private void put(String id, Content content) throws Exception {
        known.attempt(id, content);
        assertThat(one.write("PUT", "/fhir/Organization/" + id, content.json(id)).statusCode())
                .isIn(200, 201);
        known.acknowledge(id);
    }

    @Test
    void change_byFileAndByResource_searchesAreRightOrRefused() throws Exception {
        clients.start(Long.getLong("miroir.seed", 1));
        String link = one.page("name=name-00001").next();

        // Added by a file of the one.
        clients.watch(List.of(new Watched("probe", List.of(ALIAS))));
        files.write("probe.yaml", SearchFolder.parameter("probe", "alias"));
        await().atMost(PATIENCE).until(() -> status(one, "probe") != 400);
        isPending(one, "probe");
        awaitExact(ALIAS, "probe");
        assertThat(one.get("/fhir/metadata").body()).contains("\"probe\"").doesNotContain("Not yet: ");
        assertThat(other.get("/health/ready").body()).contains("replaced by those of another");
        assertThat(SearchedServer.follow(link).status())
                .as("a link to a search by others")
                .isEqualTo(200);

        // Added, changed and removed by a resource on the other.
        clients.watch(List.of(new Watched("probe", List.of(ALIAS)), new Watched("handle", List.of(ALIAS, NAME))));
        assertThat(other.write("PUT", "/fhir/SearchParameter/handle", parameter("handle", "alias")).statusCode())
                .isEqualTo(201);
        await().atMost(PATIENCE).until(() -> status(one, "handle") != 400);
        awaitExact(ALIAS, "handle");
        String toHandle = one.page("handle=alias-00001").next();
        assertThat(SearchedServer.follow(toHandle).status()).isEqualTo(200);

        assertThat(other.write("PUT", "/fhir/SearchParameter/handle", parameter("handle", "name")).statusCode())
                .isEqualTo(200);
        await().atMost(PATIENCE).until(() -> status(one, "handle") == 503);
        isPending(one, "handle");
        awaitExact(NAME, "handle");
        assertThat(SearchedServer.follow(toHandle).status())
                .as("a link to a search by what it was")
                .isEqualTo(410);

        assertThat(other.write("DELETE", "/fhir/SearchParameter/handle", "").statusCode())
                .isIn(200, 204);
        await().atMost(PATIENCE).until(() -> status(one, "handle") == 400 && status(other, "handle") == 400);
        assertThat(one.get("/fhir/metadata").body()).doesNotContain("\"handle\"");

        // The file goes; as it was before is what the other still has.
        clients.watch(List.of());
        files.write("probe.yaml", List.of("# nothing any more"));
        await().atMost(PATIENCE).until(() -> status(one, "probe") == 400 && status(other, "probe") == 400);
        clients.stop();
        awaitExact(NAME, "name");
    }

    /** Until all is done for it: a search by it is refused, or left out for who wants that; and /metadata says so. */
    private static void isPending(SearchedServer server, String code) throws Exception {
        HttpResponse<String> refused = server.get("/fhir/Organization?" + code + "=alias-00001");
        assertThat(refused.statusCode()).isEqualTo(503);
        assertThat(refused.headers().firstValue("Retry-After")).isPresent();
        assertThat(refused.body()).contains("\"code\":\"transient\"").contains(code + "=alias-00001");
        HttpResponse<String> lenient =
                server.get("/fhir/Organization?_count=1&" + code + "=alias-00001", "Prefer", "handling=lenient");
        assertThat(lenient.statusCode()).isEqualTo(200);
        assertThat(lenient.body()).contains("ignored: parameter \\\"" + code + "=alias-00001");
        assertThat(server.get("/fhir/metadata").body()).contains("Not yet: ");
    }

    /** Both servers answer the parameter, and exactly. */
    private void awaitExact(Function<Content, String> meaning, String code) {
        for (SearchedServer server : List.of(one, other)) {
            for (String what : List.of("name", "alias")) {
                String value = what + "-00001";
                await().atMost(PATIENCE).untilAsserted(() -> {
                    long since = known.moment();
                    Found found = server.search(code + "=" + value);
                    assertThat(found.status()).as(found.body()).isEqualTo(200);
                    assertThat(known.wrong(since, meaning, value, found.ids())).isEmpty();
                });
            }
        }
    }

    private static int status(SearchedServer server, String code) throws Exception {
        return server.search(code + "=name-00001").status();
    }

    @Test
    void write_parameterThatWouldHaveNoEffect_isRefusedWhateverTheWay() throws Exception {
        files.write("probe.yaml", SearchFolder.parameter("probe", "alias"));
        await().atMost(PATIENCE).until(() -> status(one, "probe") == 200);

        refused(one.write("PUT", "/fhir/SearchParameter/probe", parameter("probe", "name")), "conf/search/probe.yaml:4");
        refused(one.write("PUT", "/fhir/SearchParameter/x", parameter("x", "nom")), "nom is not an element");
        refused(one.write("POST", "/fhir/SearchParameter", parameter("_sort", "name")), "_sort");
        refused(one.write("PUT", "/fhir/SearchParameter?url=http://x.org/x", parameter("x", "nom")), "nom is not");
        String twice = transaction(entry("a", "x", "name"), entry("b", "x", "alias"));
        refused(one.write("POST", "/fhir", twice), "SearchParameter/a");
        assertThat(one.get("/fhir/SearchParameter/a").statusCode()).isEqualTo(404);
        HttpResponse<String> batch =
                one.write("POST", "/fhir", twice.replace("\"transaction\"", "\"batch\""));
        assertThat(batch.body()).containsSubsequence("\"status\":\"201", "\"status\":\"422");
        String patch = "[{\"op\":\"replace\",\"path\":\"/expression\",\"value\":\"Organization.nom\"}]";
        HttpResponse<String> patched = Http.send(
                "PATCH",
                one.address().apply("/fhir/SearchParameter/a"),
                patch.getBytes(StandardCharsets.UTF_8),
                "Authorization",
                "Bearer " + TestServer.TOKEN,
                "Content-Type",
                "application/json-patch+json");
        refused(patched, "nom is not an element");
        String draft = parameter("y", "nom").replace("active", "draft");
        assertThat(one.write("PUT", "/fhir/SearchParameter/draft", draft).statusCode())
                .isEqualTo(201);
        awaitExact(NAME, "x");
        assertThat(status(one, "y")).isEqualTo(400);
    }

    @Test
    void write_inATransaction_takesEffect() throws Exception {
        HttpResponse<String> done = one.write("POST", "/fhir", transaction(entry("c", "u", "name"), entry("d", "v", "alias")));
        assertThat(done.statusCode()).as(done.body()).isEqualTo(200);

        awaitExact(NAME, "u");
        awaitExact(ALIAS, "v");
    }

    private static void refused(HttpResponse<String> answer, String said) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(422);
        assertThat(Outcome.of(answer).getIssueFirstRep().getDiagnostics()).contains(said);
    }

    private static String parameter(String code, String element) {
        return parameter(code.replace("_", ""), code, element);
    }

    private static String parameter(String id, String code, String element) {
        return ("{\"resourceType\":\"SearchParameter\",\"id\":\"" + id + "\",\"url\":\"http://x.org/" + id
                        + "\",\"name\":\"X\",\"status\":\"active\",\"description\":\"X\",\"code\":\"" + code
                        + "\",\"base\":[\"Organization\"],\"type\":\"string\",\"expression\":\"Organization." + element
                        + "\"}");
    }

    private static String entry(String id, String code, String element) {
        return "{\"fullUrl\":\"http://x.org/" + id + "\",\"resource\":" + parameter(id, code, element)
                + ",\"request\":{\"method\":\"PUT\",\"url\":\"SearchParameter/" + id + "\"}}";
    }

    private static String transaction(String... entries) {
        return "{\"resourceType\":\"Bundle\",\"type\":\"transaction\",\"entry\":["
                + String.join(",", Stream.of(entries).toList()) + "]}";
    }
}
