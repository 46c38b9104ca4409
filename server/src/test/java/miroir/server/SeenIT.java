package miroir.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Map;
import miroir.index.store.Caller;
import miroir.index.store.Copied;
import miroir.index.store.ForwardingStore;
import miroir.index.store.HistoryPage;
import miroir.index.store.HistoryQuery;
import miroir.index.store.ResourceStore;
import miroir.server.access.AdminClient;
import miroir.storage.testing.MongoExtension;
import miroir.storage.testing.TestDatabase;
import org.bson.BsonDocument;
import org.bson.BsonValue;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** Since when resources are here, and until when they were. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ExtendWith(MongoExtension.class)
final class SeenIT {
    private volatile Map<String, Copied> copies = Map.of();
    private TestServer server;
    private int written;

    @BeforeAll
    void start(TestDatabase database) throws Exception {
        server = TestServer.withAccess("access: {mode: open}", database, new Purged(TestServer.ready(database)));
    }

    /** A store with copies that are said to be so old, without the first versions of one resource. */
    private final class Purged extends ForwardingStore {
        Purged(ResourceStore store) {
            super(store);
        }

        @Override
        public Map<String, Copied> copies() {
            return copies;
        }

        @Override
        public HistoryPage history(Caller caller, HistoryQuery query) {
            HistoryPage page = super.history(caller, query);
            return new HistoryPage(
                    page.versions().stream()
                            .filter(version -> !version.key().id().equals("purged") || version.version() > 1)
                            .toList(),
                    page.more());
        }
    }

    @AfterAll
    void stop() {
        server.close();
    }

    private HttpResponse<String> put(String reference, boolean active) throws Exception {
        HttpResponse<String> stored = Http.write(
                "PUT",
                server.uri("/fhir/" + reference),
                "{\"resourceType\":\"" + reference.replace("/", "\",\"id\":\"") + "\",\"active\":" + active
                        + ",\"implicitRules\":\"urn:" + ++written + "\"}");
        assertThat(stored.statusCode()).as(stored.body()).isIn(200, 201);
        return stored;
    }

    private static Instant updated(HttpResponse<String> stored) {
        return instant(BsonDocument.parse(stored.body()).getDocument("meta").getString("lastUpdated"));
    }

    private static Instant instant(BsonValue text) {
        return OffsetDateTime.parse(text.asString().getValue()).toInstant();
    }

    private HttpResponse<String> get(String path) throws Exception {
        return Http.send("GET", server.uri("/fhir/" + path));
    }

    /** Its parameters by their names. */
    private BsonDocument seen(String reference) throws Exception {
        HttpResponse<String> answer = get(reference + "/$seen");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        BsonDocument seen = new BsonDocument();
        for (BsonValue each : BsonDocument.parse(answer.body()).getArray("parameter")) {
            BsonDocument parameter = each.asDocument();
            String name = parameter.getString("name").getValue();
            parameter.remove("name");
            parameter.values().forEach(value -> seen.put(name, value));
        }
        return seen;
    }

    private static void assertSeen(
            BsonDocument seen,
            Instant first,
            boolean exact,
            Instant last,
            Instant changed,
            boolean active,
            int versions) {
        assertThat(instant(seen.getString("firstSeen"))).isEqualTo(first);
        assertThat(seen.getBoolean("firstSeenExact").getValue()).isEqualTo(exact);
        assertThat(instant(seen.getString("lastSeen"))).isEqualTo(last);
        assertThat(instant(seen.getString("lastChanged"))).isEqualTo(changed);
        assertThat(seen.getBoolean("active").getValue()).isEqualTo(active);
        assertThat(seen.getInt32("versions").getValue()).isEqualTo(versions);
    }

    @Test
    void seen_ofSomethingActive_isUntilItsTypeWasCopied() throws Exception {
        Instant first = updated(put("Organization/o1", true));
        Instant second = updated(put("Organization/o1", true));
        assertSeen(seen("Organization/o1"), first, true, second, second, true, 2);

        Instant copied = second.plusSeconds(60);
        copies = Map.of("Organization", new Copied(copied));
        assertSeen(seen("Organization/o1"), first, true, copied, second, true, 2);
        copies = Map.of("Organization", new Copied(first.minusSeconds(60)));
        assertSeen(seen("Organization/o1"), first, true, second, second, true, 2);
        copies = Map.of();
    }

    @Test
    void seen_ofSomethingThatWent_isUntilThen() throws Exception {
        Instant first = updated(put("Practitioner/p1", true));
        Instant inactive = updated(put("Practitioner/p1", false));
        Instant still = updated(put("Practitioner/p1", false));
        assertSeen(seen("Practitioner/p1"), first, true, inactive, still, false, 3);

        Http.write("DELETE", server.uri("/fhir/Practitioner/p1"), "");
        BsonDocument deleted = seen("Practitioner/p1");
        assertSeen(deleted, first, true, inactive, instant(deleted.getString("lastChanged")), false, 4);
        assertThat(instant(deleted.getString("lastChanged"))).isAfter(still);
    }

    @Test
    void seen_ofWhatIsNotKeptWhole_isNotExact() throws Exception {
        put("Organization/purged", true);
        Instant second = updated(put("Organization/purged", true));
        Instant third = updated(put("Organization/purged", true));

        assertSeen(seen("Organization/purged"), second, false, third, third, true, 3);
    }

    @Test
    void seen_ofManyVersions_goesToTheFirst() throws Exception {
        Instant first = updated(put("Organization/many", true));
        for (int i = 0; i < 120; i++) {
            put("Organization/many", true);
        }
        assertThat(instant(seen("Organization/many").getString("firstSeen"))).isEqualTo(first);
    }

    @Test
    void seen_ofWhatIsNotHere_isLikeARead() throws Exception {
        assertThat(get("Organization/none/$seen").statusCode()).isEqualTo(404);
        assertThat(get("Nonsense/none/$seen").statusCode()).isEqualTo(404);
        copies = Map.of("Device", new Copied(null));
        assertThat(get("Device/none/$seen").statusCode()).isEqualTo(503);
        copies = Map.of();
        put("Organization/erased", true);
        Http.write("POST", server.uri("/fhir/Organization/erased/$erase"), "");
        assertThat(get("Organization/erased/$seen").statusCode()).isEqualTo(410);
        put("Organization/here", true);
        assertThat(get("Organization/here/$seen?x=1").body()).contains("x");
        assertThat(get("Organization/here/$seen?x=1").statusCode()).isEqualTo(400);
        assertThat(get("Organization/$seen").statusCode()).isEqualTo(501);
        assertThat(Http.write("POST", server.uri("/fhir/Organization/here/$seen"), "")
                        .statusCode())
                .isEqualTo(405);
        assertThat(get("Organization/here/$seen?_format=xml").body()).startsWith("<Parameters");
    }

    @Test
    void seen_needsTheRightToHistories() throws Exception {
        put("Organization/here2", true);
        AdminClient admin = AdminClient.local(server);
        String reader = admin.consumer("finder", "READ, SEARCH on *");
        String narrowed = admin.consumer("narrowed", "HISTORY on Organization?active=false");
        for (var each :
                Map.of(reader, 403, narrowed, 404, TestServer.TOKEN, 200).entrySet()) {
            assertThat(Http.send(
                                    "GET",
                                    server.uri("/fhir/Organization/here2/$seen"),
                                    "Authorization",
                                    "Bearer " + each.getKey())
                            .statusCode())
                    .isEqualTo(each.getValue());
        }
    }
}
