package miroir.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayInputStream;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import javax.xml.parsers.DocumentBuilderFactory;
import miroir.index.Refusal;
import miroir.index.store.Caller;
import miroir.index.store.ForwardingStore;
import miroir.index.store.HistoryPage;
import miroir.index.store.HistoryQuery;
import miroir.index.store.ResourceKey;
import miroir.index.store.ResourceStore;
import miroir.index.store.ResourceVersion;
import miroir.server.access.AdminClient;
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
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** What changed, as rows, as a page and as a feed. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ExtendWith(MongoExtension.class)
final class ChangesReportIT {
    private static final String ATOM = "http://www.w3.org/2005/Atom";
    private static final String MAILBOX = """
            ,"telecom":[{"extension":[{"url":"https://hl7.fr/ig/fhir/core/StructureDefinition/fr-core-contact-point-email-type",\
            "valueCoding":{"code":"MSSANTE"}}],"system":"email","value":"%s"}]""";

    private static final DateTimeFormatter MILLIS =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

    private TestServer server;
    private String narrowed;
    private String reader;

    @BeforeAll
    void start(TestDatabase database) throws Exception {
        server = TestServer.withAccess("access: {mode: token}", database, new WithoutOne(TestServer.ready(database)));
        AdminClient admin = AdminClient.local(server);
        narrowed = admin.consumer(
                "narrowed",
                "HISTORY on Organization?address-city=Lyon",
                "HISTORY on Practitioner?active=true",
                "HISTORY on PractitionerRole?active=true");
        reader = admin.consumer("finder", "READ, SEARCH on *");
        put("Organization/o1", organization("Clinique A", "PARIS", "75001"));
        put("Organization/o1", organization("Clinique A", "LYON", "69003"));
        put("Organization/o2", organization("=2+2", "PARIS", "75002"));
        put("Organization/o2", "\"active\":false,\"name\":\"=2+2\"");
        put("Organization/o3", organization("Clinique C", "PARIS", "75003"));
        delete("Organization/o3");
        put("Organization/purged", organization("Clinique P", "PARIS", "75004"));
        put("Organization/purged", organization("Clinique P", "LYON", "69004"));
        put("Practitioner/p1", practitioner("Durand"));
        put("Practitioner/p1", practitioner("Durand") + MAILBOX.formatted("durand@mssante.fr"));
        put("Practitioner/erased", practitioner("Secret"));
        assertThat(Http.write("POST", server.uri("/fhir/Practitioner/erased/$erase"), "")
                        .statusCode())
                .isEqualTo(200);
        put("PractitionerRole/r1", role("o3"));
        put("PractitionerRole/r1", role("o1"));
    }

    /** As if history had been purged. */
    private static final class WithoutOne extends ForwardingStore {
        WithoutOne(ResourceStore store) {
            super(store);
        }

        @Override
        public Optional<ResourceVersion> readVersion(Caller caller, ResourceKey key, long version) {
            return key.id().equals("purged") && version == 1
                    ? Optional.empty()
                    : super.readVersion(caller, key, version);
        }
    }

    private static String organization(String name, String city, String postalCode) {
        return "\"active\":true,\"name\":\"" + name + "\",\"identifier\":[{\"value\":\"99" + postalCode
                + "\"}],\"address\":[{\"city\":\"" + city + "\",\"postalCode\":\"" + postalCode + "\"}]";
    }

    private static String practitioner(String family) {
        return "\"active\":true,\"name\":[{\"family\":\"" + family + "\"}]";
    }

    private static String role(String organization) {
        return "\"active\":true,\"practitioner\":{\"reference\":\"Practitioner/p1\"},\"organization\":{\"reference\":\"Organization/"
                + organization + "\"}";
    }

