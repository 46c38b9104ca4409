package miroir.server.export;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import miroir.index.Refusal;
import miroir.index.search.Condition;
import miroir.index.search.Handling;
import miroir.index.search.QueryParameter;
import miroir.index.search.SearchLimits;
import miroir.index.search.SearchParser;
import miroir.index.search.SearchRequest;
import miroir.index.search.SearchableParameters;
import miroir.index.store.Caller;
import miroir.index.store.Deadline;
import miroir.index.store.HeldPage;
import miroir.index.store.HeldQuery;
import miroir.index.store.SearchInForce;
import miroir.index.store.TotalQuery;
import miroir.index.terminology.StoredTerminology;
import miroir.server.configuration.SearchConfiguration;
import miroir.storage.DeletionsPage;
import miroir.storage.MongoResourceStore;

/**
 * What an export asks of the store, by what is searched at one moment. Searches are written down as they were sent and read again whenever something is read by them: by who cuts, and by whoever
 * answers for a file. They mean what they meant as long as the parameters in them have the same fields; where one of them was changed since, the export is over.
 */
final class ExportSearch {
    private static final int AT_ONCE = 1_000;
    private static final DateTimeFormatter MILLISECONDS =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSX").withZone(ZoneOffset.UTC);

    private final MongoResourceStore store;
    private final SearchInForce inForce;
    private final SearchParser parser;
    private final StoredTerminology terminology;
    private final Duration patience;

    ExportSearch(MongoResourceStore whole, SearchConfiguration configuration) {
        this.inForce = whole.inForce();
        this.store = whole.of(inForce);
        SearchableParameters searchable =
                new SearchableParameters(inForce.made().registry(), inForce.pending()::why);
        this.parser = new SearchParser(
                        searchable,
                        inForce.made().zone(),
                        inForce.made().ownBases(),
                        new SearchLimits(
                                configuration.defaultCount(),
                                configuration.maximumCount(),
                                configuration.maximumParameters(),
                                configuration.maximumValues(),
                                SearchLimits.defaults().maximumLength()))
                .calling(configuration.sameSystems());
        this.terminology = new StoredTerminology(store, searchable, configuration.maximumExpansion());
        this.patience = configuration.deadline();
    }

    /**
     * What of a type an export has.
     *
     * @param where what its resources meet, beside what whoever asked may see
     * @param types all on which that depends
     */
    record Selection(String type, Condition where, Set<String> types) {}

    MongoResourceStore store() {
        return store;
    }

    SearchInForce inForce() {
        return inForce;
    }

    /** As long as a question may take. */
    Deadline deadline() {
        return Deadline.in(patience);
    }

    /** What whoever asked could see. */
    Caller caller(Asked asked) {
        return asked.caller(inForce);
    }

    /** Refuses what meant something else when it was asked. */
    void requireSame(Asked asked, Caller caller) {
        if (meaning(asked, caller) != asked.meaning()) {
            throw outdated();
        }
    }

    /** What the searches of an export mean. */
    int meaning(Asked asked, Caller caller) {
        Map<String, String> digests = new TreeMap<>();
        asked.types()
                .forEach(type -> requests(asked, type, caller)
                        .forEach(request -> request.parameters()
                                .forEach(parameter -> digests.put(
                                        parameter.type() + "." + parameter.code(),
                                        inForce.made().fields().digest(parameter)))));
        for (String type : types(asked, caller)) {
            asked.narrowing(type, inForce)
                    .forEach(parameter -> digests.put(
                            parameter.type() + "." + parameter.code(),
                            inForce.made().fields().digest(parameter)));
        }
        return digests.hashCode();
    }

    /** All types on which it depends what is exported. */
    Set<String> types(Asked asked, Caller caller) {
        Set<String> types = new TreeSet<>(asked.types());
        asked.types().forEach(type -> requests(asked, type, caller).forEach(request -> types.addAll(request.types())));
        return types;
    }

