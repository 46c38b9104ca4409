package miroir.server.fhir;

import org.hl7.fhir.r4.model.Bundle;

/**
 * The stub where HAPI wants a Bundle, which it needs as the return type of a search or a history. It takes what a history
 * returns for one of the versions, and wants an id and a version of it.
 */
final class StubBundle extends Bundle implements StandIn {
    private static final long serialVersionUID = 1L;

    StubBundle() {
        setId("Bundle/stub/_history/1");
    }
}
