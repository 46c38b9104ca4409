package miroir.server.fhir;

import ca.uhn.fhir.context.FhirContext;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import miroir.index.json.ReadLimits;
import miroir.index.search.SearchLimits;
import miroir.index.search.SearchParser;
import miroir.index.store.ResourceStore;
import miroir.server.configuration.ServerConfiguration;
import miroir.server.pipeline.WorkingMemory;

/** Puts the FHIR side together. */
public final class FhirServlets {
    private FhirServlets() {}

    /** The servlet that answers below the FHIR base. */
    public static FhirServlet create(
            ServerConfiguration configuration, FhirParts parts, WorkingMemory memory, boolean ordinaryPath) {
        FhirContext context = FhirContext.forR4();
        Handover handover = ordinaryPath ? new Handover.Models(context, false) : new Handover.Bytes();
        return new FhirServlet(
                context,
                providers(context, parts, interactions(configuration, parts, memory), handover),
                new CapabilitiesInteraction(context, parts, configuration),
                new AnswerHooks(context));
    }

    /** One provider per type, and one for all types, with an account of memory of their own. */
    static List<Object> providers(
            FhirContext context, ServerConfiguration configuration, FhirParts parts, Handover handover) {
        return providers(context, parts, interactions(configuration, parts, WorkingMemory.ofThisHeap()), handover);
    }

    private static List<Object> providers(
            FhirContext context, FhirParts parts, Interactions interactions, Handover handover) {
        List<Object> providers = new ArrayList<>(List.of(new SystemProvider(interactions, handover)));
        for (String type : parts.registry().types()) {
            providers.add(new TypeProvider(
                    context.getResourceDefinition(type).getImplementingClass(), interactions, handover));
        }
        return providers;
    }

    private static Interactions interactions(ServerConfiguration configuration, FhirParts parts, WorkingMemory memory) {
        ResourceStore store = parts.store();
        ReadLimits limits = new ReadLimits(
                configuration.limits().body(), configuration.limits().depth());
        SearchLimits standard = SearchLimits.defaults();
        SearchLimits searchLimits = new SearchLimits(
                configuration.search().defaultCount(),
                configuration.search().maximumCount(),
                configuration.search().maximumParameters(),
                configuration.search().maximumValues(),
                standard.maximumLength());
        SearchParser parser =
                new SearchParser(parts.registry(), configuration.fhir().zone(), ownBases(configuration), searchLimits);
        BodyReader reader = new BodyReader(limits);
        Duration patience = configuration.database().operationTimeout();
        WriteInteraction write = new WriteInteraction(store, reader, memory, patience);
        ReadCriteria readCriteria = new ReadCriteria(parser, patience);
        FindMatches findMatches = new FindMatches(store);
        return new Interactions(
                new ReadInteraction(store, memory, patience),
                write,
                new ConditionalWriteInteraction(store, reader, write, readCriteria, findMatches, memory, patience),
                new PatchInteraction(store, reader, write, memory, patience),
                new DeleteInteraction(store, memory, patience),
                new ConditionalDeleteInteraction(
                        store, readCriteria, findMatches, configuration.fhir().mostDeleted(), memory, patience),
                new SearchInteraction(
                        store, parser, parts.pageTokens(), parts.generation(), configuration.search(), memory),
                new HistoryInteraction(
                        store,
                        parts.registry().types(),
                        parts.pageTokens(),
                        configuration.fhir().zone(),
                        configuration.search(),
                        memory),
                new EraseInteraction(store, reader, memory, patience));
    }

    private static Set<String> ownBases(ServerConfiguration configuration) {
        return configuration.listen().publicBase().map(Set::of).orElse(Set.of());
    }
}
