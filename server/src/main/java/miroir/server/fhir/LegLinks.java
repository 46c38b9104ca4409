package miroir.server.fhir;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import miroir.index.SearchParameter;
import miroir.index.search.QueryParameter;
import miroir.index.search.SearchRequest;
import miroir.index.store.Page;
import miroir.index.store.ResourceVersion;
import miroir.index.store.Total;
import miroir.server.paging.PageToken;
import miroir.server.paging.PageTokens;
import org.jspecify.annotations.Nullable;

/** The links of a page of several types, type after type: the next one names the types that are left, and the place in the first of them. */
record LegLinks(PageTokens tokens, PageMeaning meaning) {

    /**
     * Where a page stands.
     *
     * @param searches of the types that are left, in their order
     * @param applied the parameters that have an effect
     * @param token of the link that was followed; null on the first page
     */
    record Standing(
            Map<String, SearchRequest> searches,
            List<QueryParameter> applied,
            Instant asked,
            Instant asOf,
            @Nullable PageToken token) {}

    /**
     * The links of a page.
     *
     * @param last the last on it that is found type after type; null where nothing is
     */
    List<Answer.Link> of(
            FhirRequest request,
            Standing standing,
            Page page,
            ResourceVersion.@Nullable Live last,
            @Nullable Total total) {
        List<Answer.Link> links = new ArrayList<>();
        List<QueryParameter> asked = PageLinks.withoutFormat(request.query());
        links.add(PageLinks.link("self", request, standing.token() == null ? standing.applied() : asked));
        if (page.more()) {
            PageToken next = tokens.keepingQuery(next(request, standing, last, total));
            links.add(PageLinks.page("next", request, tokens.seal(next, PageLinks.owner(request))));
        }
        return links;
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

    private PageToken next(
            FhirRequest request, Standing standing, ResourceVersion.@Nullable Live last, @Nullable Total total) {
        List<String> left = standing.searches().keySet().stream()
                .dropWhile(type -> last != null && !type.equals(last.key().type()))
                .toList();
        List<QueryParameter> query =
                new ArrayList<>(List.of(new QueryParameter(SearchedTypes.TYPE, String.join(",", left))));
        query.addAll(SearchedTypes.withoutTypes(standing.applied()));
        List<SearchRequest> searches = left.stream()
                .map(type -> Objects.requireNonNull(standing.searches().get(type)))
                .toList();
        PageToken token = standing.token();
        return new PageToken(
                request.path(),
                token == null ? request.base() : token.base(),
                query,
                last != null ? LegMatches.place(last) : token == null ? null : token.from(),
                false,
                total,
                standing.asked(),
                standing.asOf(),
                meaning.of(
                        parameters(searches), types(searches), request.caller().seen()));
    }
}
