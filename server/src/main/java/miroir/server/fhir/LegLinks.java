package miroir.server.fhir;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import miroir.index.SearchParameter;
import miroir.index.search.QueryParameter;
import miroir.index.search.SearchRequest;
import miroir.index.store.Page;
import miroir.index.store.Total;
import miroir.server.paging.PageToken;
import miroir.server.paging.PageTokens;
import org.jspecify.annotations.Nullable;

/** The links of a page of several types. A token has all of the search, and a place that names the type it is in. */
record LegLinks(PageTokens tokens, PageMeaning meaning) {

    /**
     * Where a page stands.
     *
     * @param searches of all types
     * @param applied the parameters that have an effect
     * @param token of the link that was followed; null on the first page
     */
    record Standing(
            Collection<SearchRequest> searches,
            List<QueryParameter> applied,
            Instant asked,
            Instant asOf,
            @Nullable PageToken token) {}

    /** The links of a page. */
    List<Answer.Link> of(FhirRequest request, Standing standing, Page page, @Nullable Total total) {
        PageToken followed = standing.token();
        PageToken first = new PageToken(
                request.path(),
                followed == null ? request.base() : followed.base(),
                standing.applied(),
                null,
                false,
                total,
                standing.asked(),
                standing.asOf(),
                meaning.of(
                        parameters(standing.searches()),
                        types(standing.searches()),
                        request.caller().seen()));
        return PageLinks.of(request, tokens, followed, first, page);
    }

    /** Refuses a link to a page of searches that meant something else. */
    void requireSame(FhirRequest request, PageToken token, Collection<SearchRequest> searches) {
        meaning.requireSame(
                token, parameters(searches), types(searches), request.caller().seen());
    }

    private static Set<SearchParameter> parameters(Collection<SearchRequest> searches) {
        return searches.stream().flatMap(search -> search.parameters().stream()).collect(Collectors.toSet());
    }

    private static Set<String> types(Collection<SearchRequest> searches) {
        return searches.stream().flatMap(search -> search.types().stream()).collect(Collectors.toSet());
    }
}
