package miroir.server.costs;

import static org.assertj.core.api.Assertions.assertThat;

import miroir.storage.testing.MongoExtension;
import miroir.storage.testing.TestDatabase;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * {@link CostIT}, small, with small pages as well, so that going through everything is too much where an index has the order of pages.
 * What may be sorted or listed is more than there is here: for those searches it shows that they work, and have an index.
 */
@ExtendWith(MongoExtension.class)
final class SmallCostIT {
    private static final int RESOURCES_PER_TYPE = 1_300;
    private static final int PAGE = 5;

    @Test
    void searches_byEverythingThatIsShipped_readWhatTheyFind(TestDatabase database) throws Exception {
        try (CostlyDirectory directory = CostlyDirectory.load(database, RESOURCES_PER_TYPE, false);
                ProfiledReads profile =
                        new ProfiledReads(database, directory.registry().types())) {
            SearchCosts costs = new SearchCosts(directory, profile, PAGE);
            costs.ask(database, false);

            assertThat(costs.faults()).as("%s", costs.figures().toJson()).isEmpty();
        }
    }
}
