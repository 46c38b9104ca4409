package miroir.server.metadata;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.hl7.fhir.r4.model.CapabilityStatement.CapabilityStatementRestResourceComponent;
import org.hl7.fhir.r4.model.Enumerations.PublicationStatus;
import org.hl7.fhir.r4.model.OperationDefinition;
import org.hl7.fhir.r4.model.OperationDefinition.OperationKind;
import org.hl7.fhir.r4.model.OperationDefinition.OperationParameterUse;

/**
 * Describes {@code $everything} by definitions that the statement contains: that of R4 for patients is about all of them as well, and answers
 * with what their compartments refer to.
 */
final class EverythingOperation {
    private static final String ID = "everything";
    private static final String ID_OF_PATIENTS = "everything-of-patients";
    private static final List<String> OF_THE_DIRECTORY = List.of("Organization", "Practitioner");

    private EverythingOperation() {}

    static void addTo(CapabilityStatementRestResourceComponent resource) {
        if (resource.getType().equals("Patient")) {
            resource.addOperation().setName(ID).setDefinition("#" + ID_OF_PATIENTS);
        } else if (OF_THE_DIRECTORY.contains(resource.getType())) {
            resource.addOperation().setName(ID).setDefinition("#" + ID);
        }
    }

    /** Those that the types need. */
    static List<OperationDefinition> definitions(Set<String> types) {
        List<OperationDefinition> definitions = new ArrayList<>();
        if (OF_THE_DIRECTORY.stream().anyMatch(types::contains)) {
            definitions.add(definition(
                    ID,
                    OF_THE_DIRECTORY,
                    "A practitioner with roles, and the organizations, places, services and devices of these;"
                            + " or an organization with what it is part of, its parts, places, services, roles,"
                            + " practitioners, devices and endpoints. In pages."));
        }
        if (types.contains("Patient")) {
            OperationDefinition ofPatients = definition(
                    ID_OF_PATIENTS,
                    List.of("Patient"),
                    "A patient with all resources of the compartment. Of one patient, and in pages.");
            definitions.add(ofPatients);
            addIn(ofPatients, "start", "1", "date", "Only what has a clinical date at or after this, or none.");
            addIn(ofPatients, "end", "1", "date", "Only what has a clinical date at or before this, or none.");
        }
        return definitions;
    }

    private static OperationDefinition definition(String id, List<String> types, String description) {
        OperationDefinition definition = new OperationDefinition();
        definition.setId(id);
        definition.setName("Everything");
        definition.setStatus(PublicationStatus.ACTIVE);
        definition.setKind(OperationKind.OPERATION);
        definition.setAffectsState(false);
        definition.setDescription(description);
        definition.setCode(ID);
        types.forEach(definition::addResource);
        definition.setSystem(false);
        definition.setType(false);
        definition.setInstance(true);
        addIn(definition, "_since", "1", "instant", "Only what was updated at or after this, and the resource itself.");
        addIn(definition, "_type", "*", "code", "Only resources of these types.");
        addIn(definition, "_count", "1", "integer", "Most resources on a page.");
        definition
                .addParameter()
                .setName("return")
                .setUse(OperationParameterUse.OUT)
                .setMin(1)
                .setMax("1")
                .setDocumentation("A searchset, the resource itself first.")
                .setType("Bundle");
        return definition;
    }

    private static void addIn(OperationDefinition definition, String name, String most, String type, String text) {
        definition
                .addParameter()
                .setName(name)
                .setUse(OperationParameterUse.IN)
                .setMin(0)
                .setMax(most)
                .setDocumentation(text)
                .setType(type);
    }
}
