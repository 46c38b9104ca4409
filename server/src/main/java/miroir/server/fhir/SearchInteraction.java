package miroir.server.fhir;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import miroir.index.search.ExpressionText;
import miroir.index.search.Handling;
import miroir.index.search.Order;
import miroir.index.search.QueryParameter;
import miroir.index.search.SearchRequest;
import miroir.index.search.TotalMode;
import miroir.index.store.Deadline;
import miroir.index.store.InclusionQuery;
import miroir.index.store.Page;
import miroir.index.store.PagePosition;
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
 * {@code GET [base]/[type]?…}, also within a compartment: one page of matches, with links to the first, the next and the one before, all as at the
 * instant of the first. A link is the same URL with one sealed parameter, {@code _page}, so whoever routes searches routes its pages as well.
 */
final class SearchInteraction {
    /** How long a search that follows waits for what is being written at the moment. */
    private static final Duration PATIENCE = Duration.ofMillis(100);

    private static final Page NOTHING = new Page(List.of(), false);
    static final String NOT_ALL = "not all that was to be included is here, since there is too much of it; a smaller"
            + " _count includes all of fewer matches";

    private final ResourceStore store;
    private final QueryReader reader;
    private final Compartments compartments;
    private final PageTokens tokens;
    private final int generation;
    private final Room room;
    private final SearchConfiguration settings;

    /** The present as it was settled last; nothing that is seen later is older. */
    private volatile Instant lastSettled = Instant.EPOCH;

    SearchInteraction(
            ResourceStore store,
            QueryReader reader,
            Compartments compartments,
            PageTokens tokens,
            int generation,
            SearchConfiguration settings,
            Room room) {
        this.store = store;
        this.reader = reader;
        this.compartments = compartments;
        this.tokens = tokens;
        this.generation = generation;
        this.settings = settings;
        this.room = room;
    }

    /**
     * Where a search stands.
     *
     * @param base the URL under which its first page was asked for
     * @param asked when that was
     * @param asOf the instant as at which it is answered; null: not decided yet
     * @param token of the link that was followed; null on the first page
     */
    private record Standing(
            SearchRequest search,
            String base,
            Instant asked,
            @Nullable Instant asOf,
            @Nullable PageToken token) {
        boolean isFirstPage() {
            return token == null;
        }

        boolean isBackward() {
            return token != null && token.backward();
        }

        /** Who follows the store goes on from the newest that he has seen, so that comes last. */
        Order order() {
            Order forward = search.order() != null
                    ? search.order()
                    : DeltaSearch.is(search.expression()) ? Order.BY_LAST_UPDATED : Order.BY_POSITION;
            return isBackward() ? forward.reversed() : forward;
        }

        @Nullable
        PagePosition from() {
            return token == null ? null : token.from();
        }
    }

    /** What is on a page, and as at when; null where it is all there is and nobody needs to know. */
    private record Found(
            Page page,
            Page included,
            @Nullable Total total,
            @Nullable Instant asOf,
            WorkingMemory.@Nullable Held held) {
        Found asAt(Instant instant) {
            return new Found(page, included, total, instant, held);
        }
    }

    Answer answer(FhirRequest request) {
        Deadline deadline = Deadline.in(settings.deadline());
        Standing standing = standing(request, deadline);
        SearchRequest search = standing.search();
        request.exchange().done(Step.PARSE, () -> ExpressionText.of(search.expression()));
        Found found = store.inTurn(deadline, () -> found(request, standing, deadline));
        Page page = found.page();
        Total total = found.total();
        request.exchange().done(Step.STORE, () -> page.resources().size() + " resources");
        Answer answer = Answer.of(
                200,
                new Answer.Bundle(
                        UUID.randomUUID().toString(),
                        Answer.BundleType.SEARCHSET,
                        request.base(),
                        found.asOf(),
                        total != null && total.exact() ? Long.valueOf(total.matches()) : null,
                        links(request, standing, found),
                        entries(request, page, found.included(), search)));
        return standing.isFirstPage()
                ? request.preferredHandling().map(answer::applying).orElse(answer)
                : answer;
    }

    /**
     * A page as at the instant of the search. Where that is not decided, and there are more pages, it is the last one that was
     * found settled if nothing has changed since, which is so nearly always; else the present is settled, and the page read
     * again as it was then.
     */
    private Found found(FhirRequest request, Standing standing, Deadline deadline) {
        if (standing.asOf() != null) {
            return asAt(standing.asOf(), request, standing, deadline);
        }
        Instant settled = lastSettled;
        Found newest = read(request, standing, null, deadline);
        if (!newest.page().more()) {
            return newest;
        }
        if (store.isUnchangedSince(request.caller(), standing.search().types(), settled, deadline)) {
            return newest.asAt(settled);
        }
        giveBack(newest);
        return asAt(settled(request, deadline), request, standing, deadline);
    }

    private Found asAt(Instant instant, FhirRequest request, Standing standing, Deadline deadline) {
        AtomicReference<@Nullable Found> read = new AtomicReference<>();
        return store.asAt(request.caller(), standing.search().types(), instant, deadline, asOf -> {
                    giveBack(read.get());
                    Found found = read(request, standing, asOf, deadline);
                    read.set(found);
                    return found;
                })
                .asAt(instant);
    }

