package miroir.server.fhir;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import miroir.index.search.ExpressionText;
import miroir.index.search.Handling;
import miroir.index.search.Order;
import miroir.index.search.QueryParameter;
import miroir.index.search.SearchRequest;
import miroir.index.search.TotalMode;
import miroir.index.store.Deadline;
import miroir.index.store.Explanation;
import miroir.index.store.InclusionQuery;
import miroir.index.store.Page;
import miroir.index.store.PagePosition;
import miroir.index.store.PageQuery;
import miroir.index.store.ResourceStore;
import miroir.index.store.Total;
import miroir.index.store.TotalQuery;
import miroir.server.configuration.SearchConfiguration;
import miroir.server.paging.PageToken;
import miroir.server.paging.PageTokens;
import miroir.server.pipeline.Decide;
import miroir.server.pipeline.Step;
import miroir.server.pipeline.WorkingMemory;
import org.jspecify.annotations.Nullable;

/**
 * {@code GET [base]/[type]?…}, also within a compartment: one page of matches, with links to the first, the next and the one before, all as at the
 * instant of the first. A link is the same URL with one sealed parameter, {@code _page}, so whoever routes searches routes its pages as well.
 */
final class SearchInteraction {
    private final ResourceStore store;
    private final ReadSettled readSettled;
    private final QueryReader reader;
    private final Compartments compartments;
    private final PageTokens tokens;
    /** Of which a search may be made: all of its pages by the same ones. */
    private static final Set<String> DEFINITIONS = Set.of("ValueSet", "CodeSystem");

    private final PageMeaning meaning;
    private final Room room;
    private final SearchConfiguration settings;

