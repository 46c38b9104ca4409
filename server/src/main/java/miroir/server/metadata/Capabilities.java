package miroir.server.metadata;

import ca.uhn.fhir.model.api.TemporalPrecisionEnum;
import java.util.Date;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TimeZone;
import miroir.index.SearchParameter;
import miroir.index.SearchParameterRegistry;
import miroir.index.search.Handling;
import miroir.index.store.Copied;
import miroir.server.format.Format;
import miroir.server.format.PatchFormat;
import org.hl7.fhir.r4.model.CapabilityStatement;
import org.hl7.fhir.r4.model.CapabilityStatement.CapabilityStatementKind;
import org.hl7.fhir.r4.model.CapabilityStatement.CapabilityStatementRestComponent;
import org.hl7.fhir.r4.model.CapabilityStatement.CapabilityStatementRestResourceComponent;
import org.hl7.fhir.r4.model.CapabilityStatement.CapabilityStatementRestSecurityComponent;
import org.hl7.fhir.r4.model.CapabilityStatement.ConditionalDeleteStatus;
import org.hl7.fhir.r4.model.CapabilityStatement.ConditionalReadStatus;
import org.hl7.fhir.r4.model.CapabilityStatement.ReferenceHandlingPolicy;
import org.hl7.fhir.r4.model.CapabilityStatement.ResourceVersionPolicy;
import org.hl7.fhir.r4.model.CapabilityStatement.RestfulCapabilityMode;
import org.hl7.fhir.r4.model.CapabilityStatement.SystemRestfulInteraction;
import org.hl7.fhir.r4.model.CapabilityStatement.TypeRestfulInteraction;
import org.hl7.fhir.r4.model.DateTimeType;
import org.hl7.fhir.r4.model.Enumerations.FHIRVersion;
import org.hl7.fhir.r4.model.Enumerations.PublicationStatus;
import org.hl7.fhir.r4.model.Extension;
import org.hl7.fhir.r4.model.UriType;

/** Makes the CapabilityStatement. */
public final class Capabilities {
    /** Those that R4 lists per type, in its order. */
    private static final List<TypeRestfulInteraction> INTERACTIONS = List.of(
            TypeRestfulInteraction.READ,
            TypeRestfulInteraction.VREAD,
            TypeRestfulInteraction.UPDATE,
            TypeRestfulInteraction.PATCH,
            TypeRestfulInteraction.DELETE,
            TypeRestfulInteraction.HISTORYINSTANCE,
            TypeRestfulInteraction.HISTORYTYPE,
            TypeRestfulInteraction.CREATE,
            TypeRestfulInteraction.SEARCHTYPE);

    private static final List<SystemRestfulInteraction> SYSTEM_INTERACTIONS = List.of(
            SystemRestfulInteraction.TRANSACTION,
            SystemRestfulInteraction.BATCH,
            SystemRestfulInteraction.SEARCHSYSTEM,
            SystemRestfulInteraction.HISTORYSYSTEM);

    private static final List<String> COMPARTMENTS =
            List.of("Device", "Encounter", "Patient", "Practitioner", "RelatedPerson");

    private Capabilities() {}

    /** What the offer and the registry amount to where everything can be searched. */
    public static CapabilityStatement of(SearchParameterRegistry registry, Offer offer) {
        return of(registry, Set.of(), offer);
    }

