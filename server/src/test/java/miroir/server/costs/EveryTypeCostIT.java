package miroir.server.costs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import miroir.index.structure.Structures;
import miroir.storage.testing.MongoExtension;
import miroir.storage.testing.TestDatabase;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The cost gate on thousands of resources of each type of R4, with the search configuration as it is shipped. */
@Tag("soak")
@ExtendWith(MongoExtension.class)
final class EveryTypeCostIT {
    private static final int RESOURCES_PER_TYPE = Integer.getInteger("miroir.cost.resources", 8_000);
    private static final int PAGE = 10;

    @Test
    void searches_ofEveryType_readWhatTheyFind(TestDatabase database) throws Exception {
        long seed = Long.getLong("miroir.seed", 1);
        try (CostlyDirectory all =
                        CostlyDirectory.ofTypes(database, Structures.r4().resourceTypes(), RESOURCES_PER_TYPE, seed);
                ProfiledReads profile =
                        new ProfiledReads(database, all.registry().types())) {
            SearchCosts costs = new SearchCosts(all, profile, PAGE);
            costs.askOfAllTypes(database);

            String result = System.getProperty("miroir.soak.result");
            if (result != null) {
                Files.writeString(Path.of(result), costs.figures().toJson());
            }
            assertThat(costs.faults())
                    .as("seed %d, %s", seed, costs.figures().toJson())
                    .isEmpty();
        }
    }
}
