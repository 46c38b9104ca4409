package miroir.server.metadata;

import static org.assertj.core.api.Assertions.assertThat;

import ca.uhn.fhir.context.FhirContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import miroir.index.generated.GeneratedFile;
import miroir.index.registry.ConfigurationText;
import miroir.index.registry.RegistryLoader;
import miroir.index.search.Handling;
import org.hl7.fhir.r4.model.CapabilityStatement;
import org.hl7.fhir.r4.model.CapabilityStatement.CapabilityStatementRestResourceComponent;
import org.hl7.fhir.r4.model.CapabilityStatement.CapabilityStatementRestResourceSearchParamComponent;
import org.hl7.fhir.r4.model.CapabilityStatement.ConditionalDeleteStatus;
import org.hl7.fhir.r4.model.StringType;
import org.junit.jupiter.api.Test;

class CapabilitiesTest {
    private static final Set<String> DIRECTORY = new LinkedHashSet<>(
            List.of("Practitioner", "PractitionerRole", "Organization", "HealthcareService", "Device"));
    private static final Offer OFFER = new Offer(
            Set.of(
                    "read",
                    "vread",
                    "create",
                    "update",
                    "patch",
                    "delete",
                    "search-type",
                    "history-instance",
                    "history-type",
                    "history-system",
                    "batch",
                    "transaction",
                    "search-system",
                    "search-compartment",
                    "erase",
                    "everything",
                    "directory-search",
                    "meta",
                    "meta-add",
                    "meta-delete",
                    "validate",
                    "capabilities",
                    "conditional-create",
                    "conditional-update",
                    "conditional-delete"),
            Map.of(),
            false,
            false,
            "Reading is open; writing needs a token: Authorization: Bearer …",
            "1.2.3",
            "http://localhost:8080/fhir",
            Instant.parse("2024-06-15T12:00:00Z"));

    private static CapabilityStatement statement(Set<String> types) {
        return Capabilities.of(RegistryLoader.load(types, List.of()), OFFER);
    }

