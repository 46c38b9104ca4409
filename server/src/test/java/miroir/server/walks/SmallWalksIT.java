package miroir.server.walks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import miroir.server.TestServer;
import miroir.storage.testing.MongoExtension;
import miroir.storage.testing.TestDatabase;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** {@link WalksIT}, small. */
@ExtendWith(MongoExtension.class)
final class SmallWalksIT {
    private static final long SEED = Long.getLong("miroir.test.seed", System.nanoTime());
    private static final int WALKS = 60;

    @Test
    void walks_whileOthersWrite_seeTheStoreAsItWas(TestDatabase database) throws Exception {
        try (TestServer one = TestServer.start(database);
                TestServer other = TestServer.start(database)) {
            Walks walks = new Walks(List.of(one, other), 150, SEED);
            walks.fill();
            walks.run(WALKS);

            assertThat(walks.judged()).isGreaterThan(WALKS / 2);
        }
    }
}
