package miroir.index.store;

import java.time.InstantSource;

final class InMemoryResourceStoreTest extends ResourceStoreContract {
    private final ResourceStore store = new InMemoryResourceStore(new ContractFields(), ZONE, InstantSource.system());

    @Override
    protected ResourceStore store() {
        return store;
    }
}
