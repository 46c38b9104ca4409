package miroir.server.fhir;

import java.util.Set;
import miroir.index.store.ResourceStore;
import miroir.index.store.SearchMade;
import miroir.server.paging.PageTokens;

/**
 * What FHIR is answered from.
 *
 * @param store whatever is searched
 * @param pageTokens make and read links to next pages, under a secret that all servers of an installation share
 */
public record FhirParts(ResourceStore store, PresentSearch search, PageTokens pageTokens) {

    /** With a store that is always searched by the same parameters. */
    public FhirParts(ResourceStore store, SearchMade made, PageTokens pageTokens) {
        this(store, PresentSearch.always(store, made), pageTokens);
    }

    /** The types that are served, which never change. */
    public Set<String> types() {
        return search.inForce().made().registry().types();
    }
}
