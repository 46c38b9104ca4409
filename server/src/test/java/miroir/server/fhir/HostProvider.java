package miroir.server.fhir;

import ca.uhn.fhir.rest.annotation.Create;
import ca.uhn.fhir.rest.annotation.IdParam;
import ca.uhn.fhir.rest.annotation.Read;
import ca.uhn.fhir.rest.annotation.ResourceParam;
import ca.uhn.fhir.rest.api.MethodOutcome;
import ca.uhn.fhir.rest.server.IResourceProvider;
import ca.uhn.fhir.rest.server.exceptions.UnprocessableEntityException;
import org.hl7.fhir.r4.model.IdType;
import org.hl7.fhir.r4.model.OperationOutcome;
import org.hl7.fhir.r4.model.Patient;

/** A provider of somebody else's server, which knows one patient, as HAPI's documentation would have it written. */
final class HostProvider implements IResourceProvider {
    private Patient patient = new Patient();

    @Override
    public Class<Patient> getResourceType() {
        return Patient.class;
    }

    @Create
    public MethodOutcome create(@ResourceParam Patient sent) {
        patient = sent.copy();
        patient.setId("Patient/only/_history/1");
        return new MethodOutcome(patient.getIdElement(), true).setResource(patient);
    }

    @Read
    public Patient read(@IdParam IdType id) {
        if (!id.getIdPart().equals("only")) {
            OperationOutcome outcome = new OperationOutcome();
            outcome.addIssue().setCode(OperationOutcome.IssueType.BUSINESSRULE).setDiagnostics("said by the host");
            throw new UnprocessableEntityException("not shown", outcome);
        }
        return patient;
    }
}
