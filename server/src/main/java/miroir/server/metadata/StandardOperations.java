package miroir.server.metadata;

import java.util.List;
import java.util.Map;
import org.hl7.fhir.r4.model.CapabilityStatement.CapabilityStatementRestComponent;
import org.hl7.fhir.r4.model.CapabilityStatement.CapabilityStatementRestResourceComponent;

/** Describes the operations that R4 defines for every type, of which some are asked of all types at once as well, and those on codes. */
final class StandardOperations {
    private static final String DEFINITION = "http://hl7.org/fhir/OperationDefinition/Resource-";
    private static final List<String> OF_A_TYPE = List.of("meta", "meta-add", "meta-delete", "validate");
    private static final List<String> OF_ALL_TYPES = List.of("meta");

    /** Those of one type only, by the type. */
    private static final Map<String, List<String>> OF_ONE =
            Map.of("CodeSystem", List.of("lookup", "validate-code"), "ValueSet", List.of("validate-code", "expand"));

    private StandardOperations() {}

    static void addTo(CapabilityStatementRestResourceComponent resource, Offer offer) {
        offered(OF_A_TYPE, offer)
                .forEach(name -> resource.addOperation().setName(name).setDefinition(DEFINITION + name));
        String type = resource.getType();
        offered(OF_ONE.getOrDefault(type, List.of()), offer)
                .forEach(name -> resource.addOperation()
                        .setName(name)
                        .setDefinition("http://hl7.org/fhir/OperationDefinition/" + type + "-" + name));
    }

    /** Of types that R4 does not have, which is why it stands here. */
    private static void addViews(CapabilityStatementRestComponent rest, Offer offer) {
        offered(List.of("viewdefinition-run"), offer)
                .forEach(name -> rest.addOperation()
                        .setName(name)
                        .setDefinition("http://sql-on-fhir.org/OperationDefinition/$" + name));
    }

    static void addTo(CapabilityStatementRestComponent rest, Offer offer) {
        offered(OF_ALL_TYPES, offer)
                .forEach(name -> rest.addOperation().setName(name).setDefinition(DEFINITION + name));
        addViews(rest, offer);
    }

    private static List<String> offered(List<String> names, Offer offer) {
        return names.stream().filter(offer.interactions()::contains).toList();
    }
}
