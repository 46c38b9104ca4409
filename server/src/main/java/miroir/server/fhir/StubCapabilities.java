package miroir.server.fhir;

import org.hl7.fhir.r4.model.CapabilityStatement;

/** The stand-in where HAPI wants a CapabilityStatement. */
final class StubCapabilities extends CapabilityStatement implements StandIn {
    private static final long serialVersionUID = 1L;
}
