package miroir.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.List;
import java.util.Locale;
import miroir.storage.testing.MongoExtension;
import miroir.storage.testing.TestDatabase;
import org.bson.BsonDocument;
import org.bson.BsonValue;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.extension.ExtendWith;

/** Estimated totals as clients see them. Of so few resources the sample has all, so the estimate is right. */
@ExtendWith(MongoExtension.class)
@TestInstance(Lifecycle.PER_CLASS)
final class EstimatedTotalsIT {
    private static final int OF_EACH = 12;

    private TestServer server;

    @BeforeAll
    void start(TestDatabase database) throws Exception {
        server = TestServer.start("search: {cheapTotal: 5}\n", database);
        for (String type : List.of("Organization", "Practitioner")) {
            for (int i = 0; i < OF_EACH; i++) {
                String path = type + "/" + type.toLowerCase(Locale.ROOT) + i;
                Http.write(
                        "PUT",
                        server.uri("/fhir/" + path),
                        "{\"resourceType\":\"" + type + "\",\"id\":\"" + path.substring(type.length() + 1) + "\"}");
            }
        }
    }

    @AfterAll
    void stop() {
        server.close();
    }

    private static BsonDocument get(URI uri) throws Exception {
        return BsonDocument.parse(Http.send("GET", uri).body());
    }

    private static int total(BsonDocument page) {
        return page.getInt32("total").getValue();
    }

    private static URI next(BsonDocument page) {
        return page.getArray("link").stream()
                .map(BsonValue::asDocument)
                .filter(link -> link.getString("relation").getValue().equals("next"))
                .map(link -> URI.create(link.getString("url").getValue()))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void estimate_isShownOnEveryPage() throws Exception {
        BsonDocument first = get(server.uri("/fhir/Organization?_total=estimate&_count=4"));

        assertThat(total(first)).isEqualTo(OF_EACH);
        assertThat(total(get(next(first)))).isEqualTo(OF_EACH);
    }

    @Test
    void estimate_ofSeveralTypes_isTheirSum() throws Exception {
        BsonDocument first = get(server.uri("/fhir?_type=Organization,Practitioner&_total=estimate&_count=20"));

        assertThat(total(first)).isEqualTo(2 * OF_EACH);
        assertThat(total(get(next(first)))).isEqualTo(2 * OF_EACH);
    }

    @Test
    void estimate_withoutAPage_isAskedForByName() throws Exception {
        assertThat(total(get(server.uri("/fhir/Organization?_total=estimate&_count=0"))))
                .isEqualTo(OF_EACH);
        assertThat(total(get(server.uri("/fhir/Organization?_summary=count")))).isEqualTo(OF_EACH);
    }
}
