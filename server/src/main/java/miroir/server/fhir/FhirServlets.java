package miroir.server.fhir;

import ca.uhn.fhir.context.FhirContext;
import java.util.List;
import java.util.Set;
import miroir.index.json.ReadLimits;
import miroir.index.json.ResourceReader;
import miroir.index.search.SearchLimits;
import miroir.index.search.SearchParser;
import miroir.index.store.ResourceStore;
import miroir.index.structure.Structures;
import miroir.server.configuration.ServerConfiguration;

/** Puts the FHIR side together. */
public final class FhirServlets {
    private FhirServlets() {}

    /** The servlet that answers below the FHIR base. */
    public static FhirServlet create(ServerConfiguration configuration, FhirParts parts, boolean ordinaryPath) {
        FhirContext context = FhirContext.forR4();
        CapabilitiesInteraction capabilities = new CapabilitiesInteraction(context, parts, configuration.access());
        return new FhirServlet(
                context,
                providers(context, configuration, parts),
                capabilities,
                new AnswerHooks(context, ordinaryPath));
    }

    /** One provider per type. They can be registered in any HAPI server together with {@link AnswerHooks}. */
    public static List<TypeProvider> providers(
            FhirContext context, ServerConfiguration configuration, FhirParts parts) {
        Interactions interactions = interactions(configuration, parts);
        return parts.registry().types().stream()
                .map(type ->
                        new TypeProvider(context.getResourceDefinition(type).getImplementingClass(), interactions))
                .toList();
    }

    private static Interactions interactions(ServerConfiguration configuration, FhirParts parts) {
        ResourceStore store = parts.store();
        ReadLimits limits = new ReadLimits(
                configuration.limits().body(), configuration.limits().depth());
        SearchLimits standard = SearchLimits.defaults();
        SearchLimits searchLimits = new SearchLimits(
                configuration.search().defaultCount(),
                configuration.search().maximumCount(),
                standard.maximumParameters(),
                standard.maximumValues(),
                standard.maximumLength());
        SearchParser parser =
                new SearchParser(parts.registry(), configuration.fhir().zone(), ownBases(configuration), searchLimits);
        return new Interactions(
                new ReadInteraction(store),
                new WriteInteraction(store, new ResourceReader(Structures.r4(), limits)),
                new DeleteInteraction(store),
                new SearchInteraction(store, parser, parts.pageTokens(), parts.generation(), configuration.search()));
    }

    private static Set<String> ownBases(ServerConfiguration configuration) {
        return configuration.listen().publicBase().map(Set::of).orElse(Set.of());
    }
}
