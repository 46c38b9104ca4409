package miroir.server.walks;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import miroir.server.TestServer;
import miroir.server.walks.LongWalk.Subject;
import miroir.storage.testing.MongoExtension;
import miroir.storage.testing.TestDatabase;
import org.bson.Document;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** One walk through five thousand pages, and back, of which each is followed by writes, on servers that are restarted meanwhile. */
@Tag("soak")
@ExtendWith(MongoExtension.class)
final class LongWalksIT {
    private static final int PAGES = Integer.getInteger("miroir.pages", 5_000);

    @Test
    void walk_whileAllIsReplaced_seesTheStoreAsItWas(TestDatabase database) throws Exception {
        long seed = Long.getLong("miroir.seed", System.nanoTime());
        LongWalk walk = new LongWalk(database, Subject.GIVEN_NAMES, PAGES * LongWalk.ON_A_PAGE, seed);

        int pages = walk.run(null, TestServer.TOKEN);

        assertThat(pages).as("seed %d", seed).isEqualTo(2 * PAGES);
        String result = System.getProperty("miroir.soak.result");
        if (result != null) {
            Files.writeString(
                    Path.of(result),
                    new Document("pages", pages)
                            .append("writes", walk.written())
                            .toJson());
        }
    }
}
