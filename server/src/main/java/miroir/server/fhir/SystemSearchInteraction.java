package miroir.server.fhir;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import miroir.index.search.ExpressionText;
import miroir.index.search.Handling;
import miroir.index.search.Inclusion;
import miroir.index.search.Order;
import miroir.index.search.QueryParameter;
import miroir.index.search.SearchParser;
import miroir.index.search.SearchRequest;
import miroir.index.search.TotalMode;
import miroir.index.store.Deadline;
import miroir.index.store.InclusionQuery;
import miroir.index.store.Page;
import miroir.index.store.PagePosition;
import miroir.index.store.ResourceStore;
import miroir.index.store.Total;
import miroir.index.store.TotalQuery;
import miroir.server.configuration.SearchConfiguration;
import miroir.server.paging.PageToken;
import miroir.server.paging.PageTokens;
import miroir.server.pipeline.Step;
import miroir.server.pipeline.WorkingMemory;
import org.jspecify.annotations.Nullable;

/**
 * {@code GET [base]?_type=…}, and {@code GET [base]/[compartment]/[id]/*}: one page of matches of several types, type after
 * type in a fixed order or sorted by what all of them have, as at the instant of the first page.
 */
final class SystemSearchInteraction {

    private final ResourceStore store;
    private final ReadSettled readSettled;
    private final QueryReader reader;
    private final SearchedTypes searchedTypes;
    private final Compartments compartments;
    private final PageTokens tokens;
    private final LegLinks links;
    private final SearchConfiguration settings;
    private final Room room;

    SystemSearchInteraction(
            ResourceStore store,
            QueryReader reader,
            SearchedTypes searchedTypes,
            Compartments compartments,
            PageTokens tokens,
            PageMeaning meaning,
            SearchConfiguration settings,
            Room room) {
        this.store = store;
        this.readSettled = new ReadSettled(store);
        this.reader = reader;
        this.searchedTypes = searchedTypes;
        this.compartments = compartments;
        this.tokens = tokens;
        this.links = new LegLinks(tokens, meaning);
        this.settings = settings;
        this.room = room;
    }

    /**
     * Where a search stands.
     *
     * @param searches of all types, by type
     * @param applied the parameters that have an effect, the types as the client said them
     * @param token what the link says; null on the first page
     */
    private record Standing(
            Map<String, SearchRequest> searches,
            List<QueryParameter> applied,
            Set<String> warnings,
            Instant asked,
            Instant asOf,
            @Nullable PageToken token) {
        SearchRequest any() {
            return searches.values().iterator().next();
        }

        SearchRequest of(String type) {
            return Objects.requireNonNull(searches.get(type), type);
        }

        boolean isBackward() {
            return token != null && token.backward();
        }

        @Nullable
        PagePosition after() {
            return token == null ? null : token.from();
        }

        Order order() {
            Order forward = SearchedTypes.order(applied);
            return isBackward() ? forward.reversed() : forward;
        }

        List<Leg> legs() {
            return searches.values().stream()
                    .map(search -> new Leg(search.type(), search.where()))
                    .toList();
        }

        Set<String> types() {
            return searches.values().stream()
                    .flatMap(search -> search.types().stream())
                    .collect(Collectors.toSet());
        }

        List<Inclusion> inclusions() {
            return searches.values().stream()
                    .flatMap(search -> search.inclusions().stream())
                    .distinct()
                    .toList();
        }
    }

    Answer answer(FhirRequest request) {
        Deadline deadline = request.deadline(settings.deadline());
        Standing standing = standing(request, deadline);
        request.exchange()
                .done(Step.PARSE, () -> ExpressionText.of(standing.any().expression()));
        SearchPage page = room.inTurn(
                request,
                store,
                deadline,
                () -> readSettled.run(
                        request.caller(),
                        standing.types(),
                        standing.asOf(),
                        deadline,
                        asOf -> found(request, standing, asOf, deadline)));
        request.exchange().done(Step.STORE, () -> page.matches().resources().size() + " resources");
        Answer answer = Answer.of(
                200,
                new Answer.Bundle(
                        UUID.randomUUID().toString(),
                        Answer.BundleType.SEARCHSET,
                        request.base(),
                        standing.asOf(),
                        page.shownTotal(),
                        links(request, standing, page),
                        page.entries(
                                request,
                                type -> standing.of(type).shape(),
                                standing.warnings(),
                                SearchPage.missing(store, standing.searches().values()))));
        return standing.token() == null
                ? request.preferredHandling().map(answer::applying).orElse(answer)
                : answer;
    }

    // --- what is asked

