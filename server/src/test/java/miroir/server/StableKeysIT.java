package miroir.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import miroir.index.json.ReadLimits;
import miroir.index.json.ResourceReader;
import miroir.index.store.ResourceKey;
import miroir.index.structure.Structures;
import miroir.storage.Mirrored;
import miroir.storage.MongoResourceStore;
import miroir.storage.ledger.Change;
import miroir.storage.ledger.Lease;
import miroir.storage.ledger.Ledger;
import miroir.storage.testing.MongoExtension;
import miroir.storage.testing.TestDatabase;
import org.awaitility.Awaitility;
import org.bson.BsonDateTime;
import org.bson.BsonDocument;
import org.bson.BsonString;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Business identifiers as entry, ids that changed, and how old copies are. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ExtendWith(MongoExtension.class)
final class StableKeysIT {
    private static final String SOURCE = "annuaire/Organization";
    private static final String AS_OF = "2026-11-27T23:10:00Z";
    private static final ResourceReader READER = new ResourceReader(Structures.r4(), ReadLimits.standard());

    private TestServer server;
    private MongoResourceStore store;

    @BeforeAll
    void start(TestDatabase database) throws Exception {
        store = MongoResourceStore.open(TestServer.settings(database), TestServer.REGISTRY, TestServer.FIELDS);
        Awaitility.await().until(() -> store.readiness().ready());
        server = TestServer.start("", store, false);
        try (Ledger ledger = Ledger.open(TestServer.settings(database))) {
            ledger.makeSure(Ledger.SYNCHRONISATIONS);
            Lease lease = ledger.take("sync", "test", Duration.ofMinutes(1)).orElseThrow();
            ledger.change(
                    lease,
                    List.of(
                            Change.set(Ledger.SYNCHRONISATIONS, SOURCE, synchronisation("Organization", AS_OF)),
                            Change.set(Ledger.SYNCHRONISATIONS, "annuaire/Device", synchronisation("Device", ""))));
        }
        put("Practitioner/p1", "810000000001", "true");
        put("Practitioner/p2", "810000000002", "false");
        put("Practitioner/p3", "810000000002", "true");
        put("Practitioner/p4", "810000000004", "true");
        put("Practitioner/p5", "810000000004", "true");
        Awaitility.await().until(() -> header("/Organization?_count=0").contains(AS_OF));
    }

    private static BsonDocument synchronisation(String type, String asOf) {
        BsonDocument fields = new BsonDocument("definition", new BsonDocument("type", new BsonString(type)));
        return asOf.isEmpty()
                ? fields
                : fields.append("mark", new BsonDateTime(Instant.parse(asOf).toEpochMilli()));
    }

    private void put(String path, String rpps, String active) throws Exception {
        String json = """
                {"resourceType":"Practitioner","id":"%s","active":%s,"identifier":[{"system":"https://rpps.esante.gouv.fr","value":"%s"}]}""".formatted(path.replaceAll(".*/", ""), active, rpps);
        assertThat(Http.write("PUT", server.uri("/fhir/" + path), json).statusCode())
                .isEqualTo(201);
    }

    @AfterAll
    void stop() {
        server.close();
    }

    private HttpResponse<String> get(String path) throws Exception {
        return Http.send("GET", server.uri("/fhir" + path));
    }

