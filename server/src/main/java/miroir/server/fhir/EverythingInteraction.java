package miroir.server.fhir;

import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import miroir.index.Refusal;
import miroir.index.SearchParameter;
import miroir.index.SearchParameterRegistry;
import miroir.index.search.Condition;
import miroir.index.search.ExpressionText;
import miroir.index.search.Handling;
import miroir.index.search.Order;
import miroir.index.search.QueryParameter;
import miroir.index.search.SearchExpression;
import miroir.index.search.SearchParser;
import miroir.index.search.SearchRequest;
import miroir.index.store.Deadline;
import miroir.index.store.Page;
import miroir.index.store.PagePosition;
import miroir.index.store.PageQuery;
import miroir.index.store.ResourceKey;
import miroir.index.store.ResourceStore;
import miroir.index.store.ResourceVersion;
import miroir.server.configuration.SearchConfiguration;
import miroir.server.paging.PageToken;
import miroir.server.paging.PageTokens;
import miroir.server.pipeline.Step;
import miroir.server.pipeline.WorkingMemory;
import org.bson.BsonString;
import org.jspecify.annotations.Nullable;

/**
 * {@code [type]/[id]/$everything}: the resource, then what belongs to it, type after type, in pages. Each type is found by one
 * condition, and all pages are as at the instant of the first, so nothing comes twice.
 */
final class EverythingInteraction {
    /** The place of the resource itself: no type is called so. */
    private static final PagePosition AT_FOCUS = new PagePosition(List.of(new BsonString("")), 0);

    private static final String CLINICAL_DATE = "http://hl7.org/fhir/SearchParameter/clinical-date";

    private final ResourceStore store;
    private final ReadSettled readSettled;
    private final SearchParameterRegistry registry;
    private final BodyReader bodies;
    private final QueryReader reader;
    private final RelatedResources relatedResources;
    private final PageTokens tokens;
    private final LegLinks links;
    private final ZoneId zone;
    private final SearchConfiguration settings;
    private final Room room;

    EverythingInteraction(
            ResourceStore store,
            SearchParameterRegistry registry,
            BodyReader bodies,
            QueryReader reader,
            RelatedResources relatedResources,
            PageTokens tokens,
            PageMeaning meaning,
            ZoneId zone,
            SearchConfiguration settings,
            Room room) {
        this.store = store;
        this.readSettled = new ReadSettled(store);
        this.registry = registry;
        this.bodies = bodies;
        this.reader = reader;
        this.relatedResources = relatedResources;
        this.tokens = tokens;
        this.links = new LegLinks(tokens, meaning);
        this.zone = zone;
        this.settings = settings;
        this.room = room;
    }

    /**
     * Where it stands.
     *
     * @param applied the parameters
     * @param withFocus whether the resource itself is shown, before all others
     * @param searches of others, by their type
     */
    private record Standing(
            List<QueryParameter> applied,
            boolean withFocus,
            int count,
            Map<String, SearchRequest> searches,
            Instant asked,
            Instant asOf,
            @Nullable PageToken token) {
        boolean isBackward() {
            return token != null && token.backward();
        }

        boolean isAtBeginning() {
            return token == null || token.from() == null;
        }

        /** Where the others go on. */
        @Nullable
        PagePosition after() {
            PagePosition from = token == null ? null : token.from();
            return AT_FOCUS.equals(from) ? null : from;
        }

        List<Leg> legs() {
            return searches.values().stream()
                    .map(search -> new Leg(search.type(), search.where()))
                    .toList();
        }

        Set<String> types(String ofFocus) {
            Set<String> types = new HashSet<>(Set.of(ofFocus));
            searches.values().forEach(search -> types.addAll(search.types()));
            return types;
        }
    }