    private void put(String reference, String content) throws Exception {
        String json = "{\"resourceType\":\"" + reference.replace("/", "\",\"id\":\"") + "\"," + content + "}";
        HttpResponse<String> stored = Http.write("PUT", server.uri("/fhir/" + reference), json);
        assertThat(stored.statusCode()).as(stored.body()).isIn(200, 201);
    }

    private void delete(String reference) throws Exception {
        assertThat(Http.write("DELETE", server.uri("/fhir/" + reference), "").statusCode())
                .isEqualTo(204);
    }

    @AfterAll
    void stop() {
        server.close();
    }

    private HttpResponse<String> get(String path, String... headers) throws Exception {
        return getAs(TestServer.TOKEN, path, headers);
    }

    private HttpResponse<String> getAs(String token, String path, String... headers) throws Exception {
        List<String> all = new ArrayList<>(List.of(headers));
        all.addAll(List.of("Authorization", "Bearer " + token));
        return Http.send("GET", server.uri("/reports/" + path), all.toArray(String[]::new));
    }

    /** Type, id, version, kinds, before and after of each row. */
    private static List<String> rows(HttpResponse<String> ndjson) {
        assertThat(ndjson.statusCode()).as(ndjson.body()).isEqualTo(200);
        return ndjson.body()
                .lines()
                .map(BsonDocument::parse)
                .map(row -> text(row, "type") + "/" + text(row, "id") + " " + text(row, "version") + " "
                        + text(row, "kinds") + " " + text(row, "before") + " > " + text(row, "after"))
                .toList();
    }

    private static String text(BsonDocument row, String column) {
        return row.containsKey(column) ? row.getString(column).getValue() : "";
    }

    @Test
    void ndjson_tellsWhatEveryVersionChanged_newestFirst() throws Exception {
        assertThat(rows(get("changes.ndjson")))
                .containsExactly(
                        "PractitionerRole/r1 2 MOVE Organization/o3 > Clinique A (Organization/o1)",
                        "PractitionerRole/r1 1 ARRIVAL  > Organization/o3",
                        "Practitioner/erased 2 ERASED  > ",
                        "Practitioner/p1 2 MAILBOX  > durand@mssante.fr",
                        "Practitioner/p1 1 ARRIVAL  > ",
                        "Organization/purged 2 UNKNOWN  > ",
                        "Organization/purged 1 ARRIVAL  > 75004 PARIS",
                        "Organization/o3 2 DEPARTURE 75003 PARIS > ",
                        "Organization/o3 1 ARRIVAL  > 75003 PARIS",
                        "Organization/o2 2 DEPARTURE 75002 PARIS > ",
                        "Organization/o2 1 ARRIVAL  > 75002 PARIS",
                        "Organization/o1 2 MOVE 75001 PARIS > 69003 LYON",
                        "Organization/o1 1 ARRIVAL  > 75001 PARIS");
        assertThat(get("changes.ndjson?kind=UNKNOWN&lang=en").body()).contains("it cannot be said what changed");
        assertThat(get("changes.ndjson?kind=MOVE&type=PractitionerRole").body())
                .contains("\"name\":\"Durand\"")
                .doesNotContain("Organization/o1 ");
    }

    @Test
    void ndjson_ofTypesAndKinds_hasOnlyThose() throws Exception {
        assertThat(rows(get("changes.ndjson?type=Organization,Practitioner&kind=MOVE,MAILBOX")))
                .containsExactly(
                        "Practitioner/p1 2 MAILBOX  > durand@mssante.fr",
                        "Organization/o1 2 MOVE 75001 PARIS > 69003 LYON");
    }

    @Test
    void csv_isSafeForSpreadsheets() throws Exception {
        HttpResponse<String> answer = get("changes.csv?type=Organization");

        assertThat(answer.headers().firstValue("Content-Type")).hasValue("text/csv;charset=UTF-8");
        assertThat(answer.body())
                .startsWith("\uFEFFinstant;type;id;version;kinds;identifier;name;before;after;remark\r\n");
        assertThat(answer.body())
                .contains(";Organization;o1;2;MOVE;9969003;Clinique A;75001 PARIS;69003 LYON;\r\n")
                .contains(";'=2+2;")
                .doesNotContain(";=2+2");
    }

