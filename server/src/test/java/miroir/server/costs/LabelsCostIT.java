package miroir.server.costs;

import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoCollection;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;
import miroir.index.SearchParameter;
import miroir.server.Http;
import miroir.server.TestServer;
import miroir.storage.testing.MongoExtension;
import miroir.storage.testing.TestDatabase;
import org.bson.Document;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What it costs to tell what the resources of a type are labelled with. */
@ExtendWith(MongoExtension.class)
final class LabelsCostIT {
    private static final int RESOURCES = 1_000;

    /** Together as many as are told. */
    private static final int TAGS_OF_EACH = 10;

    @Test
    void meta_ofAType_readsEachOnceForItsTagsAndOnceForAProfileWithAVersion(TestDatabase database) throws Exception {
        try (TestServer server = TestServer.start(database);
                MongoClient client = MongoClients.create(database.uri())) {
            MongoCollection<Document> devices =
                    client.getDatabase(database.name()).getCollection("Device");
            devices.insertMany(
                    IntStream.range(0, RESOURCES).mapToObj(LabelsCostIT::device).toList());
            try (ProfiledReads profiled = new ProfiledReads(database, Set.of("Device"))) {
                HttpResponse<String> meta = Http.send("GET", server.uri("/fhir/Device/$meta"));
                assertThat(meta.statusCode()).as(meta.body()).isEqualTo(200);
                assertThat(meta.body())
                        .contains("\"profile\":[\"http://p|1\"]", "\"t0\"", "\"t9999\"")
                        .doesNotContain("\"http://p\"");

                List<ProfiledReads.Read> reads = profiled.sinceLast();
                List<ProfiledReads.Read> ofProfiles = reads.stream()
                        .filter(read -> read.plan().contains(field("_profile", "")))
                        .toList();
                assertThat(ofProfiles).hasSize(2);
                assertThat(ofProfiles.get(0).documents()).isZero();
                assertThat(reads.stream()
                                .mapToLong(ProfiledReads.Read::documents)
                                .sum())
                        .isLessThan(2 * RESOURCES + 100L);
            }
            devices.insertOne(device(RESOURCES));
            HttpResponse<String> refused = Http.send("GET", server.uri("/fhir/Device/$meta"));
            assertThat(refused.statusCode()).as(refused.body()).isEqualTo(503);
            assertThat(refused.body()).contains("more than 10000 different labels");
        }
    }

    private static Document device(int number) {
        List<String> codes = IntStream.range(0, TAGS_OF_EACH)
                .mapToObj(i -> "t" + (number * TAGS_OF_EACH + i))
                .toList();
        List<Document> tags = codes.stream()
                .map(code -> new Document("system", "http://t").append("code", code))
                .toList();
        Document meta = new Document("profile", List.of("http://p|1")).append("tag", tags);
        return new Document("_id", "d" + number)
                .append("n", number + 1L)
                .append("v", 1L)
                .append("fhir", new Document("resourceType", "Device").append("meta", meta))
                .append(field("_profile", ""), List.of("http://p|1", "http://p"))
                .append(field("_tag", "value"), codes);
    }

    private static String field(String parameter, String suffix) {
        SearchParameter found = Objects.requireNonNull(TestServer.REGISTRY.find("Device", parameter));
        return found.field(suffix);
    }
}
