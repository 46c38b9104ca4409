package miroir.server.fhir;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import miroir.index.Refusal;
import miroir.index.json.Shape;
import miroir.index.search.QueryParameter;
import miroir.index.search.ShapeParameters;
import miroir.index.store.Deadline;
import miroir.index.store.HistoryPage;
import miroir.index.store.HistoryPosition;
import miroir.index.store.HistoryQuery;
import miroir.index.store.ResourceStore;
import miroir.index.store.ResourceVersion;
import miroir.server.configuration.SearchConfiguration;
import miroir.server.paging.HistoryToken;
import miroir.server.paging.PageTokens;
import miroir.server.pipeline.Step;
import miroir.server.pipeline.WorkingMemory;
import org.jspecify.annotations.Nullable;

/**
 * {@code GET [type]/[id]/_history}, {@code [type]/_history} and {@code _history}: one page of versions, newest first, with a
 * link to the next one.
 *
 * <p>A history is shown as at an instant T, up to which the store has settled: whatever was committed at or before T is in
 * it, and nothing will be added. All pages are as at the T of the first, so writes meanwhile shift nothing, and whoever
 * asks with {@code _since=T} the next time misses nothing. A T of the store's choice, and not just now: another server may
 * be about to commit a version with an instant that has passed.
 *
 * <p>With {@code _sort=_lastUpdated} it is what was committed, in that order, for who follows it: each page is up to a T of its own, and the last one has a link
 * {@code monitor} in place of {@code next}, which goes on behind it whenever it is asked for.
 */
final class HistoryInteraction {
    /** How long the present may take to settle; a page that waits longer is better answered as at a moment ago. */
    private static final Duration PATIENCE = Duration.ofMillis(100);

    private static final int CURRENT_AND_OLD = 2;

    /** Stands in links of what is followed. */
    private static final QueryParameter FOLLOWED = new QueryParameter(HistoryParameters.SORT, "_lastUpdated");

    private final ResourceStore store;
    private final Set<String> types;
    private final PageTokens tokens;
    private final ZoneId zone;
    private final Room room;
    private final SearchConfiguration settings;

    HistoryInteraction(
            ResourceStore store,
            Set<String> types,
            PageTokens tokens,
            ZoneId zone,
            SearchConfiguration settings,
            Room room) {
        this.store = store;
        this.types = types;
        this.tokens = tokens;
        this.zone = zone;
        this.settings = settings;
        this.room = room;
    }

    Answer answer(FhirRequest request) {
        Deadline deadline = request.deadline(settings.deadline());
        HistoryQuery.Of of = of(request);
        List<QueryParameter> query = PageLinks.withoutFormat(request.query());
        return PageLinks.areToPage(query)
                ? answer(request, of, opened(request, query, deadline), query, deadline)
                : firstPage(request, of, HistoryParameters.read(query, zone, settings), deadline);
    }

    private HistoryQuery.Of of(FhirRequest request) {
        return switch (request.exchange().route().interaction()) {
            case HISTORY_INSTANCE -> new HistoryQuery.Resource(request.key());
            case HISTORY_TYPE -> new HistoryQuery.Types(Set.of(request.key().type()));
            default -> new HistoryQuery.Types(types);
        };
    }

    /**
     * Where a history stands.
     *
     * @param first when its first page was asked for
     * @param after the last version of the page before; null on the first page
     * @param oldestFirst in the order of commits
     */
    private record Standing(
            Instant first,
            @Nullable Instant since,
            HistoryQuery.@Nullable During at,
            int count,
            List<QueryParameter> parts,
            Instant until,
            @Nullable HistoryPosition after,
            boolean oldestFirst) {}

    private Standing opened(FhirRequest request, List<QueryParameter> query, Deadline deadline) {
        HistoryToken token = tokens.openHistory(PageLinks.token(query), PageLinks.owner(request));
        if (!token.path().equals(request.path())) {
            throw new Refusal(
                    Refusal.Reason.INVALID,
                    "the link is to a page of " + token.path() + ", and the URL says " + request.path());
        }
        List<QueryParameter> said = QueryParameter.decode(token.parts());
        List<QueryParameter> parts =
                said.stream().filter(each -> !each.equals(FOLLOWED)).toList();
        boolean oldestFirst = said.contains(FOLLOWED);
        return new Standing(
                oldestFirst ? Instant.now() : token.first(),
                token.since(),
                token.at(),
                token.count(),
                parts,
                oldestFirst ? store.settled(request.caller(), PATIENCE, deadline) : token.until(),
                token.after(),
                oldestFirst);
    }

