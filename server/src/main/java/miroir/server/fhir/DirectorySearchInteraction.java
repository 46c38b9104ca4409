package miroir.server.fhir;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import miroir.index.Refusal;
import miroir.index.path.RawValue;
import miroir.index.search.Condition;
import miroir.index.search.Handling;
import miroir.index.search.Order;
import miroir.index.search.QueryParameter;
import miroir.index.search.SearchParser;
import miroir.index.search.SearchableParameters;
import miroir.index.store.Deadline;
import miroir.index.store.Page;
import miroir.index.store.PageQuery;
import miroir.index.store.ResourceStore;
import miroir.index.store.ResourceVersion;
import miroir.index.store.Total;
import miroir.server.configuration.SearchConfiguration;
import miroir.server.directory.DirectoryQuestion;
import miroir.server.paging.PageToken;
import miroir.server.paging.PageTokens;
import miroir.server.pipeline.Step;
import miroir.server.pipeline.WorkingMemory;
import org.jspecify.annotations.Nullable;

/**
 * {@code $directory-search}: people by what is known of them and of where they work, best first, with their roles and the places of
 * these, in pages that are as at the instant of the first.
 */
final class DirectorySearchInteraction {
    /** People are read so many at once, so that a page can end between them. */
    private static final int READ_AT_ONCE = 100;

    private final ResourceStore store;
    private final ReadSettled readSettled;
    private final BodyReader bodies;
    private final QueryReader reader;
    private final ReadDirectoryQuestion readQuestion;
    private final PageTokens tokens;
    private final PageMeaning meaning;
    private final SearchConfiguration settings;
    private final Room room;

    DirectorySearchInteraction(
            ResourceStore store,
            SearchableParameters searchable,
            BodyReader bodies,
            QueryReader reader,
            PageTokens tokens,
            PageMeaning meaning,
            SearchConfiguration settings,
            Room room) {
        this.store = store;
        this.readSettled = new ReadSettled(store);
        this.bodies = bodies;
        this.reader = reader;
        this.readQuestion = new ReadDirectoryQuestion(searchable);
        this.tokens = tokens;
        this.meaning = meaning;
        this.settings = settings;
        this.room = room;
    }

    /**
     * Where it stands.
     *
     * @param whole who is asked for, to be ranked as a whole
     * @param wide the same for where there are too many for that
     * @param token of the link that was followed; null on the first page
     */
    private record Standing(
            List<QueryParameter> applied,
            DirectoryStages whole,
            Supplier<DirectoryStages> wide,
            int count,
            Instant asked,
            @Nullable PageToken token) {
        DirectoryStages stages(boolean isWide) {
            return isWide ? wide.get() : whole;
        }

        @Nullable
        WindowPlace from() {
            return token == null || token.from() == null ? null : WindowPlace.of(token.from());
        }
    }

    Answer answer(FhirRequest request, byte[] body) {
        Deadline deadline = request.deadline(settings.deadline());
        Standing standing = standing(request, body, deadline);
        request.exchange().done(Step.PARSE, () -> standing.whole().stages().size() + " stages");
        ReadSettled.Settled<DirectoryPage> settled =
                room.inTurn(request, store, deadline, () -> found(request, standing, deadline));
        DirectoryPage page = settled.found();
        Instant asOf = settled.asOf();
        request.exchange().done(Step.STORE, () -> page.people().size() + " people");
        List<Answer.Entry> entries = new ArrayList<>(page.entries(settings.maximumRanked()));
        entries.addAll(SearchPage.missing(store, standing.whole().types()));
        Total total = total(page);
        return Answer.of(
                200,
                new Answer.Bundle(
                        UUID.randomUUID().toString(),
                        Answer.BundleType.SEARCHSET,
                        request.base(),
                        asOf,
                        total == null ? null : Long.valueOf(total.matches()),
                        links(request, standing, page, total, asOf),
                        entries));
    }

    /** Known where all are ranked as a whole. */
    private static @Nullable Total total(DirectoryPage page) {
        return page.window().start().wide()
                ? null
                : new Total(page.window().people().size(), true);
    }

    // --- what is asked