    SearchInteraction(
            ResourceStore store,
            QueryReader reader,
            Compartments compartments,
            PageTokens tokens,
            PageMeaning meaning,
            SearchConfiguration settings,
            Room room) {
        this.store = store;
        this.readSettled = new ReadSettled(store);
        this.reader = reader;
        this.compartments = compartments;
        this.tokens = tokens;
        this.meaning = meaning;
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

    Answer answer(FhirRequest request) {
        Deadline deadline = request.deadline(settings.deadline());
        Standing standing = standing(request, deadline);
        SearchRequest search = standing.search();
        request.exchange().done(Step.PARSE, () -> ExpressionText.of(search.expression()));
        if (search.explained()) {
            return explained(request, standing, deadline);
        }
        ReadSettled.Settled<SearchPage> settled =
                room.inTurn(request, store, deadline, () -> found(request, standing, deadline));
        SearchPage page = settled.found();
        request.exchange().done(Step.STORE, () -> page.matches().resources().size() + " resources");
        Answer answer = Answer.of(
                200,
                new Answer.Bundle(
                        UUID.randomUUID().toString(),
                        Answer.BundleType.SEARCHSET,
                        request.base(),
                        settled.asOf(),
                        page.shownTotal(),
                        links(request, standing, page, settled.asOf()),
                        page.entries(
                                request,
                                type -> search.shape(),
                                search.warnings(),
                                SearchPage.missing(store, List.of(search)))));
        return standing.isFirstPage()
                ? request.preferredHandling().map(answer::applying).orElse(answer)
                : answer;
    }

    private ReadSettled.Settled<SearchPage> found(FhirRequest request, Standing standing, Deadline deadline) {
        ReadSettled.Read<SearchPage> read = asOf -> read(request, standing, asOf, deadline);
        Set<String> types = standing.search().types();
        Instant asOf = standing.asOf();
        if (asOf != null) {
            return new ReadSettled.Settled<>(readSettled.run(request.caller(), types, asOf, deadline, read), asOf);
        }
        return DeltaSearch.is(standing.search().expression())
                ? readSettled.following(request.caller(), types, deadline, read)
                : readSettled.first(
                        request.caller(),
                        types,
                        deadline,
                        page -> page.isFollowed() || isReadInParts(request, standing),
                        read);
    }

    /** A bundle's entry is either within a transaction, which sees one instant, or one of many moments anyway. */
    private static boolean isReadInParts(FhirRequest request, Standing standing) {
        return standing.search().count() > 0
                && !standing.order().keys().isEmpty()
                && !request.exchange().isEntry();
    }

    /** How the page is found, in an outcome. */
    private Answer explained(FhirRequest request, Standing standing, Deadline deadline) {
        Set<String> linked = new TreeSet<>();
        standing.search().where().collectLinkedTypes(linked);
        Decide.onExplanation(request.exchange(), linked);
        Explanation explanation = room.inTurn(request, store, deadline, () -> {
            room.forPage(request, standing.search().count() + 1, 1, deadline);
            return store.explain(request.caller(), pageQuery(standing, null, deadline));
        });
        List<String> sentences =
                new ArrayList<>(List.of(ExpressionText.of(standing.search().expression())));
        explanation.steps().forEach(step -> sentences.add(said(step)));
        return Answer.of(
                200,
                new Answer.Bundle(
                        UUID.randomUUID().toString(),
                        Answer.BundleType.SEARCHSET,
                        request.base(),
                        null,
                        null,
                        List.of(PageLinks.link(
                                "self", request, standing.search().applied())),
                        List.of(new Answer.Warnings(Answer.Warnings.INFORMATIONAL, sentences))));
    }

    private static String said(Explanation.Step step) {
        return step.type() + " by " + step.by() + ": " + step.keys() + " keys and " + step.documents()
                + " documents read, " + step.returned() + " found, " + step.millis() + " ms; " + step.plan();
    }

    private static PageQuery pageQuery(Standing standing, @Nullable Instant asOf, Deadline deadline) {
        SearchRequest search = standing.search();
        return new PageQuery(
                search.type(), search.where(), standing.order(), standing.from(), search.count(), asOf, deadline);
    }

    private SearchPage read(FhirRequest request, Standing standing, @Nullable Instant asOf, Deadline deadline) {
        SearchRequest search = standing.search();
        SearchPage page = search.count() == 0 ? SearchPage.empty() : page(request, standing, asOf, deadline);
        PageToken token = standing.token();
        return token == null
                ? page.counted(search, mode -> count(request, search, mode, asOf, deadline))
                : page.with(token.total());
    }

    /** Room for what is included is taken with that of the page: nobody waits for memory while holding a page. */
    private SearchPage page(FhirRequest request, Standing standing, @Nullable Instant asOf, Deadline deadline) {
        SearchRequest search = standing.search();
        int matches = search.count() + 1;
        int more = Math.min(
                settings.maximumIncluded(), matches * search.inclusions().size());
        WorkingMemory.Held held = room.forPage(request, matches + more, 1, deadline);
        Page found = store.select(request.caller(), pageQuery(standing, asOf, deadline));
        Page page = standing.isBackward() ? found.reversed() : found;
        return SearchPage.of(page, included(request, page, search, asOf, deadline), held, request);
    }

    private @Nullable Page included(
            FhirRequest request, Page page, SearchRequest search, @Nullable Instant asOf, Deadline deadline) {
        if (search.inclusions().isEmpty() || page.resources().isEmpty()) {
            return null;
        }
        return store.include(
                request.caller(),
                new InclusionQuery(page.resources(), search.inclusions(), settings.maximumIncluded(), asOf, deadline));
    }

    private Standing standing(FhirRequest request, Deadline deadline) {
        List<QueryParameter> query = PageLinks.withoutFormat(request.query());
        String type = request.key().type();
        if (!PageLinks.areToPage(query)) {
            Instant now = Instant.now();
            SearchRequest search = begun(request, query, now, null, deadline);
            boolean byDefinitions = search.types().stream().anyMatch(DEFINITIONS::contains);
            if (!byDefinitions && !isToSettle(request, search)) {
                return new Standing(search, request.base(), now, null, null);
            }
            Instant asOf = readSettled.present(request.caller(), deadline);
            return new Standing(
                    byDefinitions ? begun(request, query, now, asOf, deadline) : search,
                    request.base(),
                    now,
                    asOf,
                    null);
        }
        PageToken token = tokens.open(PageLinks.token(query), PageLinks.owner(request));
        PageLinks.requireSame(request, token.type());
        SearchRequest search = PageMeaning.understood(() -> compartments.within(
                request,
                reader.of(request, token.base(), token.asOf(), deadline)
                        .parse(type, token.query(), Handling.STRICT, token.first())));
        meaning.requireSame(
                token, search.parameters(), search.types(), request.caller().seen());
        return new Standing(search, token.base(), token.first(), token.asOf(), token);
    }

    /** Before it has a turn, since others would wait; {@link #found} looks again. */
    private boolean isToSettle(FhirRequest request, SearchRequest search) {
        return DeltaSearch.is(search.expression()) && (request.exchange().isEntry() || !readSettled.isToFollow());
    }

    private SearchRequest begun(
            FhirRequest request, List<QueryParameter> query, Instant now, @Nullable Instant asOf, Deadline deadline) {
        return compartments.within(
                request,
                reader.of(request, request.base(), asOf, deadline)
                        .parse(request.key().type(), query, request.handling(settings.handling()), now));
    }

    private Total count(
            FhirRequest request, SearchRequest search, TotalMode mode, @Nullable Instant asOf, Deadline deadline) {
        return store.count(
                request.caller(),
                SearchPage.counting(
                        TotalQuery.all(search.type(), search.where(), asOf, deadline), mode, settings.cheapTotal()));
    }

    private List<Answer.Link> links(FhirRequest request, Standing standing, SearchPage found, @Nullable Instant asOf) {
        SearchRequest search = standing.search();
        if (asOf == null) {
            return List.of(PageLinks.link("self", request, search.applied()));
        }
        PageToken first = new PageToken(
                request.path(),
                standing.base(),
                search.applied(),
                null,
                false,
                found.total(),
                standing.asked(),
                asOf,
                meaning.of(search.parameters(), search.types(), request.caller().seen()));
        return PageLinks.of(request, tokens, standing.token(), first, found.matches());
    }
}
