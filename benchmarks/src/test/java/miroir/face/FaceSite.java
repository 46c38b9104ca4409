package miroir.face;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import miroir.index.structure.ServedTypes;
import miroir.server.Http;
import miroir.server.TestServer;
import miroir.server.access.AdminClient;
import miroir.simulator.http.Simulator;
import miroir.simulator.http.SimulatorSettings;
import miroir.storage.sync.Definition;
import miroir.storage.sync.Register;
import miroir.storage.sync.Schedule;
import miroir.storage.testing.TestDatabase;
import miroir.sync.daemon.Daemon;
import miroir.sync.run.RunSettings;
import miroir.sync.testing.Mirroring;
import miroir.sync.upstream.Source;
import org.awaitility.Awaitility;
import org.bson.BsonDocument;

/** What people in front of a browser have behind it: a simulated directory, a daemon, and two servers on one database, of which one is open and the other takes tokens. */
final class FaceSite implements AutoCloseable {
    static final Path ROOT = Path.of(System.getProperty("miroir.root"));
    /** One of the site's own, of which there are two versions. */
    static final String CHANGED = "ValueSet/changed";

    static final String PASSWORD = "a long enough password";

    /** By their roles. */
    static final Map<String, String> ADMINISTRATORS =
            Map.of("viewer", "vera", "operator", "otto", "administrator", "ada");

    private static final RunSettings SMALL =
            new RunSettings(1, 50, Duration.ofDays(30), Duration.ofDays(3), RunSettings.INDEXES_FIRST);

    private static final String SUBSCRIPTIONS = "\nsubscriptions: {allowedTargets: [127.0.0.1], giveUpAfter: 2s}";
    private static final String REPORTS = "\nreports: {quality: 24h}";
    private static final String OPEN = "access: {mode: open}" + SUBSCRIPTIONS + REPORTS;

    private static final int LENGTH_OF_A_NAME = 12;
    private static final int PAGE = 15;
    private static final int QUOTA = 1000;

    private final Simulator simulator;
    private final TestServer open;
    private final TestServer closed;
    private final Mirroring mirroring;
    private final Daemon daemon;
    private String subscriber = "";

    /** Of what is copied from the beginning; of healthcare services next to nothing is: they are left for who defines something. */
    static final List<String> COPIED = List.of("Organization", "Practitioner", "PractitionerRole", "Device");

    private FaceSite(Simulator simulator, TestServer open, TestServer closed, Mirroring mirroring, Daemon daemon) {
        this.simulator = simulator;
        this.open = open;
        this.closed = closed;
        this.mirroring = mirroring;
        this.daemon = daemon;
    }

    static FaceSite start(TestDatabase database) throws Exception {
        Set<String> types = types();
        // One that has a Dupont, and a Martin in Lyon, whom the home page asks for.
        Simulator simulator = Simulator.start(SimulatorSettings.standard().withSeed(127));
        TestServer open = TestServer.besideADaemon(OPEN, database, types);
        TestServer closed = TestServer.besideADaemon(
                "access: {mode: token, requests: true}" + SUBSCRIPTIONS + REPORTS, database, types);
        List<Definition> definitions =
                new ArrayList<>(COPIED.stream().map(type -> daily(type, "")).toList());
        definitions.add(daily("HealthcareService", "active=false"));
        Mirroring mirroring = Mirroring.of(database, source(simulator), SMALL, definitions.toArray(Definition[]::new));
        // What failed is tried again as late as by a daemon that people have: it stays on the pages meanwhile.
        Daemon daemon = mirroring.daemon(new Daemon.DaemonSettings(Duration.ofMillis(20), 2, Duration.ofMinutes(5)));
        daemon.start();
        FaceSite site = new FaceSite(simulator, open, closed, mirroring, daemon);
        site.loadTables();
        site.makePeople();
        site.changeOne();
        Awaitility.await().atMost(Duration.ofSeconds(60)).until(site::isCopied);
        site.export("Organization,Practitioner");
        return site;
    }

    /** A server of the same types that nobody has used. */
    static TestServer empty(TestDatabase database) throws Exception {
        return TestServer.besideADaemon(OPEN, database, types());
    }

    /** Its pages are small, so that there are many. */
    private static Source source(Simulator simulator) {
        Source usual = Mirroring.source(simulator.base());
        return new Source(
                usual.name(),
                usual.base(),
                usual.key(),
                QUOTA,
                usual.timeout(),
                PAGE,
                null,
                null,
                usual.patience(),
                "");
    }

    private static Set<String> types() {
        Set<String> types = new TreeSet<>(ServedTypes.of(ServedTypes.DIRECTORY));
        types.add("Subscription");
        return types;
    }