    Answer answer(FhirRequest request, byte[] body) {
        Deadline deadline = request.deadline(settings.deadline());
        Standing standing = standing(request, body, deadline);
        request.exchange()
                .done(
                        Step.PARSE,
                        () -> standing.searches().values().stream()
                                .map(search -> search.type() + " of which " + ExpressionText.of(search.expression()))
                                .collect(Collectors.joining("; ")));
        Page page = room.inTurn(
                        request,
                        store,
                        deadline,
                        () -> readSettled.run(
                                request.caller(),
                                standing.types(request.key().type()),
                                standing.asOf(),
                                deadline,
                                asOf -> read(request, standing, asOf, deadline)))
                .page();
        request.exchange().done(Step.STORE, () -> page.resources().size() + " resources");
        boolean all = standing.token() == null && !page.more();
        List<Answer.Entry> entries = new ArrayList<>();
        page.resources().forEach(each -> entries.add(new Answer.Match(each)));
        entries.addAll(SearchPage.missing(store, standing.searches().values()));
        return Answer.of(
                200,
                new Answer.Bundle(
                        UUID.randomUUID().toString(),
                        Answer.BundleType.SEARCHSET,
                        request.base(),
                        standing.asOf(),
                        all ? Long.valueOf(page.resources().size()) : null,
                        links(request, standing, page),
                        entries));
    }

    // --- what is asked

    private Standing standing(FhirRequest request, byte[] body, Deadline deadline) {
        List<QueryParameter> query = new ArrayList<>(PageLinks.withoutFormat(request.query()));
        if (PageLinks.areToPage(query)) {
            PageToken token = tokens.open(PageLinks.token(query), PageLinks.owner(request));
            PageLinks.requireSame(request, token.type());
            Standing opened = PageMeaning.understood(
                    () -> standing(request, token.query(), token.first(), token.asOf(), token, deadline));
            links.requireSame(request, token, opened.searches().values());
            return opened;
        }
        query.addAll(sent(request, body));
        List<QueryParameter> asked = EverythingParameters.withTypesInOne(query);
        EverythingParameters.check(request.key().type(), asked, zone);
        Instant asOf = readSettled.present(request.caller(), deadline);
        return standing(request, asked, Instant.now(), asOf, null, deadline);
    }

    private List<QueryParameter> sent(FhirRequest request, byte[] body) {
        if (body.length == 0) {
            return List.of();
        }
        room.forBody(request, body);
        return EverythingParameters.ofBody(bodies.read(request, body));
    }

    private Standing standing(
            FhirRequest request,
            List<QueryParameter> query,
            Instant asked,
            Instant asOf,
            @Nullable PageToken token,
            Deadline deadline) {
        ResourceKey focus = request.key();
        List<String> types = SearchedTypes.among(relatedResources.types(focus.type()), query);
        SearchParser parser = reader.of(request, token == null ? request.base() : token.base(), null, deadline);
        Map<String, SearchRequest> searches = new LinkedHashMap<>();
        for (String type : relatedResources.others(focus.type())) {
            if (types.contains(type)) {
                searches.put(type, search(focus, type, query, parser, asked));
            }
        }
        int count = parser.parse(focus.type(), criteria(query), Handling.STRICT, asked)
                .count();
        boolean withFocus = types.contains(focus.type());
        return new Standing(query, withFocus, count, searches, asked, asOf, token);
    }

    private SearchRequest search(
            ResourceKey focus, String type, List<QueryParameter> query, SearchParser parser, Instant now) {
        SearchRequest search = parser.parse(type, criteria(query), Handling.STRICT, now)
                .within(relatedResources.related(focus, type, parser, now));
        SearchParameter date = registry.find(type, "date");
        List<QueryParameter> dates = dates(query);
        if (date == null || dates.isEmpty() || !date.definition().equals(CLINICAL_DATE)) {
            return search;
        }
        // What says nothing of its date is not known to be out of it.
        return search.within(new SearchExpression.Or(List.of(
                parser.parse(type, dates, Handling.STRICT, now).expression(),
                new SearchExpression.Missing(date, true))));
    }

    private static List<QueryParameter> criteria(List<QueryParameter> query) {
        return Stream.of(
                        renamed(query, EverythingParameters.SINCE, "_lastUpdated", "ge"),
                        renamed(query, EverythingParameters.COUNT, EverythingParameters.COUNT, ""))
                .flatMap(List::stream)
                .toList();
    }