    private Standing standing(FhirRequest request, Deadline deadline) {
        List<QueryParameter> query = PageLinks.withoutFormat(request.query());
        return PageLinks.areToPage(query) ? opened(request, query, deadline) : begun(request, query, deadline);
    }

    private Standing begun(FhirRequest request, List<QueryParameter> query, Deadline deadline) {
        Instant now = Instant.now();
        Instant asOf = readSettled.present(request.caller(), deadline);
        SearchParser parser = reader.of(request, request.base(), asOf, deadline);
        List<String> types = searchedTypes.of(request, query);
        Set<String> warnings = new LinkedHashSet<>();
        List<QueryParameter> common = SearchedTypes.withoutTypes(query);
        for (String type : types) {
            // What one type does not know is asked of none.
            SearchRequest search = parser.parse(type, common, request.handling(settings.handling()), now);
            warnings.addAll(search.warnings());
            common = search.applied();
        }
        Map<String, SearchRequest> searches = searches(request, parser, types, common, now);
        List<QueryParameter> applied = Stream.concat(SearchedTypes.onlyTypes(query).stream(), common.stream())
                .toList();
        return new Standing(searches, applied, warnings, now, asOf, null);
    }

    private Standing opened(FhirRequest request, List<QueryParameter> query, Deadline deadline) {
        PageToken token = tokens.open(PageLinks.token(query), PageLinks.owner(request));
        PageLinks.requireSame(request, token.type());
        SearchParser parser = reader.of(request, token.base(), token.asOf(), deadline);
        Map<String, SearchRequest> searches = PageMeaning.understood(() -> searches(
                request,
                parser,
                searchedTypes.of(request, token.query()),
                SearchedTypes.withoutTypes(token.query()),
                token.first()));
        links.requireSame(request, token, searches.values());
        return new Standing(searches, token.query(), Set.of(), token.first(), token.asOf(), token);
    }

    private Map<String, SearchRequest> searches(
            FhirRequest request, SearchParser parser, List<String> types, List<QueryParameter> query, Instant now) {
        Map<String, SearchRequest> searches = new LinkedHashMap<>();
        for (String type : types) {
            searches.put(type, compartments.within(request, parser.parse(type, query, Handling.STRICT, now)));
        }
        return searches;
    }

    // --- what is found

    private SearchPage found(FhirRequest request, Standing standing, @Nullable Instant asOf, Deadline deadline) {
        int count = standing.any().count();
        SearchPage page = count == 0 ? SearchPage.empty() : page(request, standing, count, asOf, deadline);
        PageToken token = standing.token();
        return token == null
                ? page.counted(standing.any(), mode -> count(request, standing, mode, asOf, deadline))
                : page.with(token.total());
    }

    private SearchPage page(
            FhirRequest request, Standing standing, int count, @Nullable Instant asOf, Deadline deadline) {
        List<Inclusion> inclusions = standing.inclusions();
        int more = Math.min(settings.maximumIncluded(), (count + 1) * inclusions.size());
        LegQuery query = new LegQuery(
                store, request.caller(), standing.legs(), standing.order(), standing.after(), count, asOf, deadline);
        WorkingMemory.Held held = room.forPage(request, query.batches(more), deadline);
        Page found = query.page();
        Page page = standing.isBackward() ? found.reversed() : found;
        return SearchPage.of(page, included(request, page, inclusions, asOf, deadline), held, request);
    }

    private @Nullable Page included(
            FhirRequest request, Page page, List<Inclusion> inclusions, @Nullable Instant asOf, Deadline deadline) {
        if (inclusions.isEmpty() || page.resources().isEmpty()) {
            return null;
        }
        return store.include(
                request.caller(),
                new InclusionQuery(page.resources(), inclusions, settings.maximumIncluded(), asOf, deadline));
    }

    private Total count(
            FhirRequest request, Standing standing, TotalMode mode, @Nullable Instant asOf, Deadline deadline) {
        long matches = 0;
        boolean exact = true;
        for (Leg leg : standing.legs()) {
            Total ofType = store.count(
                    request.caller(),
                    SearchPage.counting(
                            TotalQuery.all(leg.type(), leg.where(), asOf, deadline), mode, settings.cheapTotal()));
            exact &= ofType.exact();
            matches += ofType.matches();
        }
        return new Total(matches, exact);
    }

    // --- what is answered

    private List<Answer.Link> links(FhirRequest request, Standing standing, SearchPage found) {
        return links.of(
                request,
                new LegLinks.Standing(
                        standing.searches().values(),
                        standing.applied(),
                        standing.asked(),
                        standing.asOf(),
                        standing.token()),
                found.matches(),
                found.total());
    }
}
