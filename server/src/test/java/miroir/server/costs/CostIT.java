package miroir.server.costs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import miroir.storage.testing.MongoExtension;
import miroir.storage.testing.TestDatabase;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The cost gate on a hundred thousand resources of each type of the directory, and of some others. */
@Tag("soak")
@ExtendWith(MongoExtension.class)
final class CostIT {
    private static final int RESOURCES_PER_TYPE = Integer.getInteger("miroir.cost.resources", 100_000);
    private static final int PAGE = 50;

    @Test
    void searches_byEverythingThatIsShipped_readWhatTheyFind(TestDatabase database) throws Exception {
        try (CostlyDirectory directory = CostlyDirectory.load(database, RESOURCES_PER_TYPE, true);
                ProfiledReads profile =
                        new ProfiledReads(database, directory.registry().types())) {
            SearchCosts costs = new SearchCosts(directory, profile, PAGE);
            costs.ask(database, true);

            String result = System.getProperty("miroir.soak.result");
            if (result != null) {
                Files.writeString(Path.of(result), costs.figures().toJson());
            }
            assertThat(costs.faults()).as("%s", costs.figures().toJson()).isEmpty();
        }
    }
}
