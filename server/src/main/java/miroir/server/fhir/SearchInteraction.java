package miroir.server.fhir;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import miroir.index.Refusal;
import miroir.index.search.Condition;
import miroir.index.search.ExpressionText;
import miroir.index.search.Handling;
import miroir.index.search.QueryParameter;
import miroir.index.search.SearchParser;
import miroir.index.search.SearchRequest;
import miroir.index.search.TotalMode;
import miroir.index.store.Deadline;
import miroir.index.store.InclusionQuery;
import miroir.index.store.Page;
import miroir.index.store.PageQuery;
import miroir.index.store.ResourceKey;
import miroir.index.store.ResourceStore;
import miroir.index.store.ResourceVersion;
import miroir.index.store.Total;
import miroir.index.store.TotalQuery;
import miroir.server.configuration.SearchConfiguration;
import miroir.server.paging.PageToken;
import miroir.server.paging.PageTokens;
import miroir.server.pipeline.Step;
import miroir.server.pipeline.WorkingMemory;
import org.jspecify.annotations.Nullable;

/**
 * {@code GET [base]/[type]?…}: one page of matches in order of position, with a link to the next one. The link is the
 * same URL with one sealed parameter, {@code _page}, so whoever routes searches routes next pages as well.
 */
final class SearchInteraction {
    /** How long a search that follows waits for what is being written at the moment. */
    private static final Duration PATIENCE = Duration.ofMillis(100);

    private static final Page NOTHING = new Page(List.of(), false);
    private static final String NOT_ALL =
            "not all that was to be included is here, since there is too much of it; a smaller"
                    + " _count includes all of fewer matches";

    private final ResourceStore store;
    private final SearchParser parser;
    private final PageTokens tokens;
    private final int generation;
    private final WorkingMemory memory;
    private final SearchConfiguration settings;

    SearchInteraction(
            ResourceStore store,
            SearchParser parser,
            PageTokens tokens,
            int generation,
            SearchConfiguration settings,
            WorkingMemory memory) {
        this.store = store;
        this.parser = parser;
        this.tokens = tokens;
        this.generation = generation;
        this.settings = settings;
        this.memory = memory;
    }

    /**
     * Where a search stands.
     *
     * @param base the URL under which its first page was asked for
     * @param asked when that was
     * @param asOf the instant up to which it is answered; null where each page shows the newest
     * @param after the position behind which this page begins
     * @param total what the first page said of it; null on the first page, and where that said nothing
     */
    private record Standing(
            SearchRequest search,
            String base,
            Instant asked,
            @Nullable Instant asOf,
            long after,
            @Nullable Total total) {
        boolean isFirstPage() {
            return after == 0;
        }

        Condition where() {
            return asOf == null ? search.where() : DeltaSearch.upTo(asOf, search.where());
        }
    }

    Answer answer(FhirRequest request) {
        Deadline deadline = Deadline.in(settings.deadline());
        Standing standing = standing(request, deadline);
        SearchRequest search = standing.search();
        request.exchange().done(Step.PARSE, () -> ExpressionText.of(search.expression()));
        Found found = store.inTurn(deadline, () -> found(request, standing, deadline));
        Page page = found.page();
        Page included = found.included();
        Total total = found.total();
        request.exchange().done(Step.STORE, () -> page.resources().size() + " resources");
        Answer answer = Answer.of(
                200,
                new Answer.Bundle(
                        UUID.randomUUID().toString(),
                        Answer.BundleType.SEARCHSET,
                        request.base(),
                        standing.asOf(),
                        total != null && total.exact() ? Long.valueOf(total.matches()) : null,
                        links(request, standing, total, page),
                        entries(request, page, included, search)));
        return standing.isFirstPage()
                ? request.preferredHandling().map(answer::applying).orElse(answer)
                : answer;
    }

    /** What is on a page. */
    private record Found(Page page, Page included, @Nullable Total total) {}

    private Found found(FhirRequest request, Standing standing, Deadline deadline) {
        Found found =
                standing.search().count() == 0 ? new Found(NOTHING, NOTHING, null) : page(request, standing, deadline);
        Total total = standing.isFirstPage() ? total(request, standing, found.page(), deadline) : standing.total();
        return new Found(found.page(), found.included(), total);
    }

