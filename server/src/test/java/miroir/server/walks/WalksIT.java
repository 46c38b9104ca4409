package miroir.server.walks;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import miroir.server.TestServer;
import miroir.storage.testing.MongoExtension;
import miroir.storage.testing.TestDatabase;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Ten thousand walks through searches of several pages, in many orders, while clients write through two servers. */
@Tag("soak")
@ExtendWith(MongoExtension.class)
final class WalksIT {
    private static final int WALKS = Integer.getInteger("miroir.walks", 10_000);
    private static final int AT_ONCE = 200;

    @Test
    void walks_whileOthersWrite_seeTheStoreAsItWas(TestDatabase database) throws Exception {
        try (TestServer one = TestServer.start(database);
                TestServer other = TestServer.start(database)) {
            Walks walks = new Walks(List.of(one, other), 400, Long.getLong("miroir.seed", System.nanoTime()));
            walks.fill();
            String result = System.getProperty("miroir.soak.result");
            while (walks.judged() < WALKS) {
                walks.run(AT_ONCE);
                if (result != null) {
                    Files.writeString(Path.of(result), walks.figures().toJson());
                }
            }
            assertThat(walks.judged()).isGreaterThanOrEqualTo(WALKS);
        }
    }
}