    /**
     * What the offer and the registry amount to.
     *
     * @param pending the {@link #name}s of parameters that cannot be searched yet
     */
    static CapabilityStatement of(SearchParameterRegistry registry, Set<String> pending, Offer offer) {
        CapabilityStatement statement = new CapabilityStatement();
        statement.setUrl(offer.base() + "/metadata");
        statement.setVersion(offer.version());
        statement.setName("Miroir");
        statement.setTitle("Miroir FHIR server");
        statement.setStatus(PublicationStatus.ACTIVE);
        // In UTC: the same document, and so the same ETag, whatever the zone of the process.
        statement.setDateElement(
                new DateTimeType(Date.from(offer.date()), TemporalPrecisionEnum.SECOND, TimeZone.getTimeZone("UTC")));
        statement.setKind(CapabilityStatementKind.INSTANCE);
        statement.getSoftware().setName("Miroir").setVersion(offer.version());
        statement.getImplementation().setDescription("Miroir FHIR server").setUrl(offer.base());
        statement.setFhirVersion(FHIRVersion._4_0_1);
        for (Format format : Format.values()) {
            statement.addFormat(format.mediaType()).addFormat(format.shortName());
        }
        Offer anywhere = offer.onAnyOf(registry.types());
        if (anywhere.interactions().contains("patch")) {
            PatchFormat.accepted().forEach(statement::addPatchFormat);
        }
        if (anywhere.interactions().contains("erase")) {
            statement.addContained(EraseOperation.definition());
        }
        if (anywhere.interactions().contains("by-identifier")) {
            statement.addContained(ByIdentifierOperation.definition());
        }
        if (anywhere.interactions().contains("seen")) {
            statement.addContained(SeenOperation.definition());
        }
        if (anywhere.interactions().contains("everything")) {
            EverythingOperation.definitions(registry.types()).forEach(statement::addContained);
        }
        if (DirectoryRequirements.areMetBy(registry, offer)) {
            statement.addInstantiates(DirectoryRequirements.URL);
        }
        if (anywhere.interactions().contains(ExportOperation.NAME)) {
            statement.addInstantiates(ExportOperation.INSTANTIATES);
        }
        if (DirectorySearchOperation.isOffered(registry.types(), offer)) {
            statement.addContained(DirectorySearchOperation.definition());
        }
        addRest(statement.addRest(), registry, pending, offer);
        return statement;
    }

    /** How parameters that cannot be searched yet are told from others. */
    static String name(SearchParameter parameter) {
        return parameter.type() + "." + parameter.code();
    }

    private static void addRest(
            CapabilityStatementRestComponent rest, SearchParameterRegistry registry, Set<String> pending, Offer offer) {
        Offer anywhere = offer.onAnyOf(registry.types());
        rest.setMode(RestfulCapabilityMode.SERVER);
        rest.setDocumentation(documentation(offer.handling()));
        rest.getSecurity().setCors(offer.crossOrigin()).setDescription(offer.security());
        SmartSecurity smart = offer.smart();
        if (smart != null) {
            addSmart(rest.getSecurity(), smart);
        }
        registry.types().stream()
                .filter(type -> isOffered(offer.on(type)))
                .forEach(type -> addResource(rest.addResource(), type, registry, pending, offer.on(type)));
        SYSTEM_INTERACTIONS.stream()
                .filter(interaction -> anywhere.interactions().contains(interaction.toCode()))
                .forEach(interaction -> rest.addInteraction().setCode(interaction));
        StandardOperations.addTo(rest, anywhere);
        if (anywhere.interactions().contains(ExportOperation.NAME)) {
            ExportOperation.addTo(rest);
        }
        if (DirectorySearchOperation.isOffered(registry.types(), offer)) {
            DirectorySearchOperation.addTo(rest);
        }
        if (anywhere.interactions().contains("search-compartment")) {
            COMPARTMENTS.stream()
                    .filter(registry.types()::contains)
                    .forEach(type -> rest.addCompartment(
                            "http://hl7.org/fhir/CompartmentDefinition/" + type.toLowerCase(Locale.ROOT)));
        }
    }

    private static String documentation(Handling handling) {
        String unknown = handling == Handling.STRICT
                ? " Unknown parameters are left out of searches, and listed, where the client sends Prefer: handling=lenient."
                : " Unknown parameters are left out of searches, and listed, unless the client sends Prefer: handling=strict.";
        return "Whatever is not understood is refused by name with 400." + unknown
                + " Searches also take _count, _total,"
                + " _sort, _include, _revinclude, _summary, _elements, _format, _pretty and _display; reads the last five of them; histories these five, _count,"
                + " _since, _at and _sort=-_lastUpdated, which is their order, or of types _sort=_lastUpdated.";
    }

