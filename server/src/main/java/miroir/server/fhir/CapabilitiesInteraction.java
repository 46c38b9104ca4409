package miroir.server.fhir;

import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.rest.annotation.Metadata;
import ca.uhn.fhir.rest.api.server.RequestDetails;
import ca.uhn.fhir.rest.server.RestfulServer;
import ca.uhn.fhir.rest.server.servlet.ServletRequestDetails;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import miroir.index.Refusal;
import miroir.index.search.QueryParameter;
import miroir.index.store.ResourceStore;
import miroir.server.access.Grants;
import miroir.server.configuration.AccessConfiguration;
import miroir.server.configuration.PresentConfiguration;
import miroir.server.configuration.ServerConfiguration;
import miroir.server.metadata.CapabilityDocument;
import miroir.server.metadata.CapabilityDocuments;
import miroir.server.metadata.Offer;
import miroir.server.metadata.ServerVersion;
import miroir.server.metadata.SmartSecurity;
import miroir.server.pipeline.Decide;
import miroir.server.pipeline.Step;
import miroir.server.routing.Interaction;
import miroir.server.validation.Validation;
import org.hl7.fhir.r4.model.CapabilityStatement;

/**
 * {@code GET [base]/metadata}. The pipeline keeps HAPI from answering it out of its own cache. HAPI's interface for this is not
 * implemented, because it brings a method that catches every read of an OperationDefinition.
 */
public final class CapabilitiesInteraction {
    private final CapabilityDocuments documents;
    private final Set<String> types;

    CapabilitiesInteraction(
            FhirContext context,
            FhirParts parts,
            PresentConfiguration present,
            Validation validation,
            boolean hasViews,
            Supplier<Optional<SmartSecurity>> smart) {
        types = parts.types();
        documents = new CapabilityDocuments(
                context,
                parts.search()::inForce,
                (base, denied) -> offer(present.get(), parts, validation, hasViews, smart, base, denied));
    }

    private static Offer offer(
            ServerConfiguration configuration,
            FhirParts parts,
            Validation validation,
            boolean hasViews,
            Supplier<Optional<SmartSecurity>> smart,
            String base,
            Map<String, Set<String>> denied) {
        ResourceStore store = parts.store();
        return new Offer(
                offered(store, validation, hasViews, parts.subscriptions() != null, parts.exports() != null),
                denied,
                store.copies(),
                configuration.fhir().mostDeleted() > 1,
                configuration.integrity().isWhole(),
                configuration.search().handling(),
                !configuration.access().origins().isEmpty(),
                sentence(configuration.access()),
                smart.get().orElse(null),
                ServerVersion.text(),
                base,
                ServerVersion.date());
    }

    @Metadata(cacheMillis = Integer.MAX_VALUE)
    public CapabilityStatement getServerConformance(HttpServletRequest request, RequestDetails details) {
        new Handover.Bytes().resource((ServletRequestDetails) details, this::answer);
        return new StubCapabilities();
    }

    /** HAPI calls it, by reflection; what is offered does not depend on what it finds in the providers. */
    public void setRestfulServer(RestfulServer server) {
        // Nothing is kept of it.
    }

    Answer answer(FhirRequest request) {
        for (QueryParameter parameter : request.query()) {
            if (parameter.name().equals("mode") && !parameter.value().equals("full")) {
                throw new Refusal(
                        Refusal.Reason.NOT_SUPPORTED, "mode=" + Refusal.shown(parameter.value()) + "; allowed: full");
            }
        }
        request.refuseParametersBut(List.of("mode"));
        CapabilityDocument document =
                documents.of(request.base(), denied(request.exchange().grants()));
        request.exchange().done(Step.PARSE);
        EntityTags known = request.tags("If-None-Match");
        Answer answer = known != null && known.name(document.digest())
                ? Answer.empty(304)
                : Answer.of(200, new Answer.Capabilities(document));
        return answer.with("ETag", "W/\"" + document.digest() + "\"");
    }

    private Map<String, Set<String>> denied(Grants grants) {
        return grants.isEverything()
                ? Map.of()
                : types.stream().collect(Collectors.toMap(type -> type, type -> denied(grants, type)));
    }

    private static Set<String> denied(Grants grants, String type) {
        return Arrays.stream(Interaction.values())
                .filter(interaction -> !Decide.isAllowed(grants, interaction, type))
                .map(Interaction::code)
                .collect(Collectors.toUnmodifiableSet());
    }

    private static Set<String> offered(
            ResourceStore store, Validation validation, boolean hasViews, boolean isDelivered, boolean isExported) {
        return Stream.concat(
                        Arrays.stream(Interaction.values())
                                .filter(Interaction::isOffered)
                                .filter(each -> each != Interaction.VALIDATE || validation.isOffered())
                                .filter(each -> !each.isOfExport() || isExported)
                                .filter(each -> each != Interaction.RUN_VIEW || hasViews)
                                .map(Interaction::code),
                        Stream.concat(
                                store.hasTransactions() ? Stream.of("transaction") : Stream.empty(),
                                isDelivered ? Stream.of(Offer.DELIVERY) : Stream.empty()))
                .collect(Collectors.toSet());
    }

    private static String sentence(AccessConfiguration access) {
        String reading = access.mode() == AccessConfiguration.Mode.OPEN
                ? "Everyone may read."
                : "Reading needs a token (Authorization: Bearer, or ESANTE-API-KEY).";
        return access.writable()
                ? reading + " Whoever is on the same machine may write."
                : reading + " Writing needs a token (Authorization: Bearer, or ESANTE-API-KEY).";
    }
}