    private Standing standing(FhirRequest request, byte[] body, Deadline deadline) {
        List<QueryParameter> query = new ArrayList<>(PageLinks.withoutFormat(request.query()));
        if (PageLinks.areToPage(query)) {
            PageToken token = tokens.open(PageLinks.token(query), PageLinks.owner(request));
            PageLinks.requireSame(request, token.type());
            Standing opened = PageMeaning.understood(
                    () -> standing(request, token.base(), token.query(), token.first(), token.asOf(), token, deadline));
            meaning.requireSame(
                    token,
                    opened.whole().parameters(),
                    opened.whole().types(),
                    request.caller().seen());
            return opened;
        }
        query.addAll(sent(request, body));
        return standing(request, request.base(), query, Instant.now(), null, null, deadline);
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
            String base,
            List<QueryParameter> query,
            Instant asked,
            @Nullable Instant asOf,
            @Nullable PageToken token,
            Deadline deadline) {
        SearchParser parser = reader.of(request, base, asOf, deadline);
        DirectoryQuestion question = DirectoryQuestion.of(query);
        return new Standing(
                query,
                readQuestion.of(question, parser, asked, false),
                () -> readQuestion.of(question, parser, asked, true),
                count(question, parser, asked),
                asked,
                token);
    }

    private static int count(DirectoryQuestion question, SearchParser parser, Instant asked) {
        String said = question.value(DirectoryQuestion.COUNT);
        List<QueryParameter> count =
                said == null ? List.of() : List.of(new QueryParameter(DirectoryQuestion.COUNT, said));
        int most = parser.parse(ReadDirectoryQuestion.PRACTITIONER, count, Handling.STRICT, asked)
                .count();
        if (most == 0) {
            throw new Refusal(
                    Refusal.Reason.INVALID,
                    "_count=0 asks for nobody; a page has at least one person, where one is found");
        }
        return most;
    }

    // --- who is found

    private ReadSettled.Settled<DirectoryPage> found(FhirRequest request, Standing standing, Deadline deadline) {
        ReadSettled.Read<DirectoryPage> read = asOf -> read(request, standing, asOf, deadline);
        Set<String> types = standing.whole().types();
        PageToken token = standing.token();
        return token == null
                ? readSettled.first(request.caller(), types, deadline, page -> true, read)
                : new ReadSettled.Settled<>(
                        readSettled.run(request.caller(), types, token.asOf(), deadline, read), token.asOf());
    }

    private DirectoryPage read(FhirRequest request, Standing standing, @Nullable Instant asOf, Deadline deadline) {
        int included = Math.min(settings.maximumIncluded(), 2 * standing.count());
        WorkingMemory.Held held = room.forPage(
                request, IntStream.of(CollectWindow.BATCH + 1, standing.count() + 1, included + 1), deadline);
        CollectWindow.Window window = window(request, standing, asOf, deadline);
        int offset = offset(standing, window);
        Reading reading = new Reading(request, asOf, deadline);
        List<DirectoryPage.Person> people = reading.people(
                window.people().stream().skip(offset).limit(standing.count()).toList());
        Page roles = reading.roles(standing.whole(), people);
        Page places = reading.places(roles);
        List<ResourceVersion.Live> beside = Stream.concat(roles.resources().stream(), places.resources().stream())
                .toList();
        held.read(
                Stream.concat(people.stream().map(DirectoryPage.Person::version), beside.stream())
                        .toList(),
                request.format());
        return new DirectoryPage(window, offset, people, beside, roles.more() || places.more(), held);
    }

    /** On the first page it turns out whether all can be ranked as a whole. */
    private CollectWindow.Window window(
            FhirRequest request, Standing standing, @Nullable Instant asOf, Deadline deadline) {
        WindowPlace from = standing.from();
        PageToken token = standing.token();
        if (from != null) {
            CollectWindow collect = collect(request, standing.stages(from.wide()), asOf, deadline);
            return token != null && token.backward() ? collect.before(from) : collect.from(from);
        }
        CollectWindow.Window whole =
                collect(request, standing.whole(), asOf, deadline).from(WindowPlace.BEGINNING);
        return whole.more()
                ? collect(request, standing.wide().get(), asOf, deadline).from(WindowPlace.BEGINNING_OF_MANY)
                : whole;
    }

    private CollectWindow collect(
            FhirRequest request, DirectoryStages stages, @Nullable Instant asOf, Deadline deadline) {
        return new CollectWindow(store, request.caller(), stages, settings.maximumRanked(), asOf, deadline);
    }

    /** A link back leads to the last page of a window. */
    private static int offset(Standing standing, CollectWindow.Window window) {
        WindowPlace from = standing.from();
        PageToken token = standing.token();
        if (from == null || token == null) {
            return 0;
        }
        int last = Math.max(0, window.people().size() - 1);
        return token.backward() ? last / standing.count() * standing.count() : from.offset();
    }

    /** What is read for one page. */
    private final class Reading {
        private final FhirRequest request;
        private final @Nullable Instant asOf;
        private final Deadline deadline;

        Reading(FhirRequest request, @Nullable Instant asOf, Deadline deadline) {
            this.request = request;
            this.asOf = asOf;
            this.deadline = deadline;
        }

