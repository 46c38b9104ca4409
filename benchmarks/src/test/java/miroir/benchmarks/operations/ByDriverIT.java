package miroir.benchmarks.operations;

import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import java.time.Instant;
import java.util.EnumSet;
import miroir.benchmarks.DirectoryLoad;
import miroir.benchmarks.questions.Somebody;
import miroir.index.registry.RegistryLoader;
import miroir.index.registry.ShippedSearch;
import miroir.index.structure.ServedTypes;
import miroir.simulator.Directory;
import miroir.storage.testing.MongoExtension;
import miroir.storage.testing.TestDatabase;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(MongoExtension.class)
class ByDriverIT {
    private static final long SEED = 7;
    private static final int PRACTITIONERS = 400;

    @Test
    void page_ofEachOperation_isFoundByTheIndexThatIsNamed(TestDatabase database) throws Exception {
        Directory directory = new Directory(SEED, PRACTITIONERS);
        new DirectoryLoad(database.uri(), database.name(), line -> {}).run(directory);
        Somebody about = Somebody.some(directory, 1, SEED).get(0);
        try (MongoClient client = MongoClients.create(database.uri())) {
            ByDriver driver = new ByDriver(
                    client.getDatabase(database.name()),
                    RegistryLoader.load(ServedTypes.of(ServedTypes.DIRECTORY), ShippedSearch.files()));

            assertThat(driver.count()).isPositive();
            for (Operation operation : EnumSet.complementOf(EnumSet.of(Operation.READ, Operation.COUNT))) {
                assertThat(driver.page(operation, about, Instant.EPOCH, 0).matches())
                        .as(operation.title())
                        .isNotEmpty();
            }
        }
    }
}
