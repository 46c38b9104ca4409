package miroir.server.fhir;

import miroir.index.store.Pending;
import miroir.index.store.ResourceStore;
import miroir.index.store.SearchInForce;
import miroir.index.store.SearchMade;

/** What is searched at present, and the store as it is searched by that. */
public interface PresentSearch {

    /** With another number whenever it is another. */
    SearchInForce inForce();

    /** The store for who has taken this and works with it. */
    ResourceStore store(SearchInForce taken);

    /** The same for who only reads, and works with nothing that others must not change meanwhile. */
    default ResourceStore reading(SearchInForce taken) {
        return store(taken);
    }

    /** Has them take effect soon, after some were written. */
    void lookForChange();

    /** One that never changes. */
    static PresentSearch always(ResourceStore store, SearchMade made) {
        SearchInForce inForce = new SearchInForce(1, made, Pending.nothing());
        return new PresentSearch() {
            @Override
            public SearchInForce inForce() {
                return inForce;
            }

            @Override
            public ResourceStore store(SearchInForce taken) {
                return store;
            }

            @Override
            public void lookForChange() {
                // No resource changes it.
            }
        };
    }
}
