package miroir.server.metadata;

import java.util.List;
import org.hl7.fhir.r4.model.CapabilityStatement.CapabilityStatementRestComponent;
import org.hl7.fhir.r4.model.CapabilityStatement.CapabilityStatementRestResourceComponent;

/** Describes the operations that R4 defines for every type; some of them are asked of all types at once as well. */
final class StandardOperations {
    private static final String DEFINITION = "http://hl7.org/fhir/OperationDefinition/Resource-";
    private static final List<String> OF_A_TYPE = List.of("meta", "meta-add", "meta-delete", "validate");
    private static final List<String> OF_ALL_TYPES = List.of("meta");

    private StandardOperations() {}

    static void addTo(CapabilityStatementRestResourceComponent resource, Offer offer) {
        offered(OF_A_TYPE, offer)
                .forEach(name -> resource.addOperation().setName(name).setDefinition(DEFINITION + name));
    }

    static void addTo(CapabilityStatementRestComponent rest, Offer offer) {
        offered(OF_ALL_TYPES, offer)
                .forEach(name -> rest.addOperation().setName(name).setDefinition(DEFINITION + name));
    }

    private static List<String> offered(List<String> names, Offer offer) {
        return names.stream().filter(offer.interactions()::contains).toList();
    }
}