    private Answer firstPage(
            FhirRequest request, HistoryQuery.Of of, HistoryParameters.Asked asked, Deadline deadline) {
        List<QueryParameter> parts = ShapeParameters.applied(request.key().type(), asked.parts());
        request.exchange().done(Step.PARSE);
        Instant until = store.settled(request.caller(), PATIENCE, deadline);
        if (asked.oldestFirst() && of instanceof HistoryQuery.Resource) {
            throw new Refusal(
                    Refusal.Reason.INVALID,
                    "the history of one resource has its newest version first; the oldest first come those of a type, and of all");
        }
        Standing first = new Standing(
                Instant.now(), asked.since(), asked.at(), asked.count(), parts, until, null, asked.oldestFirst());
        return answer(request, of, first, asked.applied(), deadline);
    }

    private Answer answer(
            FhirRequest request, HistoryQuery.Of of, Standing standing, List<QueryParameter> self, Deadline deadline) {
        Shape shape = ShapeParameters.of(request.key().type(), standing.parts());
        HistoryPage page = room.inTurn(request, store, deadline, () -> page(request, of, standing, deadline));
        if (page.versions().isEmpty() && of instanceof HistoryQuery.Resource one) {
            refuseUnknown(request, one);
        }
        request.exchange().done(Step.STORE, () -> page.versions().size() + " versions");
        boolean all = standing.after() == null && !page.more() && !standing.oldestFirst();
        List<Answer.Entry> entries = new ArrayList<>(page.versions().size());
        page.versions().forEach(version -> entries.add(new Answer.Change(shown(request, version, shape))));
        return Answer.of(
                200,
                new Answer.Bundle(
                        UUID.randomUUID().toString(),
                        Answer.BundleType.HISTORY,
                        request.base(),
                        standing.until(),
                        all ? Long.valueOf(entries.size()) : null,
                        links(request, standing, page, self),
                        entries));
    }

    private HistoryPage page(FhirRequest request, HistoryQuery.Of of, Standing standing, Deadline deadline) {
        WorkingMemory.Held held = room.forPage(request, standing.count() + 1, CURRENT_AND_OLD, deadline);
        HistoryPage page = store.history(
                request.caller(),
                new HistoryQuery(
                        of,
                        standing.since(),
                        standing.at(),
                        standing.until(),
                        standing.after(),
                        standing.count(),
                        deadline,
                        standing.oldestFirst()));
        held.read(page.versions(), request.format());
        return page;
    }

    private static ResourceVersion shown(FhirRequest request, ResourceVersion version, Shape shape) {
        return version instanceof ResourceVersion.Live live ? live.showing(request.shown(live.fhir(), shape)) : version;
    }

    /** Nothing since an instant is an empty history; nothing at all is an unknown resource. */
    private void refuseUnknown(FhirRequest request, HistoryQuery.Resource one) {
        if (store.read(request.caller(), one.key()).isEmpty()) {
            throw ReadInteraction.unknown(one.key());
        }
    }

    private List<Answer.Link> links(
            FhirRequest request, Standing standing, HistoryPage page, List<QueryParameter> self) {
        List<Answer.Link> links = new ArrayList<>();
        links.add(PageLinks.link("self", request, self));
        if (page.more()) {
            ResourceVersion last = page.versions().get(page.versions().size() - 1);
            links.add(link("next", request, standing, HistoryPosition.of(last)));
        } else if (standing.oldestFirst()) {
            links.add(link("monitor", request, standing, behind(standing)));
        }
        return links;
    }

    /** Everything up to its instant was told. */
    private static HistoryPosition behind(Standing standing) {
        HistoryPosition after = standing.after();
        return after != null && after.from().isAfter(standing.until())
                ? after
                : new HistoryPosition(standing.until(), "", "");
    }

    private Answer.Link link(String relation, FhirRequest request, Standing standing, HistoryPosition after) {
        List<QueryParameter> said = new ArrayList<>(standing.parts());
        if (standing.oldestFirst()) {
            said.add(FOLLOWED);
        }
        HistoryToken token = new HistoryToken(
                standing.first(),
                request.path(),
                standing.since(),
                standing.at(),
                standing.count(),
                QueryParameter.encode(said),
                standing.until(),
                after);
        return PageLinks.page(relation, request, tokens.seal(token, PageLinks.owner(request)));
    }
}
