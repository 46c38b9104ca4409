package miroir.storage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import miroir.index.store.ContractFields;
import miroir.index.store.ResourceStore;
import miroir.index.store.ResourceStoreContract;
import miroir.storage.testing.LocalReplicaSet;
import miroir.storage.testing.TestDatabase;
import miroir.storage.testing.TestMongod;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;

/** A store whose reads two secondaries of three members answer is a store like any other. */
@Tag("soak")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class SecondariesContractIT implements ResourceStoreContract {
    private final LocalReplicaSet members = LocalReplicaSet.start(TestMongod.binary());
    private final TestDatabase database = new TestDatabase(members.uri(), "secondaries");
    private final MongoResourceStore store = MongoResourceStore.open(
            OpenStores.settings(database).withReads(ReadMembers.SECONDARIES),
            ContractFields.registry(),
            new ContractFields());

    SecondariesContractIT() {
        OpenStores.awaitSearchable(store);
    }

    @BeforeEach
    void empty() {
        OpenStores.empty(database);
    }

    @AfterAll
    void close() throws IOException {
        long asked = members.queriesOfSecondaries();
        store.close();
        members.close();
        String result = System.getProperty("miroir.soak.result");
        if (result != null) {
            Files.writeString(Path.of(result), "{\"queriesOfSecondaries\": " + asked + "}");
        }
    }

    @Override
    public ResourceStore store() {
        return store.reading();
    }
}
