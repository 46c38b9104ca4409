package miroir.server.metadata;

import java.util.List;
import java.util.Set;
import org.hl7.fhir.r4.model.CapabilityStatement.CapabilityStatementRestResourceComponent;
import org.hl7.fhir.r4.model.Enumerations.PublicationStatus;
import org.hl7.fhir.r4.model.OperationDefinition;
import org.hl7.fhir.r4.model.OperationDefinition.OperationKind;
import org.hl7.fhir.r4.model.OperationDefinition.OperationParameterUse;

/** Describes {@code $everything}: R4 defines it for patients, and the statement contains the definition of what the directory has. */
final class EverythingOperation {
    private static final String ID = "everything";
    private static final String OF_PATIENTS = "http://hl7.org/fhir/OperationDefinition/Patient-everything";
    private static final List<String> OF_THE_DIRECTORY = List.of("Organization", "Practitioner");

    private EverythingOperation() {}

    static void addTo(CapabilityStatementRestResourceComponent resource) {
        if (resource.getType().equals("Patient")) {
            resource.addOperation().setName(ID).setDefinition(OF_PATIENTS);
        } else if (OF_THE_DIRECTORY.contains(resource.getType())) {
            resource.addOperation().setName(ID).setDefinition("#" + ID);
        }
    }

    /** Whether one of the types needs the definition. */
    static boolean isOf(Set<String> types) {
        return OF_THE_DIRECTORY.stream().anyMatch(types::contains);
    }

    static OperationDefinition definition() {
        OperationDefinition definition = new OperationDefinition();
        definition.setId(ID);
        definition.setName("Everything");
        definition.setStatus(PublicationStatus.ACTIVE);
        definition.setKind(OperationKind.OPERATION);
        definition.setAffectsState(false);
        definition.setDescription(
                "A practitioner with roles, and the organizations, places, services and devices of these;"
                        + " or an organization with what it is part of, its parts, places, services, roles, practitioners,"
                        + " devices and endpoints. In pages.");
        definition.setCode(ID);
        OF_THE_DIRECTORY.forEach(definition::addResource);
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
