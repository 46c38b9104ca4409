package miroir.server.fhir;

import ca.uhn.fhir.context.FhirContext;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import miroir.index.structure.Structures;
import miroir.server.configuration.PresentConfiguration;
import miroir.server.configuration.ServerConfiguration;
import miroir.server.configuration.SubscriptionsConfiguration;
import miroir.server.metadata.SmartSecurity;
import miroir.server.pipeline.EntryRoutes;
import miroir.server.pipeline.Turns;
import miroir.server.pipeline.WorkingMemory;
import miroir.server.routing.Router;
import miroir.server.validation.DefinitionsInStore;
import miroir.server.validation.StoredDefinitions;
import miroir.server.validation.Validation;
import miroir.storage.views.StoredViews;
import org.hl7.fhir.instance.model.api.IBaseResource;

/** Puts the FHIR side together. */
public final class FhirServlets {
    private FhirServlets() {}

    /**
     * What answers FHIR, by the same interactions.
     *
     * @param servlet below the FHIR base
     * @param follow who follows histories there
     * @param fhir for pages that show resources
     * @param directory for the page that shows people
     */
    public record Served(FhirServlet servlet, FollowStreams follow, AskFhir fhir, AskDirectory directory) {}

    /**
     * What answers FHIR.
     *
     * @param smart who issues tokens with scopes of SMART, as far as that is known when it is asked
     */
    public static Served create(
            PresentConfiguration configuration,
            FhirParts parts,
            StoredViews views,
            WorkingMemory memory,
            Turns turns,
            Supplier<Optional<SmartSecurity>> smart,
            boolean ordinaryPath) {
        FhirContext context = FhirContext.forR4();
        Handover handover = ordinaryPath ? new Handover.Models(context, false) : new Handover.Bytes();
        Validation validation = validation(configuration.get(), parts, memory);
        CapabilitiesInteraction capabilities =
                new CapabilitiesInteraction(context, parts, configuration, validation, true, smart);
        PresentInteractions interactions =
                interactions(context, configuration, parts, memory, turns, validation, capabilities);
        EntryRoutes routes =
                new EntryRoutes(new Router(parts.types(), Structures.r4().resourceTypes()));
        Duration patience = configuration.get().search().deadline();
        AskFhir ask = new AskFhir(interactions, routes, patience);
        SubscriptionsConfiguration following = configuration.get().subscriptions();
        FollowStreams follow =
                new FollowStreams(ask, parts.store(), parts.types(), following.streams(), following.poll());
        FhirServlet servlet = new FhirServlet(
                context,
                providers(context, parts, interactions, handover),
                capabilities,
                new AnswerHooks(context),
                follow,
                new AnswerViews(interactions, views));
        return new Served(servlet, follow, ask, new AskDirectory(interactions, parts.types(), patience));
    }

    /** One provider per type, and one for all types, with an account of memory and turns of their own. */
    static List<Object> providers(
            FhirContext context, ServerConfiguration asItStays, FhirParts parts, Handover handover) {
        PresentConfiguration configuration = new PresentConfiguration(asItStays);
        WorkingMemory memory = WorkingMemory.ofThisHeap();
        Validation validation = validation(asItStays, parts, memory);
        CapabilitiesInteraction capabilities =
                new CapabilitiesInteraction(context, parts, configuration, validation, false, Optional::empty);
        Turns turns = Turns.of(asItStays.limits().inContainer());
        return providers(
                context,
                parts,
                interactions(context, configuration, parts, memory, turns, validation, capabilities),
                handover);
    }

    private static Validation validation(ServerConfiguration configuration, FhirParts parts, WorkingMemory memory) {
        StoredDefinitions stored = DefinitionsInStore.in(
                parts.search()::inForce,
                parts.search()::store,
                configuration.database().operationTimeout());
        return new Validation(configuration.validation(), memory, stored);
    }

    private static PresentInteractions interactions(
            FhirContext context,
            PresentConfiguration configuration,
            FhirParts parts,
            WorkingMemory memory,
            Turns turns,
            Validation validation,
            CapabilitiesInteraction capabilities) {
        return new PresentInteractions(
                parts.search()::inForce,
                configuration,
                (inForce, configured) -> new MakeInteractions(
                                context, configured, parts, inForce, memory, turns, validation)
                        .all(capabilities));
    }

    private static List<Object> providers(
            FhirContext context, FhirParts parts, PresentInteractions interactions, Handover handover) {
        Handover labelled = new Handover.Labelled(
                handover,
                (request, interaction) -> interactions.take().displays().around(request, interaction));
        List<Object> providers = new ArrayList<>(List.of(new SystemProvider(interactions, labelled)));
        for (String type : parts.types()) {
            Class<? extends IBaseResource> model =
                    context.getResourceDefinition(type).getImplementingClass();
            providers.add(new TypeProvider(model, interactions, labelled));
            providers.add(new MetaProvider(model, interactions, labelled));
            providers.add(new ValidateProvider(model, interactions, labelled));
            providers.add(new ByIdentifierProvider(model, interactions, labelled));
            providers.add(new SeenProvider(model, interactions, labelled));
            if (Router.EVERYTHING.contains(type)) {
                providers.add(new EverythingProvider(model, interactions, labelled));
            }
            if (type.equals("CodeSystem")) {
                providers.add(new CodeSystemProvider(interactions, labelled));
            }
            if (type.equals("ValueSet")) {
                providers.add(new ValueSetProvider(interactions, labelled));
            }
        }
        return providers;
    }
}
