package miroir.server.walks;

import static org.assertj.core.api.Assertions.assertThat;

import miroir.server.TestServer;
import miroir.server.access.AdminClient;
import miroir.server.walks.LongWalk.Subject;
import miroir.storage.testing.MongoExtension;
import miroir.storage.testing.TestDatabase;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** {@link LongWalksIT}, small: walks of which every page is followed by writes, there and back, on servers that are restarted meanwhile. */
@Tag("long")
@ExtendWith(MongoExtension.class)
final class LongWalkIT {
    private static final long SEED = Long.getLong("miroir.seed", System.nanoTime());
    private static final int RESOURCES = 250;

    @Test
    void walk_byAKeyOfSeveralValues_seesTheStoreAsItWas(TestDatabase database) throws Exception {
        assertThat(walk(database, Subject.GIVEN_NAMES).run(null, TestServer.TOKEN))
                .as("seed %d", SEED)
                .isGreaterThanOrEqualTo(2 * RESOURCES / 5);
    }

    @Test
    void walk_byDate_seesTheStoreAsItWas(TestDatabase database) throws Exception {
        assertThat(walk(database, Subject.DATES).run(null, TestServer.TOKEN))
                .as("seed %d", SEED)
                .isGreaterThanOrEqualTo(2 * RESOURCES / 5);
    }

    @Test
    void walk_ofWhoSeesAPart_seesThatAsItWas(TestDatabase database) throws Exception {
        String token;
        try (TestServer server = LongWalk.start(database)) {
            token = AdminClient.local(server).consumer("french", "SEARCH on Practitioner?_language=fr");
        }
        assertThat(walk(database, Subject.GIVEN_NAMES).run("fr", token))
                .as("seed %d", SEED)
                .isGreaterThanOrEqualTo(RESOURCES / 5);
    }

    private static LongWalk walk(TestDatabase database, Subject subject) throws Exception {
        return new LongWalk(database, subject, RESOURCES, SEED);
    }
}
