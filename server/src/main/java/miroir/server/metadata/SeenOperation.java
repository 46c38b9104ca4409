package miroir.server.metadata;

import org.hl7.fhir.r4.model.CapabilityStatement.CapabilityStatementRestResourceComponent;
import org.hl7.fhir.r4.model.Enumerations.PublicationStatus;
import org.hl7.fhir.r4.model.OperationDefinition;
import org.hl7.fhir.r4.model.OperationDefinition.OperationKind;
import org.hl7.fhir.r4.model.OperationDefinition.OperationParameterUse;

/**
 * Describes {@code $seen}. The statement contains the definition: FHIR wants one, and an operation of our own has it nowhere
 * else.
 */
final class SeenOperation {
    private static final String ID = "seen";

    private SeenOperation() {}

    static void addTo(CapabilityStatementRestResourceComponent resource) {
        resource.addOperation().setName(ID).setDefinition("#" + ID);
    }

    static OperationDefinition definition() {
        OperationDefinition definition = new OperationDefinition();
        definition.setId(ID);
        definition.setName("Seen");
        definition.setStatus(PublicationStatus.ACTIVE);
        definition.setKind(OperationKind.OPERATION);
        definition.setAffectsState(false);
        definition.setDescription(
                "Tells since when a resource has been here, and until when it was known to be there: of a copy that is the last time"
                        + " when its type was copied whole, of something deleted or inactive when that began.");
        definition.setCode(ID);
        definition.setSystem(false);
        definition.setType(false);
        definition.setInstance(true);
        addOut(definition, "firstSeen", "instant", "When the oldest version that is kept was made.");
        addOut(
                definition,
                "firstSeenExact",
                "boolean",
                "Whether that is the first one; false where older ones are not kept.");
        addOut(definition, "lastSeen", "instant", "Until when it was known to be there.");
        addOut(definition, "lastChanged", "instant", "When the current version was made.");
        addOut(definition, "active", "boolean", "Whether it is neither deleted nor inactive.");
        addOut(definition, "versions", "integer", "The number of the current version.");
        return definition;
    }

    private static void addOut(OperationDefinition definition, String name, String type, String documentation) {
        definition
                .addParameter()
                .setName(name)
                .setUse(OperationParameterUse.OUT)
                .setMin(1)
                .setMax("1")
                .setDocumentation(documentation)
                .setType(type);
    }
}
