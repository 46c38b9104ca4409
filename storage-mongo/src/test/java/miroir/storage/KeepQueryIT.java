package miroir.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoCollection;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Date;
import java.util.List;
import java.util.stream.IntStream;
import miroir.index.Refusal;
import miroir.storage.testing.MongoExtension;
import miroir.storage.testing.TestDatabase;
import org.bson.Document;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(MongoExtension.class)
class KeepQueryIT {
    private static final byte[] QUERY = "family=a,b".getBytes(StandardCharsets.UTF_8);
    private final Instant soon = Instant.now().plusSeconds(600).truncatedTo(ChronoUnit.MILLIS);

    @Test
    void query_keptByMany_isOneDocumentThatExpiresLast(TestDatabase database) {
        try (MongoResourceStore one = OpenStores.ready(database);
                MongoResourceStore other = OpenStores.ready(database);
                MongoClient client = MongoClients.create(database.uri())) {
            List<String> names = IntStream.range(0, 16)
                    .parallel()
                    .mapToObj(i -> (i % 2 == 0 ? one : other).keepQuery(QUERY, soon.plusSeconds(i)))
                    .distinct()
                    .toList();

            assertThat(names).hasSize(1);
            assertThat(other.findQuery(names.get(0)))
                    .hasValueSatisfying(found -> assertThat(found).isEqualTo(QUERY));
            assertThat(one.keepQuery("family=c".getBytes(StandardCharsets.UTF_8), soon))
                    .isNotEqualTo(names.get(0));

            MongoCollection<Document> queries =
                    client.getDatabase(database.name()).getCollection("miroir_queries");
            assertThat(queries.find(new Document("_id", names.get(0))).first())
                    .containsEntry("until", Date.from(soon.plusSeconds(15)));
            assertThat(queries.listIndexes())
                    .anySatisfy(index -> assertThat(index)
                            .containsEntry("key", new Document("until", 1))
                            .containsEntry("expireAfterSeconds", 0));
        }
    }

    @Test
    void run_moreThanIsKept_isRefusedAndWhatIsThereStays(TestDatabase test) {
        try (StoreDatabase database = new StoreDatabase(OpenStores.settings(test))) {
            String kept = new KeepQuery(database).run(QUERY, soon);
            KeepQuery full = new KeepQuery(database, 1);

            assertThat(full.run(QUERY, soon.plusSeconds(1))).isEqualTo(kept);
            assertThatThrownBy(() -> full.run("family=full".getBytes(StandardCharsets.UTF_8), soon))
                    .asInstanceOf(type(Refusal.class))
                    .satisfies(refusal -> assertThat(refusal.reason()).isEqualTo(Refusal.Reason.NOT_READY))
                    .satisfies(refusal -> assertThat(refusal).hasMessageContaining("0 MB"));
            assertThat(new FindQuery(database).run(kept)).isPresent();
        }
    }

    @Test
    void run_queryThatIsTooLong_isRefusedWithTheLimit(TestDatabase test) {
        try (StoreDatabase database = new StoreDatabase(OpenStores.settings(test))) {
            assertThatThrownBy(() -> new KeepQuery(database).run(new byte[1024 * 1024 + 1], soon))
                    .asInstanceOf(type(Refusal.class))
                    .satisfies(refusal -> assertThat(refusal.reason()).isEqualTo(Refusal.Reason.TOO_LARGE))
                    .satisfies(refusal -> assertThat(refusal).hasMessageContaining("1048576"));
        }
    }

    @Test
    void query_thatIsGone_isNotFound(TestDatabase database) {
        try (MongoResourceStore store = OpenStores.ready(database)) {
            assertThat(store.findQuery("nothing")).isEmpty();
        }
    }
}
