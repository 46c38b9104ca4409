package miroir.server.fhir;

import ca.uhn.fhir.context.FhirContext;
import java.time.Duration;
import java.util.Set;
import miroir.index.json.ReadLimits;
import miroir.index.json.ResourceReader;
import miroir.index.search.SearchLimits;
import miroir.index.search.SearchParser;
import miroir.index.search.SearchableParameters;
import miroir.index.store.ResourceStore;
import miroir.index.store.SearchInForce;
import miroir.index.store.SearchMade;
import miroir.index.structure.Structures;
import miroir.index.terminology.StoredTerminology;
import miroir.index.view.ReadView;
import miroir.server.configuration.LimitsConfiguration;
import miroir.server.configuration.ServerConfiguration;
import miroir.server.pipeline.EntryRoutes;
import miroir.server.pipeline.Turns;
import miroir.server.pipeline.WorkingMemory;
import miroir.server.routing.Router;
import miroir.server.subscriptions.OfferSubscriptions;
import miroir.server.validation.Validation;

/** Makes the interactions by what is searched at one time, on a store: that of the server, or what of it a transaction sees. */
final class MakeInteractions {
    private final ServerConfiguration configuration;
    private final FhirParts parts;
    private final SearchInForce inForce;
    private final SearchableParameters searchable;
    private final Set<String> types;
    private final ResourceStore whole;
    private final PageMeaning meaning;
    private final WorkingMemory memory;
    private final Turns turns;
    private final Room room;
    private final BodyReader reader;
    private final StoredTerminology terminology;
    private final QueryReader queries;
    private final Compartments compartments;
    private final ReadCriteria readCriteria;
    private final Duration patience;
    private final Validation validation;

    MakeInteractions(
            FhirContext context,
            ServerConfiguration configuration,
            FhirParts parts,
            SearchInForce inForce,
            WorkingMemory memory,
            Turns turns,
            Validation validation) {
        this.validation = validation;
        this.configuration = configuration;
        this.parts = parts;
        this.inForce = inForce;
        this.patience = configuration.database().operationTimeout();
        this.searchable = new SearchableParameters(inForce.made().registry(), inForce.pending()::why);
        this.types = searchable.registry().types();
        this.compartments = new Compartments(context, searchable);
        ResourceStore store = parts.search().store(inForce);
        this.meaning = new PageMeaning(inForce.made().fields());
        this.memory = memory;
        this.turns = turns;
        this.room = new Room(memory, turns, patience);
        LimitsConfiguration limits = configuration.limits();
        this.reader = new BodyReader(readLimits(), limits.bundle(), limits.entries());
        SearchMade made = inForce.made();
        SearchParser parser = new SearchParser(searchable, made.zone(), made.ownBases(), limits(configuration))
                .calling(configuration.search().sameSystems());
        ResourceStore checked = made.ofResources()
                ? new CheckedParameters(store, searchable, patience, parts.search()::lookForChange)
                : store;
        OfferSubscriptions subscriptions = parts.subscriptions();
        this.whole = subscriptions == null ? checked : subscriptions.accepting(checked, parser, types, configuration);
        this.terminology =
                new StoredTerminology(whole, searchable, configuration.search().maximumExpansion());
        this.queries = new QueryReader(parser, terminology);
        this.readCriteria = new ReadCriteria(queries, whole::incompleteTypes, patience);
    }

    private ReadLimits readLimits() {
        return new ReadLimits(
                configuration.limits().body(), configuration.limits().depth());
    }

    private static SearchLimits limits(ServerConfiguration configuration) {
        return new SearchLimits(
                configuration.search().defaultCount(),
                configuration.search().maximumCount(),
                configuration.search().maximumParameters(),
                configuration.search().maximumValues(),
                SearchLimits.defaults().maximumLength());
    }

    /** All of them, on the server's store. */
    PresentInteractions.Made all(CapabilitiesInteraction capabilities) {
        Interactions interactions = on(whole, parts.search().reading(inForce));
        return new PresentInteractions.Made(inForce, configuration, interactions, bundles(interactions, capabilities));
    }

