package miroir.server.fhir;

import java.util.Set;
import miroir.index.store.ResourceStore;
import miroir.index.store.SearchMade;
import miroir.server.export.OfferExports;
import miroir.server.paging.PageTokens;
import miroir.server.subscriptions.OfferSubscriptions;
import org.jspecify.annotations.Nullable;

/**
 * What FHIR is answered from.
 *
 * @param store whatever is searched
 * @param pageTokens make and read links to next pages, under a secret that all servers of an installation share
 * @param subscriptions null: Subscriptions are resources like others, and nothing is delivered
 * @param exports null: nothing is exported in bulk
 */
public record FhirParts(
        ResourceStore store,
        PresentSearch search,
        PageTokens pageTokens,
        @Nullable OfferSubscriptions subscriptions,
        @Nullable OfferExports exports) {

    /** Where nothing is delivered. */
    public FhirParts(ResourceStore store, PresentSearch search, PageTokens pageTokens) {
        this(store, search, pageTokens, null, null);
    }

    /** Where nothing is exported. */
    public FhirParts(
            ResourceStore store,
            PresentSearch search,
            PageTokens pageTokens,
            @Nullable OfferSubscriptions subscriptions) {
        this(store, search, pageTokens, subscriptions, null);
    }

    /** With a store that is always searched by the same parameters. */
    public FhirParts(ResourceStore store, SearchMade made, PageTokens pageTokens) {
        this(store, PresentSearch.always(store, made), pageTokens);
    }

    /** The types that are served, which never change. */
    public Set<String> types() {
        return search.inForce().made().registry().types();
    }
}
