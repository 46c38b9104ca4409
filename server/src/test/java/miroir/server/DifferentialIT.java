package miroir.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import miroir.storage.testing.MongoExtension;
import miroir.storage.testing.TestDatabase;
import org.bson.Document;
import org.hl7.fhir.r4.model.CapabilityStatement;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random searches over generated directories, held against the reference, which knows models and FHIRPath and nothing of indexes: millions
 * of times whether a search finds a resource. {@link TruthIT} does some of it in every run.
 */
@Tag("soak")
@ExtendWith(MongoExtension.class)
final class DifferentialIT {
    private static final int DIRECTORIES = Integer.getInteger("miroir.directories", 10);
    private static final int SEARCHES = 1_000;

    @Test
    void searches_random_findWhatTheReferenceFinds(TestDatabase database, @TempDir Path folder) throws Exception {
        long seed = Long.getLong("miroir.seed", System.nanoTime());
        Random random = new Random(seed);
        long compared = 0;
        try (DirectoryServer server = DirectoryServer.start(database, folder, TruthIT.TYPES)) {
            CapabilityStatement metadata = server.metadata();
            for (int i = 0; i < DIRECTORIES; i++) {
                new SampleOfEverything(server, seed + i, 600).load();
                RandomSearches searches = RandomSearches.on(server, metadata, random);

                assertThat(searches.differences(SEARCHES)).as("seed %d", seed).isEmpty();
                compared += SEARCHES * searches.size() / searches.stored().size();
            }
        }
        String result = System.getProperty("miroir.soak.result");
        if (result != null) {
            Document figures = new Document("directories", DIRECTORIES)
                    .append("searches", DIRECTORIES * SEARCHES)
                    .append("comparedAbout", compared);
            Files.writeString(Path.of(result), figures.toJson());
        }
    }

    @Test
    void parameters_ofEveryType_findWhatTheirDefinitionsSelect(TestDatabase database, @TempDir Path folder)
            throws Exception {
        // In a database of its own: the fields of what the other test stored would have to be made anew first.
        TestDatabase own = new TestDatabase(database.uri(), database.name() + "_parameters");
        EveryParameterIT.verify(own, folder, Integer.MAX_VALUE);
    }
}
