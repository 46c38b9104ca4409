package miroir.server.metadata;

import org.hl7.fhir.r4.model.CapabilityStatement.CapabilityStatementRestResourceComponent;
import org.hl7.fhir.r4.model.Enumerations.PublicationStatus;
import org.hl7.fhir.r4.model.OperationDefinition;
import org.hl7.fhir.r4.model.OperationDefinition.OperationKind;
import org.hl7.fhir.r4.model.OperationDefinition.OperationParameterUse;

/**
 * Describes {@code $erase}. The statement contains the definition: FHIR wants one, and an operation of our own has it nowhere
 * else.
 */
final class EraseOperation {
    private static final String ID = "erase";

    private EraseOperation() {}

    static void addTo(CapabilityStatementRestResourceComponent resource) {
        resource.addOperation().setName(ID).setDefinition("#" + ID);
    }

    static OperationDefinition definition() {
        OperationDefinition definition = new OperationDefinition();
        definition.setId(ID);
        definition.setName("Erase");
        definition.setStatus(PublicationStatus.ACTIVE);
        definition.setKind(OperationKind.OPERATION);
        definition.setAffectsState(true);
        definition.setDescription(
                "Removes the content of all versions of a resource for ever. What remains is a deletion"
                        + " as its last version; the id cannot be written again.");
        definition.setCode(ID);
        definition.setSystem(false);
        definition.setType(false);
        definition.setInstance(true);
        definition
                .addParameter()
                .setName("return")
                .setUse(OperationParameterUse.OUT)
                .setMin(1)
                .setMax("1")
                .setDocumentation("How much was removed.")
                .setType("OperationOutcome");
        return definition;
    }
}