    private static List<ConfigurationText> shippedConfiguration() throws IOException {
        Path folder = Path.of(System.getProperty("miroir.root", "..")).resolve("conf/search");
        List<ConfigurationText> texts = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.sorted().toList()) {
                if (file.toString().endsWith(".yaml")) {
                    texts.add(new ConfigurationText(file.toString(), Files.readString(file)));
                }
            }
        }
        return texts;
    }

    private static CapabilityStatementRestResourceComponent only(String type) {
        return statement(Set.of(type)).getRestFirstRep().getResourceFirstRep();
    }

    @Test
    void of_directoryTypes_isTheGoldenFile() throws IOException {
        CapabilityStatement statement = Capabilities.of(RegistryLoader.load(DIRECTORY, shippedConfiguration()), OFFER);
        String json =
                FhirContext.forR4Cached().newJsonParser().setPrettyPrint(true).encodeResourceToString(statement);

        GeneratedFile.at("server/src/test/resources/miroir/server/metadata/capabilities-directory.json")
                .assertIs(json + "\n");
    }

    @Test
    void of_onlyWhatIsOfferedIsAdvertised() {
        CapabilityStatementRestResourceComponent resource = only("Observation");

        assertThat(resource.getInteraction())
                .extracting(interaction -> interaction.getCode().toCode())
                .containsExactly(
                        "read",
                        "vread",
                        "update",
                        "patch",
                        "delete",
                        "history-instance",
                        "history-type",
                        "create",
                        "search-type");
        assertThat(resource.getSearchParam())
                .extracting(CapabilityStatementRestResourceSearchParamComponent::getName)
                .contains("_id", "_lastUpdated", "code", "date", "subject", "value-quantity", "code-value-quantity")
                .doesNotContain("_text", "_has");
        assertThat(resource.getSearchInclude()).extracting(StringType::getValue).contains("*", "Observation:subject");
        assertThat(resource.getSearchRevInclude())
                .extracting(StringType::getValue)
                .contains("Observation:has-member");
        assertThat(resource.getReadHistory()).isTrue();
        assertThat(resource.getConditionalCreate()).isTrue();
        assertThat(resource.getConditionalUpdate()).isTrue();
        assertThat(resource.getConditionalDelete()).isEqualTo(ConditionalDeleteStatus.SINGLE);
    }

    @Test
    void of_withoutSearchThereAreNoParameters() {
        Offer readOnly = new Offer(Set.of("read"), Map.of(), false, false, "open", "1", "http://x", Instant.EPOCH);

        CapabilityStatementRestResourceComponent resource = Capabilities.of(
                        RegistryLoader.load(Set.of("Patient"), List.of()), readOnly)
                .getRestFirstRep()
                .getResourceFirstRep();

        assertThat(resource.getSearchParam()).isEmpty();
        assertThat(resource.getUpdateCreate()).isFalse();
        assertThat(resource.getConditionalCreate()).isFalse();
        assertThat(resource.getConditionalDelete()).isEqualTo(ConditionalDeleteStatus.NOTSUPPORTED);
        assertThat(resource.getInteraction()).hasSize(1);
        assertThat(resource.getReadHistory()).isFalse();
        assertThat(resource.getOperation()).isEmpty();
    }

    @Test
    void of_whereSeveralMayBeDeleted_saysSo() {
        Offer several = new Offer(
                Set.of("delete", "conditional-delete"), Map.of(), true, true, "open", "1", "http://x", Instant.EPOCH);

        assertThat(Capabilities.of(RegistryLoader.load(Set.of("Patient"), List.of()), several)
                        .getRestFirstRep()
                        .getResourceFirstRep()
                        .getConditionalDelete())
                .isEqualTo(ConditionalDeleteStatus.MULTIPLE);
    }

    @Test
    void of_lenientServer_saysWhatItDoesWithUnknownParameters() {
        Offer lenient = new Offer(
                Set.of("read", "search-type"),
                Map.of(),
                Map.of(),
                false,
                false,
                Handling.LENIENT,
                false,
                "open",
                null,
                "1",
                "http://x",
                Instant.EPOCH);

        assertThat(documentation(lenient)).contains("unless the client sends Prefer: handling=strict");
        assertThat(documentation(OFFER)).contains("where the client sends Prefer: handling=lenient");
    }

    private static String documentation(Offer offer) {
        return Capabilities.of(RegistryLoader.load(Set.of("Patient"), List.of()), offer)
                .getRestFirstRep()
                .getDocumentation();
    }

    /** What compares the spelling is not what FHIR defines as phonetic. */
    @Test
    void of_phonetic_claimsNoDefinitionOfFhir() {
        Set<String> types =
                Set.of("Patient", "Person", "Practitioner", "RelatedPerson", "InsurancePlan", "Organization");

        assertThat(statement(types).getRestFirstRep().getResource())
                .flatExtracting(CapabilityStatementRestResourceComponent::getSearchParam)
                .filteredOn(parameter -> parameter.getName().equals("phonetic"))
                .hasSize(types.size())
                .allSatisfy(parameter -> assertThat(parameter.hasDefinition()).isFalse());
    }

    @Test
    void of_ourOwnOperations_areDefinedInTheStatement() {
        CapabilityStatement statement = statement(Set.of("Organization"));

        assertThat(statement.getRestFirstRep().getResourceFirstRep().getOperation())
                .extracting(operation -> operation.getName() + " " + operation.getDefinition())
                .containsExactly(
                        "erase #erase",
                        "everything #everything",
                        "meta http://hl7.org/fhir/OperationDefinition/Resource-meta",
                        "meta-add http://hl7.org/fhir/OperationDefinition/Resource-meta-add",
                        "meta-delete http://hl7.org/fhir/OperationDefinition/Resource-meta-delete",
                        "validate http://hl7.org/fhir/OperationDefinition/Resource-validate");
        assertThat(statement.getContained())
                .extracting(contained -> contained.getIdElement().getIdPart())
                .containsExactly("erase", "everything");
        assertThat(statement.getRestFirstRep().getInteraction())
                .extracting(interaction -> interaction.getCode().toCode())
                .containsExactly("transaction", "batch", "search-system", "history-system");
    }

    @Test
    void of_directory_offersItsSearch_unlessOneOfItsTypesIsDenied() {
        Set<String> types = Set.of("Organization", "Practitioner", "PractitionerRole");
        assertThat(statement(types).getRestFirstRep().getOperation())
                .extracting(operation -> operation.getName() + " " + operation.getDefinition())
                .containsExactly(
                        "meta http://hl7.org/fhir/OperationDefinition/Resource-meta",
                        "directory-search #directory-search");

        Offer denied = new Offer(
                Set.of("read", "directory-search"),
                Map.of("Organization", Set.of("directory-search")),
                false,
                false,
                "some",
                "1",
                "http://x",
                Instant.EPOCH);
        assertThat(Capabilities.of(RegistryLoader.load(types, List.of()), denied)
                        .getRestFirstRep()
                        .getOperation())
                .isEmpty();
    }

    @Test
    void of_patients_sayWhatIsOtherThanInTheSpecification() {
        CapabilityStatement statement = statement(Set.of("Patient"));

        assertThat(statement.getRestFirstRep().getResourceFirstRep().getOperation())
                .extracting(operation -> operation.getName() + " " + operation.getDefinition())
                .containsExactly(
                        "erase #erase",
                        "everything #everything-of-patients",
                        "meta http://hl7.org/fhir/OperationDefinition/Resource-meta",
                        "meta-add http://hl7.org/fhir/OperationDefinition/Resource-meta-add",
                        "meta-delete http://hl7.org/fhir/OperationDefinition/Resource-meta-delete",
                        "validate http://hl7.org/fhir/OperationDefinition/Resource-validate");
        assertThat(statement.getRestFirstRep().getOperation())
                .extracting(operation -> operation.getName())
                .containsExactly("meta");
        assertThat(statement.getContained()).hasSize(2);
        assertThat(statement.getRestFirstRep().getInteraction())
                .extracting(interaction -> interaction.getCode().toCode())
                .containsExactly("transaction", "batch", "search-system", "history-system");
        assertThat(statement.getRestFirstRep().getCompartment())
                .extracting(compartment -> compartment.getValue())
                .containsExactly("http://hl7.org/fhir/CompartmentDefinition/patient");
    }

    @Test
    void of_modifiersThatNeedValueSets_areThereWhereThoseAreServed() {
        assertThat(documentation("Patient", "gender")).doesNotContain(":in");
        assertThat(Capabilities.of(RegistryLoader.load(Set.of("CodeSystem", "Patient", "ValueSet"), List.of()), OFFER)
                        .getRestFirstRep()
                        .getResource())
                .filteredOn(resource -> resource.getType().equals("Patient"))
                .flatExtracting(CapabilityStatementRestResourceComponent::getSearchParam)
                .filteredOn(
                        parameter -> parameter.getDocumentation().contains(":missing, :in, :not-in, :above, :below"))
                .extracting(CapabilityStatementRestResourceSearchParamComponent::getName)
                .contains("gender")
                .doesNotContain("identifier", "active", "birthdate");
    }

    @Test
    void of_documentationTellsModifiersPrefixesAndMissingIndexes() {
        assertThat(documentation("Patient", "birthdate"))
                .contains("Modifiers: :missing.", "Prefixes: eq, ne, gt, ge, lt, le, sa, eb, ap.", "Not indexed");
        assertThat(documentation("Patient", "identifier")).contains(":not, :of-type, :missing");
        assertThat(documentation("Patient", "organization")).contains(":identifier, :missing, :Organization");
        assertThat(documentation("Patient", "_lastUpdated")).doesNotContain("Not indexed");
    }

    private static String documentation(String type, String code) {
        return only(type).getSearchParam().stream()
                .filter(parameter -> parameter.getName().equals(code))
                .findFirst()
                .orElseThrow()
                .getDocumentation();
    }
}
