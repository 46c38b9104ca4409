package miroir.index.store;

import java.time.InstantSource;

final class InMemoryResourceStoreTest implements ResourceStoreContract {
    private final ResourceStore store = new InMemoryResourceStore(new ContractFields(), ZONE, InstantSource.system());

    @Override
    public ResourceStore store() {
        return store;
    }
}
