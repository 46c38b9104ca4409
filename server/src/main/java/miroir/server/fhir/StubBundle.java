package miroir.server.fhir;

import org.hl7.fhir.r4.model.Bundle;

/** The stub where HAPI wants a Bundle, which it needs as the return type of a search. */
public final class StubBundle extends Bundle implements StandIn {
    private static final long serialVersionUID = 1L;
}