    private static List<QueryParameter> dates(List<QueryParameter> query) {
        return Stream.of(
                        renamed(query, EverythingParameters.START, "date", "ge"),
                        renamed(query, EverythingParameters.END, "date", "le"))
                .flatMap(List::stream)
                .toList();
    }

    private static List<QueryParameter> renamed(List<QueryParameter> query, String name, String other, String prefix) {
        String value = value(query, name);
        return value == null ? List.of() : List.of(new QueryParameter(other, prefix + value));
    }

    private static @Nullable String value(List<QueryParameter> query, String name) {
        return query.stream()
                .filter(parameter -> parameter.name().equals(name))
                .map(QueryParameter::value)
                .findFirst()
                .orElse(null);
    }

    // --- what is found

    /** What is on a page. */
    private record Found(Page page, WorkingMemory.Held held) implements ReadSettled.Holding {}

    private Found read(FhirRequest request, Standing standing, @Nullable Instant asOf, Deadline deadline) {
        WorkingMemory.Held held = room.forPage(request, standing.count() + 1, LegQuery.LAST_AND_NEXT_TYPE, deadline);
        Page page = standing.isBackward()
                ? before(request, standing, asOf, deadline)
                : standing.isAtBeginning()
                        ? first(request, standing, asOf, deadline)
                        : others(request, standing, standing.count(), asOf, deadline);
        held.read(page.resources(), request.format());
        return new Found(page, held);
    }

    private Page first(FhirRequest request, Standing standing, @Nullable Instant asOf, Deadline deadline) {
        ResourceVersion.Live focus = focus(request, asOf, deadline).orElseThrow(() -> missing(request));
        if (!standing.withFocus()) {
            return others(request, standing, standing.count(), asOf, deadline);
        }
        return withFocus(focus, others(request, standing, standing.count() - 1, asOf, deadline));
    }

    /** What comes before a place, the resource itself where that is all. */
    private Page before(FhirRequest request, Standing standing, @Nullable Instant asOf, Deadline deadline) {
        Page others =
                others(request, standing, standing.count(), asOf, deadline).reversed();
        if (others.more() || !standing.withFocus()) {
            return others;
        }
        return others.resources().size() == standing.count()
                ? new Page(others.resources(), true, others.ends())
                : focus(request, asOf, deadline)
                        .map(focus -> withFocus(focus, others))
                        .orElse(others);
    }

    private static Page withFocus(ResourceVersion.Live focus, Page others) {
        List<ResourceVersion.Live> resources = new ArrayList<>(List.of(focus));
        resources.addAll(others.resources());
        PagePosition end = others.ends().isEmpty() ? AT_FOCUS : others.ends().get(1);
        return new Page(resources, others.more(), List.of(AT_FOCUS, end));
    }

    private Page others(FhirRequest request, Standing standing, int wanted, @Nullable Instant asOf, Deadline deadline) {
        Order order = standing.isBackward() ? Order.BY_POSITION.reversed() : Order.BY_POSITION;
        List<Leg> legs = standing.legs();
        return legs.isEmpty()
                ? new Page(List.of(), false)
                : new LegQuery(store, request.caller(), legs, order, standing.after(), wanted, asOf, deadline).page();
    }

    private Optional<ResourceVersion.Live> focus(FhirRequest request, @Nullable Instant asOf, Deadline deadline) {
        Condition itself = Condition.In.texts("_id", List.of(request.key().id()));
        PageQuery query = new PageQuery(request.key().type(), itself, Order.BY_POSITION, null, 1, asOf, deadline);
        return store.select(request.caller(), query).resources().stream().findFirst();
    }

    private Refusal missing(FhirRequest request) {
        return store.read(request.caller(), request.key())
                .filter(ResourceVersion.Deleted.class::isInstance)
                .map(ResourceVersion.Deleted.class::cast)
                .map(ReadInteraction::gone)
                .orElseGet(() -> ReadInteraction.unknown(request.key()));
    }

    // --- what is answered

    private List<Answer.Link> links(FhirRequest request, Standing standing, Page page) {
        return links.of(
                request,
                new LegLinks.Standing(
                        standing.searches().values(),
                        standing.applied(),
                        standing.asked(),
                        standing.asOf(),
                        standing.token()),
                page,
                null);
    }
}
