package miroir.server.fhir;

import org.hl7.fhir.r4.model.OperationOutcome;

/** The stub where HAPI wants an OperationOutcome. */
final class StubOutcome extends OperationOutcome implements StandIn {
    private static final long serialVersionUID = 1L;
}
