package miroir.server.fhir;

import org.hl7.fhir.r4.model.Bundle;

/** The stub where HAPI wants a Bundle, which it needs as the return type of a search or a history. */
public final class StubBundle extends Bundle implements StandIn {
    private static final long serialVersionUID = 1L;

    /** HAPI takes what a history returns for one of the versions, and wants an id and a version of it. */
    static StubBundle ofHistory() {
        StubBundle stub = new StubBundle();
        stub.setId("Bundle/stub/_history/1");
        return stub;
    }
}
