package miroir.server.fhir;

import ca.uhn.fhir.context.FhirContext;
import java.time.Duration;
import java.util.Set;
import miroir.index.json.ReadLimits;
import miroir.index.search.SearchLimits;
import miroir.index.search.SearchParser;
import miroir.index.store.ResourceStore;
import miroir.index.structure.Structures;
import miroir.index.terminology.StoredTerminology;
import miroir.server.configuration.ServerConfiguration;
import miroir.server.pipeline.EntryRoutes;
import miroir.server.pipeline.WorkingMemory;
import miroir.server.routing.Router;
import miroir.server.validation.Validation;

/** Makes the interactions on a store: that of the server, or what of it a transaction sees. */
final class MakeInteractions {
    private final ServerConfiguration configuration;
    private final FhirParts parts;
    private final Room room;
    private final BodyReader reader;
    private final QueryReader queries;
    private final Compartments compartments;
    private final ReadCriteria readCriteria;
    private final Duration patience;
    private final Validation validation;

    MakeInteractions(
            FhirContext context,
            ServerConfiguration configuration,
            FhirParts parts,
            WorkingMemory memory,
            Validation validation) {
        this.validation = validation;
        this.compartments = new Compartments(context, parts.registry());
        this.configuration = configuration;
        this.parts = parts;
        this.patience = configuration.database().operationTimeout();
        this.room = new Room(memory, patience);
        this.reader = new BodyReader(new ReadLimits(
                configuration.limits().body(), configuration.limits().depth()));
        SearchParser parser = new SearchParser(
                parts.registry(), configuration.fhir().zone(), ownBases(configuration), limits(configuration));
        this.queries = new QueryReader(
                parser,
                new StoredTerminology(
                        parts.store(), parts.registry(), configuration.search().maximumExpansion()));
        this.readCriteria = new ReadCriteria(queries, patience);
    }

    private static SearchLimits limits(ServerConfiguration configuration) {
        return new SearchLimits(
                configuration.search().defaultCount(),
                configuration.search().maximumCount(),
                configuration.search().maximumParameters(),
                configuration.search().maximumValues(),
                SearchLimits.defaults().maximumLength());
    }

    private static Set<String> ownBases(ServerConfiguration configuration) {
        return configuration.listen().publicBase().map(Set::of).orElse(Set.of());
    }

    Interactions on(ResourceStore store) {
        WriteInteraction write = new WriteInteraction(store, reader, room);
        FindMatches findMatches = new FindMatches(store);
        ReadInteraction read = new ReadInteraction(store, room);
        ChangeCurrent changeCurrent = new ChangeCurrent(store, patience);
        PatchInteraction patch = new PatchInteraction(changeCurrent, reader, write, room);
        return new Interactions(
                read,
                write,
                new ConditionalWriteInteraction(store, reader, write, readCriteria, findMatches, room),
                patch,
                new MetaInteraction(
                        store,
                        parts.registry().types(),
                        read,
                        reader,
                        configuration.fhir().zone(),
                        configuration.search(),
                        room),
                new ChangeMetaInteraction(changeCurrent, reader, room),
                new ValidateInteraction(store, read, reader, validation, room),
                new ConditionalPatchInteraction(store, reader, write, patch, readCriteria, findMatches, room),
                new DeleteInteraction(store, room),
                new ConditionalDeleteInteraction(
                        store, readCriteria, findMatches, configuration.fhir().mostDeleted(), room),
                new SearchInteraction(
                        store,
                        queries,
                        compartments,
                        parts.pageTokens(),
                        parts.generation(),
                        configuration.search(),
                        room),
                new SystemSearchInteraction(
                        store,
                        queries,
                        new SearchedTypes(parts.registry(), compartments),
                        compartments,
                        parts.pageTokens(),
                        parts.generation(),
                        configuration.search(),
                        room),
                new EverythingInteraction(
                        store,
                        parts.registry(),
                        reader,
                        queries,
                        new RelatedResources(parts.registry(), compartments, queries.parser()),
                        parts.pageTokens(),
                        parts.generation(),
                        configuration.fhir().zone(),
                        configuration.search(),
                        room),
                new HistoryInteraction(
                        store,
                        parts.registry().types(),
                        parts.pageTokens(),
                        configuration.fhir().zone(),
                        configuration.search(),
                        room),
                new EraseInteraction(store, reader, room));
    }

    /** Batches are answered by these interactions, transactions by others of the same kind. */
    BundleInteraction bundles(Interactions interactions, CapabilitiesInteraction capabilities) {
        ResourceStore store = parts.store();
        Router router = new Router(parts.registry().types(), Structures.r4().resourceTypes());
        AnswerEntry answerEntry = new AnswerEntry(new EntryRoutes(router), capabilities);
        return new BundleInteraction(
                reader,
                new AnswerBatch(
                        answerEntry,
                        reader,
                        store,
                        interactions,
                        configuration.limits().batch()),
                new AnswerTransaction(
                        answerEntry,
                        reader,
                        store,
                        this::on,
                        readCriteria,
                        configuration.fhir().mostDeleted(),
                        patience),
                room,
                configuration.limits().entries());
    }
}
