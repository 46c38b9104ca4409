package miroir.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import miroir.server.KnownOrganizations.Content;
import miroir.server.SearchedServer.Found;
import miroir.server.configuration.ServerConfiguration;
import miroir.storage.testing.TestDatabase;

/** Two servers of one database, each with files of its own that say what is searched, and organizations that are known. */
final class TwoServers implements AutoCloseable {
    static final Function<Content, String> ALIAS = Content::alias;
    static final Function<Content, String> NAME = Content::name;
    static final Duration PATIENCE = Duration.ofMinutes(1);

    private static final int ORGANIZATIONS = 300;
    private static final int VALUES = 20;

    /** Documents per second: so slow that searches come in between. */
    private static final int RATE = 200;

    private final Application first;
    private final Application second;
    private final KnownOrganizations known = new KnownOrganizations();
    private final SearchFolder files;
    private final SearchedServer one;
    private final SearchedServer other;
    private final BusyClients clients;

    private TwoServers(TestDatabase database, Path folder) throws Exception {
        Path token = Files.writeString(folder.resolve("token"), TestServer.TOKEN + "\n");
        files = SearchFolder.in(Files.createDirectory(folder.resolve("one")));
        first = application(database, files, token);
        one = searched(first);
        second = application(database, SearchFolder.in(Files.createDirectory(folder.resolve("other"))), token);
        other = searched(second);
        clients = new BusyClients(known, List.of(one, other), VALUES, false);
    }

    /** Both, when they are ready, and what they keep. */
    static TwoServers start(TestDatabase database, Path folder) throws Exception {
        TwoServers servers = new TwoServers(database, folder);
        await().atMost(PATIENCE).until(() -> servers.one.isReady() && servers.other.isReady());
        Random random = new Random(1);
        for (int i = 0; i < ORGANIZATIONS; i++) {
            servers.put("o" + i, servers.clients.content(random));
        }
        return servers;
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

    private void put(String id, Content content) throws Exception {
        known.attempt(id, content);
        assertThat(one.write("PUT", "/fhir/Organization/" + id, content.json(id))
                        .statusCode())
                .isIn(200, 201);
        known.acknowledge(id);
    }

    SearchedServer one() {
        return one;
    }

    SearchedServer other() {
        return other;
    }

    /** The files of the one. */
    SearchFolder files() {
        return files;
    }

    /** Who write and search on both, once they are started. */
    BusyClients clients() {
        return clients;
    }

    /** The status of a search on the one. */
    int status(String code) throws Exception {
        return one.search(code + "=name-00001").status();
    }

    /** Until both say that they do not know the parameter. */
    void awaitUnknown(String code) {
        await().atMost(PATIENCE)
                .until(() -> status(code) == 400
                        && other.search(code + "=name-00001").status() == 400);
    }

    /** Both servers answer the parameter, and exactly. */
    void awaitExact(Function<Content, String> meaning, String code) {
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

    /** An active SearchParameter of organizations. */
    static String parameter(String id, String code, String element) {
        return "{\"resourceType\":\"SearchParameter\",\"id\":\"" + id + "\",\"url\":\"http://x.org/" + id
                + "\",\"name\":\"X\",\"status\":\"active\",\"description\":\"X\",\"code\":\"" + code
                + "\",\"base\":[\"Organization\"],\"type\":\"string\",\"expression\":\"Organization." + element
                + "\"}";
    }

    @Override
    public void close() {
        clients.close();
        second.close();
        first.close();
    }
}