    /** Room for what is included is taken with that of the page: nobody waits for memory while holding a page. */
    private Found page(FhirRequest request, Standing standing, Deadline deadline) {
        SearchRequest search = standing.search();
        int matches = search.count() + 1;
        int more = Math.min(
                settings.maximumIncluded(), matches * search.inclusions().size());
        WorkingMemory.Held held =
                request.exchange().holding(memory.forPage(search.type(), matches + more, 1, deadline));
        Page page = store.select(
                request.caller(),
                new PageQuery(search.type(), standing.where(), standing.after(), search.count(), deadline));
        Page included = included(request, page, search, deadline);
        held.read(
                Stream.concat(page.resources().stream(), included.resources().stream())
                        .toList(),
                request.format());
        return new Found(page, included, null);
    }

    private Page included(FhirRequest request, Page page, SearchRequest search, Deadline deadline) {
        if (search.inclusions().isEmpty() || page.resources().isEmpty()) {
            return NOTHING;
        }
        List<ResourceKey> matches =
                page.resources().stream().map(ResourceVersion.Live::key).toList();
        return store.include(
                request.caller(),
                new InclusionQuery(matches, search.inclusions(), settings.maximumIncluded(), deadline));
    }

    private static List<Answer.Entry> entries(FhirRequest request, Page page, Page included, SearchRequest search) {
        List<Answer.Entry> entries = new ArrayList<>(page.resources().size() + 1);
        for (ResourceVersion.Live match : page.resources()) {
            entries.add(new Answer.Match(match.showing(request.shown(match.fhir(), search.shape()))));
        }
        included.resources().forEach(each -> entries.add(new Answer.Included(each)));
        if (included.more()) {
            entries.add(new Answer.Warnings("incomplete", List.of(NOT_ALL)));
        }
        if (!search.warnings().isEmpty()) {
            entries.add(new Answer.Warnings("not-supported", search.warnings()));
        }
        return entries;
    }

    private Standing standing(FhirRequest request, Deadline deadline) {
        List<QueryParameter> query = PageLinks.withoutFormat(request.query());
        String type = request.key().type();
        if (!PageLinks.areToPage(query)) {
            Instant now = Instant.now();
            SearchRequest search = parser.reachedAt(request.base()).parse(type, query, request.handling(), now);
            Instant asOf =
                    DeltaSearch.is(search.expression()) ? store.settled(request.caller(), PATIENCE, deadline) : null;
            return new Standing(search, request.base(), now, asOf, 0, null);
        }
        PageToken token = tokens.open(PageLinks.token(query), PageLinks.owner(request), generation);
        if (!token.type().equals(type)) {
            throw new Refusal(
                    Refusal.Reason.INVALID, "the link is to a page of " + token.type() + ", and the URL says " + type);
        }
        SearchRequest search =
                parser.reachedAt(token.base()).parse(type, token.query(), Handling.STRICT, token.first());
        return new Standing(search, token.base(), token.first(), token.asOf(), token.after(), token.total());
    }

    /**
     * What the first page says of the total. A page that holds everything has been counted already; where there is more,
     * counting is a second query, so it is done only for those who ask.
     */
    private @Nullable Total total(FhirRequest request, Standing standing, Page page, Deadline deadline) {
        SearchRequest search = standing.search();
        if (search.count() == 0) {
            return count(request, standing, Long.MAX_VALUE, deadline);
        }
        if (search.total() == TotalMode.NONE) {
            return null;
        }
        if (!page.more()) {
            return new Total(page.resources().size(), true);
        }
        return switch (search.total()) {
            case ACCURATE -> count(request, standing, Long.MAX_VALUE, deadline);
            case ESTIMATE -> count(request, standing, settings.cheapTotal(), deadline);
            case NONE, UNASKED -> null;
        };
    }

    private Total count(FhirRequest request, Standing standing, long atMost, Deadline deadline) {
        return store.count(
                request.caller(), new TotalQuery(standing.search().type(), standing.where(), atMost, deadline));
    }

    private List<Answer.Link> links(FhirRequest request, Standing standing, @Nullable Total total, Page page) {
        SearchRequest search = standing.search();
        List<Answer.Link> links = new ArrayList<>();
        List<QueryParameter> asked = PageLinks.withoutFormat(request.query());
        links.add(PageLinks.link("self", request, standing.isFirstPage() ? search.applied() : asked));
        if (page.more()) {
            List<ResourceVersion.Live> shown = page.resources();
            long after = shown.get(shown.size() - 1).position();
            PageToken next = new PageToken(
                    search.type(),
                    standing.base(),
                    search.applied(),
                    after,
                    total,
                    standing.asked(),
                    standing.asOf(),
                    generation);
            links.add(PageLinks.next(request, tokens.seal(next, PageLinks.owner(request))));
        }
        return links;
    }
}