    @Test
    void until_isWhereTheNextOneBegins() throws Exception {
        HttpResponse<String> all = get("changes.ndjson");
        String until = all.headers().firstValue("Miroir-Until").orElseThrow();

        assertThat(Instant.parse(until)).isBeforeOrEqualTo(Instant.now());
        String last = BsonDocument.parse(all.body().lines().findFirst().orElseThrow())
                .getString("instant")
                .getValue();
        assertThat(Instant.parse(until)).isAfterOrEqualTo(Instant.parse(last));
        assertThat(rows(get("changes.ndjson?since=" + last + "&until=" + last))).hasSize(1);
        Instant earlier = Instant.parse(last).minusMillis(1);
        // With its milliseconds, also where they are none: without them all of the second would be meant.
        HttpResponse<String> before = get("changes.ndjson?until=" + MILLIS.format(earlier));
        assertThat(rows(before)).hasSize(12);
        assertThat(before.headers().firstValue("Miroir-Until").map(Instant::parse))
                .hasValue(earlier);
    }

    @Test
    void page_countsDaysTypesAndKinds_inBothLanguages() throws Exception {
        String today = LocalDate.now(ZoneId.of("Europe/Paris")).toString();
        HttpResponse<String> french = get("changes");

        assertThat(french.statusCode()).as(french.body()).isEqualTo(200);
        assertThat(french.body())
                .contains("<html lang=\"fr\">", "Déménagements", "rien")
                .contains("/reports/changes.csv?since=" + today + "&amp;until=" + today
                        + "&amp;type=Organization&amp;kind=MOVE\">1</a>");
        HttpResponse<String> english = get("changes?days=2", "Accept-Language", "en");
        assertThat(english.body()).contains("<html lang=\"en\">", "Moves").doesNotContain("Déménagements");
        assertThat(get("changes?days=1&type=Device").body()).doesNotContain(">Organization<");
    }