    // --- by identifier

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "/Practitioner/$by-identifier?value=810000000001; 200; \"id\":\"p1\"",
                "/Practitioner/$by-identifier?value=https://rpps.esante.gouv.fr|810000000001; 200; \"id\":\"p1\"",
                "/Practitioner/$by-identifier?value=810000000001&_elements=identifier; 200; SUBSETTED",
                "/Practitioner/$by-identifier?value=810000000002; 200; \"id\":\"p3\"",
                "/Practitioner/$by-identifier?value=810000000004; 409; Practitioner/p4, Practitioner/p5",
                "/Practitioner/$by-identifier?value=urn:other|810000000001; 404; urn:other",
                "/Practitioner/$by-identifier?value=1,810000000001; 404; 1,810000000001",
                "/Practitioner/$by-identifier?value=https://rpps.esante.gouv.fr|; 400; no value",
                "/Practitioner/$by-identifier; 400; value is given once",
                "/Practitioner/$by-identifier?value=1&value=2; 400; value is given once",
                "/Practitioner/$by-identifier?valu=1; 400; valu",
                "/Practitioner/p1/$by-identifier?value=1; 501; operation",
                "/Device/$by-identifier?value=1; 503; never copied whole"
            })
    void byIdentifier_findsTheOneThatIsMeant(String query, int status, String part) throws Exception {
        HttpResponse<String> answer = get(query.replace("|", "%7C"));

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(answer.body()).contains(part.strip());
    }

    @Test
    void byIdentifier_isAnsweredLikeARead() throws Exception {
        HttpResponse<String> answer = get("/Practitioner/$by-identifier?value=810000000001");

        assertThat(answer.headers().firstValue("ETag")).contains("W/\"1\"");
        assertThat(answer.headers().firstValue("Content-Location").orElseThrow())
                .endsWith("/Practitioner/p1/_history/1");
        assertThat(answer.body()).isEqualTo(get("/Practitioner/p1").body());
        assertThat(Http.write("POST", server.uri("/fhir"), """
                {"resourceType":"Bundle","type":"batch","entry":[{"request":{"method":"GET","url":"Practitioner/$by-identifier?value=810000000001"}}]}""").body()).contains("\"id\":\"p1\"");
    }

    @Test
    void search_bySystemsOfVersion1_findsThoseOfVersion2() throws Exception {
        for (String search : List.of(
                "identifier=http://rpps.fr%7C810000000001", "identifier=https://rpps.esante.gouv.fr%7C810000000001")) {
            assertThat(get("/Practitioner?" + search).body()).contains("\"id\":\"p1\"");
        }
        assertThat(get("/Practitioner?identifier:not=http://rpps.fr%7C").body()).doesNotContain("\"id\":\"p1\"");
        assertThat(get("/Practitioner/$by-identifier?value=http://rpps.fr%7C810000000001")
                        .statusCode())
                .isEqualTo(200);
        assertThat(get("/Practitioner?identifier=urn:other%7C810000000001").body())
                .doesNotContain("\"id\":\"p1\"");
    }

    // --- ids that changed

    @Test
    void read_ofAnIdThatChanged_leadsToTheNewOne() throws Exception {
        copy("old", new String[] {"sys|1", "sys|2"});
        copy("new", new String[] {"sys|1", "sys|2"});
        copy("other", new String[] {"sys|2"});
        remove("old");

        HttpResponse<String> answer = get("/Organization/old");
        assertThat(answer.statusCode()).isEqualTo(301);
        assertThat(answer.headers().firstValue("Location").orElseThrow()).endsWith("/Organization/new");
        assertThat(answer.body()).contains("OperationOutcome", "Organization/new");
        assertThat(get("/Organization/old/_history/1").statusCode()).isEqualTo(200);
        assertThat(get("/Organization/old/_history/2").statusCode()).isEqualTo(410);

        copy("newer", new String[] {"sys|1", "sys|2"});
        remove("new");
        assertThat(get("/Organization/old").headers().firstValue("Location").orElseThrow())
                .endsWith("/Organization/newer");
        copy("twin", new String[] {"sys|1", "sys|2"});
        assertThat(get("/Organization/old").statusCode()).isEqualTo(410);
        remove("twin");

        Http.write("POST", server.uri("/fhir/Organization/old/$erase"), "");
        assertThat(get("/Organization/old").statusCode()).isEqualTo(410);
    }

    /** The number of an owner is that of many, and decides nothing alone. */
    @Test
    void read_ofWhatSharesAnOwnerOnly_isGone() throws Exception {
        copy("place", new String[] {"finess|1", "siren|7"});
        copy("neighbour", new String[] {"finess|2", "siren|7"});
        remove("place");

        assertThat(get("/Organization/place").statusCode()).isEqualTo(410);
    }

    @Test
    void read_ofAnIdOfVersion1_leadsToThatOfVersion2() throws Exception {
        copyAs("first", "http://finess.sante.gouv.fr", "5");
        copyAs("second", "https://finess.esante.gouv.fr", "5");
        remove("first");

        assertThat(get("/Organization/first").headers().firstValue("Location").orElseThrow())
                .endsWith("/Organization/second");
    }

    @Test
    void read_ofWhatNobodySucceeds_isGone() throws Exception {
        copy("alone", new String[] {"sys|9"});
        remove("alone");

        assertThat(get("/Organization/alone").statusCode()).isEqualTo(410);
    }

    /** What a client deleted is deleted, where nothing is copied. */
    @Test
    void read_ofWhatAClientDeleted_isGone() throws Exception {
        put("Practitioner/a", "810000000009", "true");
        put("Practitioner/b", "810000000009", "true");
        Http.write("DELETE", server.uri("/fhir/Practitioner/a"), "");

        assertThat(get("/Practitioner/a").statusCode()).isEqualTo(410);
    }

    private void copy(String id, String[] identifiers) {
        StringBuilder all = new StringBuilder();
        for (String identifier : identifiers) {
            String[] parts = identifier.split("\\|", -1);
            all.append(all.isEmpty() ? "" : ",")
                    .append("{\"system\":\"urn:" + parts[0] + "\",\"value\":\"" + parts[1] + "\"}");
        }
        copy(id, all.toString());
    }

    private void copyAs(String id, String system, String value) {
        copy(id, "{\"system\":\"" + system + "\",\"value\":\"" + value + "\"}");
    }

    private void copy(String id, String all) {
        String json = "{\"resourceType\":\"Organization\",\"id\":\"" + id + "\",\"name\":\"" + id
                + "\",\"identifier\":[" + all + "]}";
        store.mirrored()
                .ingest(
                        SOURCE,
                        "Organization",
                        List.of(new Mirrored(
                                new ResourceKey("Organization", id),
                                READER.read(json.getBytes(StandardCharsets.UTF_8)),
                                Instant.now())),
                        Instant.now().plusSeconds(60));
    }

    private void remove(String id) {
        store.mirrored()
                .remove(SOURCE, "Organization", List.of(id), Instant.now().plusSeconds(60));
    }

    // --- how old it is

    private String header(String path) throws Exception {
        return get(path).headers().firstValue("Miroir-Copied-As-Of").orElse("");
    }

    @Test
    void everyAnswer_saysHowOldCopiesAre() throws Exception {
        assertThat(header("/Organization?_count=0")).isEqualTo(AS_OF);
        assertThat(header("/Organization/none")).isEqualTo(AS_OF);
        assertThat(header("/Organization?nonsense=1")).isEqualTo(AS_OF);
        assertThat(header("/Device?_count=0")).isEqualTo("never");
        assertThat(header("/Practitioner?_count=0")).isEmpty();
        assertThat(header("?_type=Organization")).isEqualTo(AS_OF);
        assertThat(header("?_type=Organization,Device")).isEqualTo("never");
        assertThat(header("?_count=1")).isEqualTo("never");
        assertThat(header("/$directory-search?name=x")).isEqualTo(AS_OF);
        assertThat(get("/metadata").body()).contains("as of " + AS_OF).contains("never whole yet");
    }

    @Test
    void whatIsNotHere_isAnotherAnswerThanWhatIsNotKnownYet() throws Exception {
        assertThat(get("/Organization/none").statusCode()).isEqualTo(404);
        HttpResponse<String> unknown = get("/Device/none");
        assertThat(unknown.statusCode()).isEqualTo(503);
        assertThat(unknown.body()).contains("not known yet");
        assertThat(unknown.headers().firstValue("Retry-After")).isPresent();
        assertThat(get("/Device?status=active").body()).contains("never copied whole", "\"warning\"");
        assertThat(get("/Organization?name=none").body()).doesNotContain("never copied whole");
    }
}