        /** These people, as many of them as a page may hold by their bytes, one at least. */
        List<DirectoryPage.Person> people(List<CollectWindow.Found> wanted) {
            List<DirectoryPage.Person> people = new ArrayList<>();
            long bytes = 0;
            for (int from = 0; from < wanted.size() && bytes < Page.MOST_BYTES; from += READ_AT_ONCE) {
                List<CollectWindow.Found> some = wanted.subList(from, Math.min(from + READ_AT_ONCE, wanted.size()));
                Map<String, ResourceVersion.Live> read = known(some);
                while (read.size() < some.size() && addMissing(some, read)) {
                    // Large ones come in several pages.
                }
                for (CollectWindow.Found each : some) {
                    ResourceVersion.Live version = read.get(each.id());
                    if (version != null && (bytes < Page.MOST_BYTES || people.isEmpty())) {
                        bytes += version.fhir().getByteBuffer().remaining();
                        people.add(new DirectoryPage.Person(each, version));
                    }
                }
            }
            return people;
        }

        private static Map<String, ResourceVersion.Live> known(List<CollectWindow.Found> people) {
            Map<String, ResourceVersion.Live> known = new HashMap<>();
            for (CollectWindow.Found each : people) {
                if (each.version() != null) {
                    known.put(each.id(), each.version());
                }
            }
            return known;
        }

        private boolean addMissing(List<CollectWindow.Found> wanted, Map<String, ResourceVersion.Live> read) {
            List<String> missing = wanted.stream()
                    .map(CollectWindow.Found::id)
                    .filter(id -> !read.containsKey(id))
                    .toList();
            Page page = select(ReadDirectoryQuestion.PRACTITIONER, Condition.In.texts("_id", missing), missing.size());
            page.resources().forEach(each -> read.put(each.key().id(), each));
            return page.more();
        }

        Page roles(DirectoryStages stages, List<DirectoryPage.Person> people) {
            if (people.isEmpty()) {
                return new Page(List.of(), false);
            }
            Condition theirs = Condition.In.texts(
                    stages.referring().field("reference"),
                    people.stream().map(each -> each.version().key().toString()).toList());
            return select(
                    ReadDirectoryQuestion.ROLE,
                    new Condition.And(List.of(theirs, stages.ofRoles())),
                    settings.maximumIncluded());
        }

        Page places(Page roles) {
            Set<String> ids = new LinkedHashSet<>();
            String prefix = ReadDirectoryQuestion.ORGANIZATION + "/";
            for (ResourceVersion.Live role : roles.resources()) {
                RawValue organization = RawValue.of(role.fhir()).get("organization");
                String reference = organization == null ? null : organization.text("reference");
                if (reference != null && reference.startsWith(prefix)) {
                    ids.add(reference.substring(prefix.length()));
                }
            }
            int room = settings.maximumIncluded() - roles.resources().size();
            return ids.isEmpty() || room <= 0
                    ? new Page(List.of(), !ids.isEmpty())
                    : select(ReadDirectoryQuestion.ORGANIZATION, Condition.In.texts("_id", ids), room);
        }

        private Page select(String type, Condition where, int limit) {
            return store.select(
                    request.caller(), new PageQuery(type, where, Order.BY_POSITION, null, limit, asOf, deadline));
        }
    }

    // --- what is answered

    private List<Answer.Link> links(
            FhirRequest request, Standing standing, DirectoryPage page, @Nullable Total total, @Nullable Instant asOf) {
        PageToken followed = standing.token();
        List<Answer.Link> links = new ArrayList<>();
        links.add(PageLinks.link(
                "self", request, followed == null ? standing.applied() : PageLinks.withoutFormat(request.query())));
        if (asOf == null || (followed == null && page.isLast())) {
            return links;
        }
        PageToken first = tokens.keepingQuery(new PageToken(
                request.path(),
                followed == null ? request.base() : followed.base(),
                standing.applied(),
                null,
                false,
                total,
                standing.asked(),
                asOf,
                meaning.of(
                        standing.whole().parameters(),
                        standing.whole().types(),
                        request.caller().seen())));
        WindowPlace start = page.window().start();
        links.add(link("first", request, first));
        if (page.offset() > 0) {
            int before = Math.max(0, page.offset() - standing.count());
            links.add(link("previous", request, first.at(start.at(before).position(), false)));
        } else if (!page.isFirst()) {
            links.add(link("previous", request, first.at(start.position(), true)));
        }
        if (!page.isLast()) {
            links.add(link("next", request, first.at(page.next().position(), false)));
        }
        return links;
    }

    private Answer.Link link(String relation, FhirRequest request, PageToken token) {
        return PageLinks.page(relation, request, tokens.seal(token, PageLinks.owner(request)));
    }
}
