package miroir.server.metadata;

import org.hl7.fhir.r4.model.CapabilityStatement.CapabilityStatementRestResourceComponent;
import org.hl7.fhir.r4.model.Enumerations.PublicationStatus;
import org.hl7.fhir.r4.model.OperationDefinition;
import org.hl7.fhir.r4.model.OperationDefinition.OperationKind;
import org.hl7.fhir.r4.model.OperationDefinition.OperationParameterUse;

/**
 * Describes {@code $by-identifier}. The statement contains the definition: FHIR wants one, and an operation of our own has it nowhere
 * else.
 */
final class ByIdentifierOperation {
    private static final String ID = "by-identifier";

    private ByIdentifierOperation() {}

    static void addTo(CapabilityStatementRestResourceComponent resource) {
        resource.addOperation().setName(ID).setDefinition("#" + ID);
    }

    static OperationDefinition definition() {
        OperationDefinition definition = new OperationDefinition();
        definition.setId(ID);
        definition.setName("ByIdentifier");
        definition.setStatus(PublicationStatus.ACTIVE);
        definition.setKind(OperationKind.OPERATION);
        definition.setAffectsState(false);
        definition.setDescription(
                "Answers the resource that has a business identifier, like a read. Of several the active one is meant; two of"
                        + " these are a conflict (409), which names them.");
        definition.setCode(ID);
        definition.setSystem(false);
        definition.setType(true);
        definition.setInstance(false);
        definition
                .addParameter()
                .setName("value")
                .setUse(OperationParameterUse.IN)
                .setMin(1)
                .setMax("1")
                .setDocumentation("[value], or [system]|[value].")
                .setType("string");
        definition
                .addParameter()
                .setName("return")
                .setUse(OperationParameterUse.OUT)
                .setMin(1)
                .setMax("1")
                .setDocumentation("The resource.")
                .setType("Any");
        return definition;
    }
}
