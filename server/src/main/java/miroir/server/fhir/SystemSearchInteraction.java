package miroir.server.fhir;

import java.time.Instant;
import java.util.ArrayList;
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
import miroir.index.search.QueryParameter;
import miroir.index.search.SearchParser;
import miroir.index.search.SearchRequest;
import miroir.index.search.TotalMode;
import miroir.index.store.Deadline;
import miroir.index.store.InclusionQuery;
import miroir.index.store.Page;
import miroir.index.store.PagePosition;
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
 * {@code GET [base]?_type=…}, and {@code GET [base]/[compartment]/[id]/*}: one page of matches of several types, type after
 * type in a fixed order, as at the instant of the first page. A link to the next one names the types that are left, and the position in
 * the first of them.
 */
final class SystemSearchInteraction {
    private static final int LAST_AND_NEXT_TYPE = 2;
    private static final Page NOTHING = new Page(List.of(), false);

    private final ResourceStore store;
    private final ReadSettled readSettled;
    private final QueryReader reader;
    private final SearchedTypes searchedTypes;
    private final Compartments compartments;
    private final PageTokens tokens;
    private final int generation;
    private final SearchConfiguration settings;
    private final Room room;

    SystemSearchInteraction(
            ResourceStore store,
            QueryReader reader,
            SearchedTypes searchedTypes,
            Compartments compartments,
            PageTokens tokens,
            int generation,
            SearchConfiguration settings,
            Room room) {
        this.store = store;
        this.readSettled = new ReadSettled(store);
        this.reader = reader;
        this.searchedTypes = searchedTypes;
        this.compartments = compartments;
        this.tokens = tokens;
        this.generation = generation;
        this.settings = settings;
        this.room = room;
    }

    /**
     * Where a search stands.
     *
     * @param searches of the types that are left, by type
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

        @Nullable
        PagePosition after() {
            return token == null ? null : token.from();
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
        Deadline deadline = Deadline.in(settings.deadline());
        Standing standing = standing(request, deadline);
        request.exchange()
                .done(Step.PARSE, () -> ExpressionText.of(standing.any().expression()));
        Found found = store.inTurn(
                deadline,
                () -> readSettled.run(
                        request,
                        standing.types(),
                        standing.asOf(),
                        deadline,
                        asOf -> found(request, standing, asOf, deadline)));
        request.exchange().done(Step.STORE, () -> found.page().resources().size() + " resources");
        Total total = found.total();
        Answer answer = Answer.of(
                200,
                new Answer.Bundle(
                        UUID.randomUUID().toString(),
                        Answer.BundleType.SEARCHSET,
                        request.base(),
                        standing.asOf(),
                        total != null && total.exact() ? Long.valueOf(total.matches()) : null,
                        links(request, standing, found),
                        entries(request, standing, found)));
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
        SearchParser parser = reader.of(request, request.base(), null, deadline);
        List<String> types = searchedTypes.of(request, query);
        Set<String> warnings = new LinkedHashSet<>();
        List<QueryParameter> common = SearchedTypes.withoutTypes(query);
        for (String type : types) {
            // What one type does not know is asked of none.
            SearchRequest search = parser.parse(type, common, request.handling(), now);
            warnings.addAll(search.warnings());
            common = search.applied();
        }
        Map<String, SearchRequest> searches = searches(request, parser, types, common, now);
        Instant asOf = readSettled.present(request, deadline);
        List<QueryParameter> applied = Stream.concat(SearchedTypes.onlyTypes(query).stream(), common.stream())
                .toList();
        return new Standing(searches, applied, warnings, now, asOf, null);
    }

    private Standing opened(FhirRequest request, List<QueryParameter> query, Deadline deadline) {
        PageToken token = tokens.open(PageLinks.token(query), PageLinks.owner(request), generation);
        PageLinks.requireSame(request, token.type());
        SearchParser parser = reader.of(request, token.base(), token.asOf(), deadline);
        Map<String, SearchRequest> searches = searches(
                request,
                parser,
                searchedTypes.of(request, token.query()),
                SearchedTypes.withoutTypes(token.query()),
                token.first());
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

    /** What is on a page. */
    private record Found(Page page, Page included, @Nullable Total total, WorkingMemory.@Nullable Held held)
            implements ReadSettled.Holding {}

    private Found found(FhirRequest request, Standing standing, @Nullable Instant asOf, Deadline deadline) {
        int count = standing.any().count();
        Found found =
                count == 0 ? new Found(NOTHING, NOTHING, null, null) : page(request, standing, count, asOf, deadline);
        PageToken token = standing.token();
        Total total = token == null ? total(request, standing, found.page(), asOf, deadline) : token.total();
        return new Found(found.page(), found.included(), total, found.held());
    }

    private Found page(FhirRequest request, Standing standing, int count, @Nullable Instant asOf, Deadline deadline) {
        List<Inclusion> inclusions = standing.inclusions();
        int more = Math.min(settings.maximumIncluded(), (count + 1) * inclusions.size());
        WorkingMemory.Held held = room.forPage(request, count + 1 + more, LAST_AND_NEXT_TYPE, deadline);
        Page page = Page.filledFrom(
                new LegMatches(store, request.caller(), standing.legs(), standing.after(), count + 1, asOf, deadline),
                count);
        Page included = inclusions.isEmpty() || page.resources().isEmpty()
                ? NOTHING
                : store.include(
                        request.caller(),
                        new InclusionQuery(
                                page.resources().stream()
                                        .map(ResourceVersion.Live::key)
                                        .toList(),
                                inclusions,
                                settings.maximumIncluded(),
                                asOf,
                                deadline));
        held.read(
                Stream.concat(page.resources().stream(), included.resources().stream())
                        .toList(),
                request.format());
        return new Found(page, included, null, held);
    }

    private @Nullable Total total(
            FhirRequest request, Standing standing, Page page, @Nullable Instant asOf, Deadline deadline) {
        SearchRequest any = standing.any();
        if (any.count() == 0) {
            return count(request, standing, Long.MAX_VALUE, asOf, deadline);
        }
        if (any.total() == TotalMode.NONE) {
            return null;
        }
        if (!page.more()) {
            return new Total(page.resources().size(), true);
        }
        return switch (any.total()) {
            case ACCURATE -> count(request, standing, Long.MAX_VALUE, asOf, deadline);
            case ESTIMATE -> count(request, standing, settings.cheapTotal(), asOf, deadline);
            case NONE, UNASKED -> null;
        };
    }

    private Total count(
            FhirRequest request, Standing standing, long atMost, @Nullable Instant asOf, Deadline deadline) {
        long matches = 0;
        for (Leg leg : standing.legs()) {
            Total ofType = store.count(
                    request.caller(), new TotalQuery(leg.type(), leg.where(), atMost - matches, asOf, deadline));
            if (!ofType.exact()) {
                return new Total(atMost, false);
            }
            matches += ofType.matches();
        }
        return new Total(matches, true);
    }

    // --- what is answered

    private static List<Answer.Entry> entries(FhirRequest request, Standing standing, Found found) {
        List<Answer.Entry> entries = new ArrayList<>();
        for (ResourceVersion.Live match : found.page().resources()) {
            SearchRequest search = standing.of(match.key().type());
            entries.add(new Answer.Match(match.showing(request.shown(match.fhir(), search.shape()))));
        }
        found.included().resources().forEach(each -> entries.add(new Answer.Included(each)));
        if (found.included().more()) {
            entries.add(new Answer.Warnings("incomplete", List.of(SearchInteraction.NOT_ALL)));
        }
        if (!standing.warnings().isEmpty()) {
            entries.add(new Answer.Warnings("not-supported", List.copyOf(standing.warnings())));
        }
        return entries;
    }

    private List<Answer.Link> links(FhirRequest request, Standing standing, Found found) {
        List<Answer.Link> links = new ArrayList<>();
        List<QueryParameter> asked = PageLinks.withoutFormat(request.query());
        links.add(PageLinks.link("self", request, standing.token() == null ? standing.applied() : asked));
        if (found.page().more()) {
            PageToken next = tokens.keepingQuery(next(request, standing, found));
            links.add(PageLinks.page("next", request, tokens.seal(next, PageLinks.owner(request))));
        }
        return links;
    }

    private PageToken next(FhirRequest request, Standing standing, Found found) {
        List<ResourceVersion.Live> shown = found.page().resources();
        ResourceVersion.Live last = shown.get(shown.size() - 1);
        String left = standing.searches().keySet().stream()
                .dropWhile(type -> !type.equals(last.key().type()))
                .collect(Collectors.joining(","));
        List<QueryParameter> query = new ArrayList<>(List.of(new QueryParameter(SearchedTypes.TYPE, left)));
        query.addAll(SearchedTypes.withoutTypes(standing.applied()));
        PageToken token = standing.token();
        return new PageToken(
                request.path(),
                token == null ? request.base() : token.base(),
                query,
                LegMatches.place(last),
                false,
                found.total(),
                standing.asked(),
                standing.asOf(),
                generation);
    }
}
