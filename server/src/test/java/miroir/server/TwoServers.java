package miroir.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.UpdateOptions;
import com.mongodb.client.model.Updates;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import miroir.server.BusyClients.Writing;
import miroir.server.KnownOrganizations.Content;
import miroir.server.SearchedServer.Found;
import miroir.server.configuration.ServerConfiguration;
import miroir.storage.testing.TestDatabase;
import org.bson.BsonDateTime;
import org.bson.conversions.Bson;

/** Two servers of one database, each with files of its own that say what is searched, and organizations that are known. */
final class TwoServers implements AutoCloseable {
    static final Function<Content, String> ALIAS = Content::alias;
    static final Function<Content, String> NAME = Content::name;
    static final Duration PATIENCE = Duration.ofMinutes(1);

    private static final int ORGANIZATIONS = 120;
    private static final int VALUES = 20;
    private static final Writing WRITING = new Writing(50, Duration.ofMillis(50));
    private static final String ZONE = "Europe/Paris";
    private static final Bson WORK = Filters.eq("_id", "fields of Organization");

    private final Application first;
    private final Application second;
    private final KnownOrganizations known = new KnownOrganizations();
    private final SearchFolder files;
    private final SearchedServer one;
    private final SearchedServer other;
    private final BusyClients clients;

    private final TestDatabase database;

    private TwoServers(TestDatabase database, Path folder, String zoneOfOther) throws Exception {
        this.database = database;
        Path token = Files.writeString(folder.resolve("token"), TestServer.TOKEN + "\n");
        files = SearchFolder.in(Files.createDirectory(folder.resolve("one")));
        first = application(database, files, token, ZONE);
        one = searched(first);
        second = application(
                database, SearchFolder.in(Files.createDirectory(folder.resolve("other"))), token, zoneOfOther);
        other = searched(second);
        clients = new BusyClients(known, List.of(one, other), VALUES, WRITING, false);
    }

    /** Both, when they are ready, and what they keep. */
    static TwoServers start(TestDatabase database, Path folder) throws Exception {
        return start(database, folder, ZONE);
    }

    /** The same, where the other has files of another zone. */
    static TwoServers start(TestDatabase database, Path folder, String zoneOfOther) throws Exception {
        TwoServers servers = new TwoServers(database, folder, zoneOfOther);
        await().atMost(PATIENCE).until(() -> servers.one.isReady() && servers.other.isReady());
        Random random = new Random(1);
        for (int i = 0; i < ORGANIZATIONS; i++) {
            servers.put("o" + i, servers.clients.content(random));
        }
        return servers;
    }

    private static Application application(TestDatabase database, SearchFolder conf, Path token, String zone)
            throws Exception {
        Map<String, String> environment = Map.of(
                "MONGODB_URI", database.uri(),
                "MIROIR_DATABASE", database.name(),
                "MIROIR_PORT", "0",
                "MIROIR_TYPES", "Organization,SearchParameter",
                "MIROIR_WRITE_TOKEN_FILE", token.toString());
        Path file = conf.path().resolve("server.yaml");
        String text = Files.readString(file).replace("zone: " + ZONE, "zone: " + zone);
        return Application.start(
                ServerConfiguration.read(file.toString(), text, environment::get), conf.path(), said -> {});
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

    /** What is made anew waits from now on, as if another process were about it. */
    void hold() {
        changeWork(Updates.combine(
                Updates.set("holder", "a test"), Updates.set("until", new BsonDateTime(Long.MAX_VALUE / 2))));
    }

    /** It waits no more. */
    void letGo() {
        changeWork(Updates.combine(Updates.unset("holder"), Updates.set("until", new BsonDateTime(0))));
    }

    private void changeWork(Bson change) {
        try (MongoClient client = MongoClients.create(database.uri())) {
            client.getDatabase(database.name())
                    .getCollection("miroir_jobs")
                    .updateOne(WORK, change, new UpdateOptions().upsert(true));
        }
    }

    /** An active resource that nobody has checked. */
    void putUnchecked(String id, String resource) throws Exception {
        assertThat(one.write("PUT", "/fhir/SearchParameter/" + id, resource.replace("\"active\"", "\"draft\""))
                        .statusCode())
                .isEqualTo(201);
        try (MongoClient client = MongoClients.create(database.uri())) {
            client.getDatabase(database.name())
                    .getCollection("SearchParameter")
                    .updateOne(Filters.eq("_id", id), Updates.set("fhir.status", "active"));
        }
    }

    /** Has the one look at its files and parameters at once; a write that changes nothing would not. */
    void look() throws Exception {
        String draft = parameter("look", "look-" + System.nanoTime(), "name").replace("\"active\"", "\"draft\"");
        assertThat(one.write("PUT", "/fhir/SearchParameter/look", draft).statusCode())
                .isIn(200, 201);
    }

    /** Until the one knows a parameter of its files. */
    void awaitKnown(String code) {
        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(250)).until(() -> {
            look();
            return status(code) != 400;
        });
    }

    /** The status of a search on the one. */
    int status(String code) throws Exception {
        return one.search(code + "=" + BusyClients.value(1)).status();
    }

    /** Until both say that they do not know the parameter. */
    void awaitUnknown(String code) {
        await().atMost(PATIENCE)
                .until(() -> status(code) == 400
                        && other.search(code + "=" + BusyClients.value(1)).status() == 400);
    }

    /** Both servers answer the parameter, and exactly. */
    void awaitExact(Function<Content, String> meaning, String code) {
        for (SearchedServer server : List.of(one, other)) {
            for (int i = 0; i < VALUES; i++) {
                String value = BusyClients.value(i);
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