    @Test
    void feed_isAtom() throws Exception {
        HttpResponse<String> answer = get("changes.atom?days=3");
        assertThat(answer.headers().firstValue("Content-Type").orElseThrow()).startsWith("application/atom+xml");
        Element feed = parsed(answer);

        assertThat(feed.getNamespaceURI()).isEqualTo(ATOM);
        for (String needed : List.of("id", "title", "updated", "author")) {
            assertThat(child(feed, needed)).isNotBlank();
        }
        NodeList entries = feed.getElementsByTagNameNS(ATOM, "entry");
        assertThat(entries.getLength()).isEqualTo(3);
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < entries.getLength(); i++) {
            Element entry = (Element) entries.item(i);
            ids.add(child(entry, "id"));
            assertThat(Instant.parse(child(entry, "updated"))).isNotNull();
            assertThat(child(entry, "title")).isNotBlank();
            assertThat(child(entry, "content")).isNotBlank();
            assertThat(((Element) entry.getElementsByTagNameNS(ATOM, "link").item(0)).getAttribute("href"))
                    .startsWith("http://127.0.0.1:");
        }
        assertThat(ids).doesNotHaveDuplicates().allMatch(id -> id.startsWith("urn:uuid:"));
        assertThat(child((Element) entries.item(0), "content")).contains("Déménagements 1");
        assertThat(child(parsed(get("changes.atom?days=3")), "id")).isEqualTo(child(feed, "id"));
    }

    private static Element parsed(HttpResponse<String> answer) throws Exception {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
        factory.setNamespaceAware(true);
        Document document = factory.newDocumentBuilder()
                .parse(new ByteArrayInputStream(answer.body().getBytes(StandardCharsets.UTF_8)));
        return document.getDocumentElement();
    }

    /** The text of the first child of that name. */
    private static String child(Element parent, String name) {
        for (int i = 0; i < parent.getChildNodes().getLength(); i++) {
            if (parent.getChildNodes().item(i) instanceof Element element
                    && element.getLocalName().equals(name)) {
                return element.getTextContent();
            }
        }
        return "";
    }

    /** What was elsewhere is not his to see, so he is not told that it came from there. */
    @Test
    void whoSeesLess_isToldOfHisOnly() throws Exception {
        assertThat(rows(getAs(narrowed, "changes.ndjson")))
                .containsExactly(
                        "PractitionerRole/r1 2 MOVE Organization/o3 > Clinique A (Organization/o1)",
                        "PractitionerRole/r1 1 ARRIVAL  > Organization/o3",
                        "Practitioner/p1 2 MAILBOX  > durand@mssante.fr",
                        "Practitioner/p1 1 ARRIVAL  > ",
                        "Organization/purged 2 UNKNOWN  > ",
                        "Organization/o1 2 UNKNOWN  > ");
        get("changes?days=1");
        assertThat(getAs(narrowed, "changes?days=1").body())
                .contains("kind=UNKNOWN\">2</a>")
                .doesNotContain("kind=DEPARTURE")
                .doesNotContain("kind=ERASED");
        assertThat(getAs(narrowed, "changes.atom?days=1").body()).doesNotContain("Départs");
    }

    @Test
    void whoMayNot_isRefused() throws Exception {
        for (String path : List.of("changes", "changes.csv", "changes.ndjson", "changes.atom")) {
            assertThat(Http.send("GET", server.uri("/reports/" + path)).statusCode())
                    .isEqualTo(401);
            assertThat(getAs(reader, path).statusCode()).isEqualTo(403);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            changes.csv?since=yesterday             | yesterday
            changes.csv?since=9999-01-01            | in the future
            changes.csv?since=2001-01-01            | 92 days
            changes.csv?since=2026-01-02&until=2026-01-01 | before since
            changes.csv?type=Patient                | Patient
            changes.csv?type=Organization,          | type= is not known
            changes.csv?kind=ARRIVAL,arrival        | kind=arrival
            changes.csv?kind=%00                    | zero byte
            changes.csv?kind=MOVE&kind=MOVE         | given twice
            changes.csv?sinc=2026-01-01             | sinc
            changes.csv?lang=de                     | lang=de
            changes?days=0                          | days=0
            changes?days=91                         | 1 to 90
            changes?days=99999999999999999999       | days=9999
            changes?days=-1                         | days=-1
            changes.atom?days=x                     | days=x
            changes.atom?since=2026-01-01           | since
            """)
    void parameters_thatAreWrong_areRefusedByName(String path, String part) throws Exception {
        HttpResponse<String> answer = get(path);

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
        assertThat(answer.body()).contains("OperationOutcome", part);
    }

    @Test
    void head_sendsNoRows() throws Exception {
        HttpResponse<String> answer =
                Http.send("HEAD", server.uri("/reports/changes.csv"), "Authorization", "Bearer " + TestServer.TOKEN);

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEmpty();
    }

    /** Whose history takes its time: until it may go on, or so long each time. */
    private static final class Slow extends ForwardingStore {
        private final CountDownLatch mayGoOn;
        private final Duration each;

        Slow(CountDownLatch mayGoOn, Duration each) {
            super(TestServer.memory());
            this.mayGoOn = mayGoOn;
            this.each = each;
        }

        @Override
        public HistoryPage history(Caller caller, HistoryQuery query) {
            try {
                mayGoOn.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            LockSupport.parkNanos(each.toNanos());
            return super.history(caller, query);
        }
    }

    @Test
    void page_whileDaysAreBeingCounted_saysSo() throws Exception {
        CountDownLatch mayGoOn = new CountDownLatch(1);
        try (TestServer slow = TestServer.start("", new Slow(mayGoOn, Duration.ZERO), false)) {
            assertThat(Http.send("GET", slow.uri("/reports/changes?days=2")).body())
                    .contains("en cours de calcul")
                    .doesNotContain(">rien<");
            assertThat(parsed(Http.send("GET", slow.uri("/reports/changes.atom?days=2")))
                            .getElementsByTagNameNS(ATOM, "entry")
                            .getLength())
                    .isZero();
            mayGoOn.countDown();
            await().untilAsserted(() -> assertThat(Http.send("GET", slow.uri("/reports/changes?days=2"))
                            .body())
                    .contains(">rien<")
                    .doesNotContain("en cours de calcul"));
        }
    }

    /** Or who stores it would miss what was not told. */
    @Test
    void rows_thatCannotBeTold_haveNoUntil() throws Exception {
        ForwardingStore failing = new ForwardingStore(TestServer.memory()) {
            @Override
            public HistoryPage history(Caller caller, HistoryQuery query) {
                throw new Refusal(Refusal.Reason.TOO_COSTLY, "as an example");
            }
        };
        try (TestServer server = TestServer.start("", failing, false)) {
            HttpResponse<String> answer = Http.send("GET", server.uri("/reports/changes.csv"));

            assertThat(answer.statusCode()).isEqualTo(503);
            assertThat(answer.headers().firstValue("Miroir-Until")).isEmpty();
        }
    }

    @Test
    void server_thatStopsWhileDaysAreBeingCounted_stops() throws Exception {
        Set<Thread> before = counting();
        CountDownLatch never = new CountDownLatch(1);
        TestServer slow = TestServer.start("", new Slow(never, Duration.ZERO), false);
        Http.send("GET", slow.uri("/reports/changes?days=2"));
        assertThat(counting()).hasSize(before.size() + 1);
        slow.close();

        await().untilAsserted(() -> assertThat(before).containsAll(counting()));
    }

    private static Set<Thread> counting() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("count-changes"))
                .collect(Collectors.toSet());
    }

    @Test
    void page_ofWhoSeesLess_thatTakesTooLong_isRefused(TestDatabase database) throws Exception {
        TestDatabase own = new TestDatabase(database.uri(), database.name() + "_slow");
        try (TestServer slow = TestServer.withAccess(
                "access: {mode: token}\nsearch: {deadline: 1s}",
                own,
                new Slow(new CountDownLatch(0), Duration.ofMillis(100)))) {
            String less = AdminClient.local(slow)
                    .consumer(
                            "less",
                            "HISTORY on Organization?address-city=Lyon",
                            "HISTORY on Practitioner?active=true",
                            "HISTORY on PractitionerRole?active=true");
            HttpResponse<String> answer =
                    Http.send("GET", slow.uri("/reports/changes"), "Authorization", "Bearer " + less);

            assertThat(answer.statusCode()).isEqualTo(503);
            assertThat(answer.body()).contains("too-costly", "days=");
        }
    }

    /** More than a page, of which some are of one instant. */
    @Test
    void rows_ofManyPages_areAllThereOnce(TestDatabase database) throws Exception {
        TestDatabase own = new TestDatabase(database.uri(), database.name() + "_many");
        try (TestServer many = TestServer.start(own)) {
            for (int i = 0; i < 250; i++) {
                Http.write(
                        "PUT",
                        many.uri("/fhir/Organization/o" + i),
                        "{\"resourceType\":\"Organization\",\"id\":\"o" + i + "\",\"active\":true}");
            }
            HttpResponse<String> answer = Http.send(
                    "GET",
                    many.uri("/reports/changes.ndjson?since=" + Instant.now().minus(Duration.ofHours(1))));
            assertThat(rows(answer)).hasSize(250).doesNotHaveDuplicates();
            assertThat(Http.send("GET", many.uri("/reports/changes?days=1")).body())
                    .contains("kind=ARRIVAL\">250</a>");
        }
    }
}
