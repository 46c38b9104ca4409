package miroir.server.costs;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
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
    private static final long SEED = 20_261_128L;
    private static final Set<String> OTHERS = Set.of("Patient", "Task", "DiagnosticReport");

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

    /** {@link EveryTypeCostIT}, of some types. */
    @Test
    void searches_ofOtherTypes_readWhatTheyFind(TestDatabase database) throws Exception {
        TestDatabase others = new TestDatabase(database.uri(), database.name() + "_others");
        try (CostlyDirectory some = CostlyDirectory.ofTypes(others, OTHERS, RESOURCES_PER_TYPE, SEED);
                ProfiledReads profile = new ProfiledReads(others, OTHERS)) {
            SearchCosts costs = new SearchCosts(some, profile, PAGE);
            costs.askOfAllTypes(others);

            assertThat(costs.faults()).as("%s", costs.figures().toJson()).isEmpty();
        }
    }
}