    /**
     * Those on a store.
     *
     * @param reads the same for what writes nothing, and nothing is written by
     */
    private Interactions on(ResourceStore store, ResourceStore reads) {
        WriteInteraction write = new WriteInteraction(store, reader, room);
        FindMatches findMatches = new FindMatches(store);
        NeverCopied neverCopied = new NeverCopied(reads);
        FindByIdentifier findByIdentifier =
                new FindByIdentifier(reads, queries, configuration.search().sameSystems(), room);
        ReadInteraction read =
                new ReadInteraction(reads, room, neverCopied, new FindSuccessor(reads, findByIdentifier, patience));
        ChangeCurrent changeCurrent = new ChangeCurrent(store, patience);
        PatchInteraction patch = new PatchInteraction(changeCurrent, reader, write, room);
        return new Interactions(
                read,
                write,
                new ConditionalWriteInteraction(store, reader, write, readCriteria, findMatches, room),
                patch,
                new MetaInteraction(reads, types, read, reader, inForce.made().zone(), configuration.search(), room),
                new ChangeMetaInteraction(changeCurrent, reader, room),
                new ValidateInteraction(store, read, reader, validation, room),
                new ConditionalPatchInteraction(store, reader, write, patch, readCriteria, findMatches, room),
                new DeleteInteraction(store, room),
                new ConditionalDeleteInteraction(
                        store, readCriteria, findMatches, configuration.fhir().mostDeleted(), room),
                new SearchInteraction(
                        reads, queries, compartments, parts.pageTokens(), meaning, configuration.search(), room),
                new SystemSearchInteraction(
                        reads,
                        queries,
                        new SearchedTypes(types, compartments),
                        compartments,
                        parts.pageTokens(),
                        meaning,
                        configuration.search(),
                        room),
                new EverythingInteraction(
                        reads,
                        inForce.made().registry(),
                        reader,
                        queries,
                        new RelatedResources(types, compartments, queries.parser()),
                        parts.pageTokens(),
                        meaning,
                        inForce.made().zone(),
                        configuration.search(),
                        room),
                new ByIdentifierInteraction(
                        findByIdentifier, neverCopied, configuration.search().deadline()),
                new CodeInteraction(reads, terminology, reader, configuration.search(), room),
                new FillDisplays(
                        terminology,
                        types.contains("CodeSystem"),
                        configuration.fhir().display(),
                        patience),
                new DirectorySearchInteraction(
                        reads, searchable, reader, queries, parts.pageTokens(), meaning, configuration.search(), room),
                new HistoryInteraction(
                        reads, types, parts.pageTokens(), inForce.made().zone(), configuration.search(), room),
                new SeenInteraction(reads, neverCopied, inForce.made().zone(), configuration.search(), room),
                new RunViewInteraction(
                        reads,
                        types,
                        new ReadViewQuestion(
                                new ResourceReader(Structures.r4(), readLimits()),
                                new ReadView(inForce.made().ownBases())),
                        queries,
                        configuration,
                        memory,
                        turns),
                new EraseInteraction(store, reader, room));
    }

    /** Batches are answered by these interactions, transactions by others of the same kind. */
    private BundleInteraction bundles(Interactions interactions, CapabilitiesInteraction capabilities) {
        Router router = new Router(types, Structures.r4().resourceTypes());
        AnswerEntry answerEntry = new AnswerEntry(new EntryRoutes(router), capabilities, room);
        return new BundleInteraction(
                reader,
                new AnswerBatch(
                        answerEntry,
                        reader,
                        whole,
                        interactions,
                        configuration.limits().batch()),
                new AnswerTransaction(
                        answerEntry,
                        reader,
                        whole,
                        within -> on(within, within),
                        readCriteria,
                        configuration.fhir().mostDeleted(),
                        patience),
                room,
                configuration.limits().entries());
    }
}
