package miroir.server.walks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import miroir.index.generated.Proves;
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
    @Proves({
        "_sort by _id and _lastUpdated",
        "_sort, what lacks the value comes last",
        "first, previous and next",
        "all pages show the store as at the first"
    })
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