    private static void addSmart(CapabilityStatementRestSecurityComponent security, SmartSecurity smart) {
        security.addService()
                .addCoding()
                .setSystem("http://terminology.hl7.org/CodeSystem/restful-security-service")
                .setCode("SMART-on-FHIR");
        if (smart.token() != null) {
            Extension addresses = security.addExtension()
                    .setUrl("http://fhir-registry.smarthealthit.org/StructureDefinition/oauth-uris");
            addresses.addExtension("token", new UriType(smart.token()));
            if (smart.authorize() != null) {
                addresses.addExtension("authorize", new UriType(smart.authorize()));
            }
        }
    }

    /** Whether anything can be done with a type. */
    private static boolean isOffered(Offer ofType) {
        return INTERACTIONS.stream()
                .anyMatch(interaction -> ofType.interactions().contains(interaction.toCode()));
    }

    private static void addResource(
            CapabilityStatementRestResourceComponent resource,
            String type,
            SearchParameterRegistry registry,
            Set<String> pending,
            Offer offer) {
        resource.setType(type);
        resource.setProfile("http://hl7.org/fhir/StructureDefinition/" + type);
        INTERACTIONS.stream()
                .filter(interaction -> offer.interactions().contains(interaction.toCode()))
                .forEach(interaction -> resource.addInteraction().setCode(interaction));
        Copied copied = offer.copied().get(type);
        if (copied != null) {
            resource.setDocumentation(documentation(copied));
        } else if (type.equals("Subscription") && offer.interactions().contains(Offer.DELIVERY)) {
            resource.setDocumentation(ofSubscriptions(offer.interactions().contains("transaction")));
        }
        resource.setVersioning(ResourceVersionPolicy.VERSIONED);
        resource.setReadHistory(offer.interactions().contains("vread"));
        resource.setUpdateCreate(
                offer.interactions().contains("update") && offer.interactions().contains("create"));
        resource.setConditionalCreate(offer.interactions().contains("conditional-create"));
        resource.setConditionalRead(ConditionalReadStatus.FULLSUPPORT);
        resource.setConditionalUpdate(offer.interactions().contains("conditional-update"));
        resource.setConditionalDelete(conditionalDelete(offer));
        resource.addReferencePolicy(ReferenceHandlingPolicy.LITERAL);
        if (offer.enforcesReferences()) {
            resource.addReferencePolicy(ReferenceHandlingPolicy.ENFORCED);
        }
        if (offer.interactions().contains("search-type")) {
            SearchParameters.of(registry, pending, type).forEach(resource::addSearchParam);
            SearchParameters.includes(registry, type).forEach(resource::addSearchInclude);
            SearchParameters.reverseIncludes(registry, type).forEach(resource::addSearchRevInclude);
        }
        if (offer.interactions().contains("erase")) {
            EraseOperation.addTo(resource);
        }
        if (offer.interactions().contains("by-identifier") && registry.find(type, "identifier") != null) {
            ByIdentifierOperation.addTo(resource);
        }
        if (offer.interactions().contains("seen")) {
            SeenOperation.addTo(resource);
        }
        if (offer.interactions().contains("everything")) {
            EverythingOperation.addTo(resource);
        }
        StandardOperations.addTo(resource, offer);
    }

    private static String ofSubscriptions(boolean isReplicaSet) {
        return "Delivered by rest-hook, with the payload application/fhir+json or none: every change that meets the criteria, which are a search of this server, at least"
                + " once, and of each resource in order. "
                + (isReplicaSet
                        ? "The database says when something was changed (change streams)."
                        : "The database stands alone and does not say when something was changed, so that is looked for again and again; what is promised is the same.");
    }

    private static String documentation(Copied copied) {
        return copied.asOf() == null
                ? "Copied from its source, and never whole yet."
                : "Copied from its source, as of " + copied.asOf() + ".";
    }

    private static ConditionalDeleteStatus conditionalDelete(Offer offer) {
        if (!offer.interactions().contains("conditional-delete")) {
            return ConditionalDeleteStatus.NOTSUPPORTED;
        }
        return offer.deletesSeveral() ? ConditionalDeleteStatus.MULTIPLE : ConditionalDeleteStatus.SINGLE;
    }
}
