package miroir.server.fhir;

import java.util.ArrayList;
import java.util.List;
import miroir.index.Refusal;
import miroir.index.search.DirectoryDialect;
import miroir.index.search.QueryParameter;
import miroir.index.store.Page;
import miroir.index.store.PagePosition;
import miroir.server.paging.PageOwner;
import miroir.server.paging.PageToken;
import miroir.server.paging.PageTokens;
import miroir.server.pipeline.FhirBase;
import org.jspecify.annotations.Nullable;

/** The links of a bundle: the URL that was asked for, with other parameters. What routes the first page routes the next. */
final class PageLinks {
    /** The parameter of a link to a next page: all that the page needs, sealed. */
    static final String PAGE = "_page";

    private PageLinks() {}

    /** A link that is answered in the format in which this request is. */
    static Answer.Link link(String relation, FhirRequest request, List<QueryParameter> parameters) {
        List<QueryParameter> query =
                new ArrayList<>(request.exchange().readsAsDirectory() ? DirectoryDialect.ofR4(parameters) : parameters);
        request.query().stream().filter(PageLinks::isFormat).distinct().forEach(query::add);
        String url = request.base() + "/" + request.path();
        return new Answer.Link(relation, query.isEmpty() ? url : url + "?" + QueryParameter.encode(query));
    }

    /**
     * The links of a page of a search: itself, and where there are others, those.
     *
     * @param followed the token of the link that led here; null where none did
     * @param first of the first page
     * @param page in the order of the search
     */
    static List<Answer.Link> of(
            FhirRequest request, PageTokens tokens, @Nullable PageToken followed, PageToken first, Page page) {
        List<Answer.Link> links = new ArrayList<>();
        links.add(link("self", request, followed == null ? first.query() : withoutFormat(request.query())));
        if (followed == null && !page.more()) {
            return links;
        }
        PageToken kept = tokens.keepingQuery(first);
        links.add(page("first", request, tokens, kept));
        if (!page.ends().isEmpty()) {
            PagePosition start = page.ends().get(0);
            PagePosition end = page.ends().get(page.ends().size() - 1);
            boolean backward = followed != null && followed.backward();
            if (backward ? page.more() : followed != null && followed.from() != null) {
                links.add(page("previous", request, tokens, kept.at(start, true)));
            }
            if (backward || page.more()) {
                links.add(page("next", request, tokens, kept.at(end, false)));
            }
        }
        return links;
    }

    private static Answer.Link page(String relation, FhirRequest request, PageTokens tokens, PageToken token) {
        return page(relation, request, tokens.seal(token, owner(request)));
    }

    static Answer.Link page(String relation, FhirRequest request, String token) {
        return link(relation, request, List.of(new QueryParameter(PAGE, token)));
    }

    /** The format concerns the answer, not what is asked. */
    static List<QueryParameter> withoutFormat(List<QueryParameter> query) {
        List<QueryParameter> meant = new ArrayList<>(query);
        meant.removeIf(PageLinks::isFormat);
        return meant;
    }

    static boolean areToPage(List<QueryParameter> query) {
        return query.stream().anyMatch(parameter -> parameter.name().equals(PAGE));
    }

    /** The token of a link, beside which nothing else may stand. */
    static String token(List<QueryParameter> query) {
        if (query.size() > 1) {
            throw new Refusal(
                    Refusal.Reason.INVALID,
                    PAGE + " stands alone in a link to a page; follow links as they were given");
        }
        return query.get(0).value();
    }

    /** Refuses a token that was made for another path. */
    static void requireSame(FhirRequest request, String path) {
        if (!path.equals(request.path())) {
            throw new Refusal(
                    Refusal.Reason.INVALID,
                    "the link is to a page of " + path + ", and the URL says " + request.path());
        }
    }

    /** A link works for whom it was made, and under every name of this server, so of the base it is bound to the path only. */
    static PageOwner owner(FhirRequest request) {
        return new PageOwner(request.caller().tenant(), request.exchange().consumer(), FhirBase.PATH);
    }

    private static boolean isFormat(QueryParameter parameter) {
        return FhirRequest.FOR_EVERY_INTERACTION.contains(parameter.name());
    }
}
