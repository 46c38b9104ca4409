package miroir.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import miroir.storage.testing.MongoExtension;
import miroir.storage.testing.TestDatabase;
import org.awaitility.Awaitility;
import org.bson.BsonDocument;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(MongoExtension.class)
final class PoolCountsIT {
    @Test
    void connections_inUse_areCountedWhileTheyAre(TestDatabase test) throws Exception {
        try (StoreDatabase database = new StoreDatabase(OpenStores.settings(test))) {
            PoolCounts requests = database.pools().get(0);
            assertThat(requests.name()).isEqualTo("requests");
            database.counters().find().first();
            assertThat(requests.open()).isEqualTo(1);
            assertThat(requests.used()).isZero();
            assertThat(requests.waiting()).isZero();
            assertThat(requests.most()).isEqualTo(StoreDatabase.USUAL_CONNECTIONS);

            database.counters().insertOne(new BsonDocument());
            CountDownLatch seen = new CountDownLatch(1);
            Thread slow = new Thread(() -> {
                database.counters()
                        .find(BsonDocument.parse("{$where: 'sleep(5000) || true'}"))
                        .first();
                seen.countDown();
            });
            slow.start();
            Awaitility.await().pollInterval(Duration.ofMillis(5)).until(() -> requests.used() == 1);
            assertThat(seen.await(60, TimeUnit.SECONDS)).isTrue();
            slow.join();

            assertThat(requests.used()).isZero();
            assertThat(requests.refused()).isZero();
        }
    }
}