    /**
     * Whether there are as many as were counted, or fewer by what was erased of the type. Of whoever sees some of a type what is superseded is held against what he sees by now, and so are links; what was
     * erased of another type cannot be linked to.
     */
    boolean isExact(Asked asked, Selection of, Caller caller) {
        return of.types().stream()
                .allMatch(type -> caller.seen().of(type).isAll()
                        && (type.equals(of.type()) || store.erasedSince(type, asked.asOf(), 0, Long.MAX_VALUE) == 0));
    }

    Selection of(Asked asked, String type, Caller caller) {
        List<Condition> alternatives = new ArrayList<>();
        Set<String> types = new TreeSet<>(Set.of(type));
        for (SearchRequest request : requests(asked, type, caller)) {
            alternatives.add(request.where());
            types.addAll(request.types());
        }
        Condition any = alternatives.isEmpty() || alternatives.stream().anyMatch(Condition::isAll)
                ? Condition.all()
                : alternatives.size() == 1 ? alternatives.get(0) : new Condition.Or(alternatives);
        Instant since = asked.since();
        return new Selection(type, since == null ? any : both(any, since(asked, type, since, caller)), types);
    }

    private static Condition both(Condition one, Condition other) {
        return one.isAll() ? other : new Condition.And(List.of(one, other));
    }

    /** To the millisecond: of an instant in whole seconds a search by {@code gt} would leave out the rest of that second. */
    private Condition since(Asked asked, String type, Instant since, Caller caller) {
        QueryParameter later = new QueryParameter("_lastUpdated", "gt" + MILLISECONDS.format(since));
        return parser(asked, caller)
                .parse(type, List.of(later), Handling.STRICT, asked.at())
                .where();
    }

    private List<SearchRequest> requests(Asked asked, String type, Caller caller) {
        List<String> queries = asked.filters().getOrDefault(type, List.of());
        if (queries.isEmpty()) {
            return List.of();
        }
        SearchParser reading = parser(asked, caller);
        try {
            return queries.stream()
                    .map(query -> reading.parse(type, QueryParameter.decode(query), Handling.STRICT, asked.at()))
                    .toList();
        } catch (Refusal refused) {
            throw switch (refused.reason()) {
                case INVALID, NOT_SUPPORTED, NOT_UNDERSTOOD -> outdated();
                default -> refused;
            };
        }
    }

    private static Refusal outdated() {
        return new Refusal(
                Refusal.Reason.EXPIRED,
                "what is searched was changed since the export was asked for, and its searches mean something else: ask again");
    }

    /** Reads one as it is sent. */
    SearchRequest sent(Asked asked, String type, List<QueryParameter> query, Handling handling, Caller caller) {
        return parser(asked, caller).parse(type, query, handling, asked.at());
    }

    private SearchParser parser(Asked asked, Caller caller) {
        return parser.reachedAt(asked.base()).knowing(terminology.seenBy(caller, asked.asOf(), Deadline.in(patience)));
    }

    /** How many resources there are between two positions. */
    long count(Asked asked, Selection of, Caller caller, long after, long upTo, Deadline deadline) {
        Condition where = HeldQuery.between(of.where(), after, upTo);
        return store.asAt(
                        caller,
                        of.types(),
                        asked.asOf(),
                        deadline,
                        instant -> store.reading(
                                deadline,
                                there -> there.count(caller, TotalQuery.all(of.type(), where, instant, deadline))))
                .matches();
    }

    /** The next resources after a position, none beyond another one. */
    HeldPage page(Asked asked, Selection of, Caller caller, long after, long upTo, Deadline deadline) {
        HeldQuery query =
                new HeldQuery(of.type(), of.where(), of.types(), asked.asOf(), after, upTo, AT_ONCE, deadline);
        return store.reading(deadline, there -> there.held(caller, query));
    }

    /** The next deletions behind a position; for those only who may see all of the type. */
    DeletionsPage deletions(Asked asked, Caller caller, String type, long after, Deadline deadline) {
        Instant since = asked.since() == null ? asked.asOf() : asked.since();
        return store.reading(deadline, there -> there.deletions(caller, type, since, asked.asOf(), after, deadline));
    }

    /** The types of which whoever asks may search anything. */
    Set<String> seenTypes(Caller caller) {
        return inForce.made().registry().types().stream()
                .filter(type -> !caller.seen().of(type).isNone())
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