    private static Definition daily(String type, String filter) {
        Definition plain = Definition.of("up", type);
        return new Definition(
                plain.name() + (filter.isEmpty() ? "" : "/selected"),
                "up",
                type,
                filter,
                Schedule.parse("24h"),
                plain.fullEvery(),
                plain.overlap(),
                0.05,
                0.01,
                10);
    }

    /** Made by the one or the other server, some seconds after all was copied. */
    void awaitReport() {
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .until(() -> Http.send("GET", open.uri("/reports/quality.json")).statusCode() == 200);
    }

    private boolean isCopied() {
        return register().all().stream().filter(each -> each.mark() != null).count() > COPIED.size();
    }

    /** Administrators of each role, and an application with a token that waits for somebody to agree to what it subscribed to. */
    private void makePeople() throws Exception {
        AdminClient local = local();
        for (Map.Entry<String, String> each : ADMINISTRATORS.entrySet()) {
            local.done(
                    "POST",
                    "administrators",
                    "{\"name\":\"" + each.getValue() + "\",\"role\":\"" + each.getKey() + "\",\"password\":\""
                            + PASSWORD + "\"}");
        }
        subscriber = local.consumer("pharmacy", "READ, SEARCH, HISTORY on *", "CREATE on Subscription");
        subscribe("Organization?name:contains=pharmacie");
    }

    /** The code tables that are shipped: what pages say of people are their words. */
    private void loadTables() throws Exception {
        for (String table : Files.readAllLines(ROOT.resolve("conf/terminology/code-systems.ndjson"))) {
            String id = BsonDocument.parse(table).getString("id").getValue();
            Http.write("PUT", closed.uri("/fhir/CodeSystem/" + id), table);
        }
    }

    /** Has the application subscribe; returns the id. */
    String subscribe(String criteria) throws Exception {
        String json = "{\"resourceType\":\"Subscription\",\"status\":\"requested\",\"reason\":\"test\",\"criteria\":\""
                + criteria + "\",\"channel\":{\"type\":\"rest-hook\",\"endpoint\":\"http://127.0.0.1:9/hook\"}}";
        String answer = Http.send(
                        "POST",
                        closed.uri("/fhir/Subscription"),
                        json.getBytes(StandardCharsets.UTF_8),
                        "Authorization",
                        "Bearer " + subscriber,
                        "Content-Type",
                        "application/fhir+json")
                .body();
        return BsonDocument.parse(answer).getString("id").getValue();
    }

    private void changeOne() throws Exception {
        for (String some : List.of(
                "\"status\":\"draft\",\"description\":\"Pour essayer\"",
                "\"status\":\"active\",\"description\":\"Pour la recherche\"")) {
            Http.write(
                    "PUT",
                    closed.uri("/fhir/" + CHANGED),
                    "{\"resourceType\":\"ValueSet\",\"id\":\"changed\",\"name\":\"Specialites\",\"title\":\"Spécialités\","
                            + some + "}");
        }
    }

    /** Keeps a resource of a type that nothing is copied of. */
    void keep(String type, String id) throws Exception {
        Http.write(
                "PUT",
                closed.uri("/fhir/" + type + "/" + id),
                "{\"resourceType\":\"" + type + "\",\"id\":\"" + id + "\",\"status\":\"active\"}");
    }

    /** Has the application ask for an export; returns what administrators call it. */
    String export(String types) throws Exception {
        String address = Http.send(
                        "GET",
                        closed.uri("/fhir/$export?_type=" + types),
                        "Authorization",
                        "Bearer " + subscriber,
                        "Prefer",
                        "respond-async")
                .headers()
                .firstValue("Content-Location")
                .orElseThrow();
        return address.substring(address.lastIndexOf('/') + 1).substring(0, LENGTH_OF_A_NAME);
    }

    /** Of the server that lets everybody read. */
    String open(String path) {
        return open.uri(path).toString();
    }

    /** Of the server where reading takes a token, or somebody who is logged in. */
    String closed(String path) {
        return closed.uri(path).toString();
    }

    AdminClient local() {
        return AdminClient.local(closed);
    }

    Simulator simulator() {
        return simulator;
    }

    Register register() {
        return mirroring.register();
    }

    /** The last run of what is copied. */
    String run(String synchronisation) {
        return register().runs(synchronisation, 1).get(0).id();
    }

    /** The id of some resource. */
    String some(String type) throws Exception {
        String answer =
                Http.send("GET", open.uri("/fhir/" + type + "?_count=1")).body();
        return BsonDocument.parse(answer)
                .getArray("entry")
                .get(0)
                .asDocument()
                .getDocument("resource")
                .getString("id")
                .getValue();
    }

    @Override
    public void close() {
        daemon.close();
        mirroring.close();
        closed.close();
        open.close();
        simulator.close();
    }
}