    /** Nobody waits for memory for a page while holding another. */
    private static void giveBack(@Nullable Found found) {
        if (found != null && found.held() != null) {
            found.held().close();
        }
    }

    private Instant settled(FhirRequest request, Deadline deadline) {
        Instant settled = store.settled(request.caller(), PATIENCE, deadline);
        lastSettled = settled;
        return settled;
    }

    private Found read(FhirRequest request, Standing standing, @Nullable Instant asOf, Deadline deadline) {
        Found found = standing.search().count() == 0
                ? new Found(NOTHING, NOTHING, null, asOf, null)
                : page(request, standing, asOf, deadline);
        Total total = standing.token() == null
                ? total(request, standing, found.page(), asOf, deadline)
                : standing.token().total();
        return new Found(found.page(), found.included(), total, asOf, found.held());
    }

    /** Room for what is included is taken with that of the page: nobody waits for memory while holding a page. */
    private Found page(FhirRequest request, Standing standing, @Nullable Instant asOf, Deadline deadline) {
        SearchRequest search = standing.search();
        int matches = search.count() + 1;
        int more = Math.min(
                settings.maximumIncluded(), matches * search.inclusions().size());
        WorkingMemory.Held held = room.forPage(request, matches + more, 1, deadline);
        Page found = store.select(
                request.caller(),
                new PageQuery(
                        search.type(),
                        search.where(),
                        standing.order(),
                        standing.from(),
                        search.count(),
                        asOf,
                        deadline));
        Page page = standing.isBackward() ? found.reversed() : found;
        Page included = included(request, page, search, asOf, deadline);
        held.read(
                Stream.concat(page.resources().stream(), included.resources().stream())
                        .toList(),
                request.format());
        return new Found(page, included, null, asOf, held);
    }

    private Page included(
            FhirRequest request, Page page, SearchRequest search, @Nullable Instant asOf, Deadline deadline) {
        if (search.inclusions().isEmpty() || page.resources().isEmpty()) {
            return NOTHING;
        }
        List<ResourceKey> matches =
                page.resources().stream().map(ResourceVersion.Live::key).toList();
        return store.include(
                request.caller(),
                new InclusionQuery(matches, search.inclusions(), settings.maximumIncluded(), asOf, deadline));
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
            SearchRequest search = compartments.within(
                    request,
                    reader.of(request, request.base(), null, deadline).parse(type, query, request.handling(), now));
            Instant asOf = DeltaSearch.is(search.expression()) ? settled(request, deadline) : null;
            return new Standing(search, request.base(), now, asOf, null);
        }
        PageToken token = tokens.open(PageLinks.token(query), PageLinks.owner(request), generation);
        PageLinks.requireSame(request, token.type());
        SearchRequest search = compartments.within(
                request,
                reader.of(request, token.base(), token.asOf(), deadline)
                        .parse(type, token.query(), Handling.STRICT, token.first()));
        return new Standing(search, token.base(), token.first(), token.asOf(), token);
    }

    /**
     * What the first page says of the total. A page that holds everything has been counted already; where there is more,
     * counting is a second query, so it is done only for those who ask.
     */
    private @Nullable Total total(
            FhirRequest request, Standing standing, Page page, @Nullable Instant asOf, Deadline deadline) {
        SearchRequest search = standing.search();
        if (search.count() == 0) {
            return count(request, search, Long.MAX_VALUE, asOf, deadline);
        }
        if (search.total() == TotalMode.NONE) {
            return null;
        }
        if (!page.more()) {
            return new Total(page.resources().size(), true);
        }
        return switch (search.total()) {
            case ACCURATE -> count(request, search, Long.MAX_VALUE, asOf, deadline);
            case ESTIMATE -> count(request, search, settings.cheapTotal(), asOf, deadline);
            case NONE, UNASKED -> null;
        };
    }

    private Total count(
            FhirRequest request, SearchRequest search, long atMost, @Nullable Instant asOf, Deadline deadline) {
        return store.count(request.caller(), new TotalQuery(search.type(), search.where(), atMost, asOf, deadline));
    }

    private List<Answer.Link> links(FhirRequest request, Standing standing, Found found) {
        SearchRequest search = standing.search();
        List<Answer.Link> links = new ArrayList<>();
        List<QueryParameter> asked = PageLinks.withoutFormat(request.query());
        links.add(PageLinks.link("self", request, standing.isFirstPage() ? search.applied() : asked));
        Page page = found.page();
        boolean isPaged = !standing.isFirstPage() || page.more();
        if (found.asOf() != null && isPaged) {
            PageToken first = tokens.keepingQuery(new PageToken(
                    request.path(),
                    standing.base(),
                    search.applied(),
                    null,
                    false,
                    found.total(),
                    standing.asked(),
                    found.asOf(),
                    generation));
            links.add(page("first", request, first));
            if (!page.ends().isEmpty()) {
                PagePosition start = page.ends().get(0);
                PagePosition end = page.ends().get(page.ends().size() - 1);
                if (standing.isBackward() ? page.more() : standing.from() != null) {
                    links.add(page("previous", request, first.at(start, true)));
                }
                if (standing.isBackward() || page.more()) {
                    links.add(page("next", request, first.at(end, false)));
                }
            }
        }
        return links;
    }

    private Answer.Link page(String relation, FhirRequest request, PageToken token) {
        return PageLinks.page(relation, request, tokens.seal(token, PageLinks.owner(request)));
    }
}
