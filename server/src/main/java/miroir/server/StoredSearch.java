package miroir.server;

import miroir.index.store.ResourceStore;
import miroir.index.store.SearchInForce;
import miroir.server.fhir.PresentSearch;
import miroir.storage.MongoResourceStore;

/** What all processes on a database agree to search. */
public record StoredSearch(MongoResourceStore all) implements PresentSearch {

    @Override
    public SearchInForce inForce() {
        return all.inForce();
    }

    @Override
    public ResourceStore store(SearchInForce taken) {
        return all.of(taken);
    }

    @Override
    public ResourceStore reading(SearchInForce taken) {
        return all.of(taken).reading();
    }

    @Override
    public void lookForChange() {
        all.lookForChange();
    }
}
