package example;

import ca.uhn.fhir.rest.annotation.IdParam;
import ca.uhn.fhir.rest.annotation.Read;
import ca.uhn.fhir.rest.server.IResourceProvider;
import ca.uhn.fhir.rest.server.exceptions.ResourceNotFoundException;
import org.hl7.fhir.r4.model.IdType;
import org.hl7.fhir.r4.model.Patient;

/** A type of the hospital's own, from wherever it has its patients. */
public final class Patients implements IResourceProvider {
    @Override
    public Class<Patient> getResourceType() {
        return Patient.class;
    }

    /** Knows one of them. */
    @Read
    public Patient read(@IdParam IdType id) {
        if (!id.getIdPart().equals("1")) {
            throw new ResourceNotFoundException(id);
        }
        Patient patient = new Patient();
        patient.setId("Patient/1");
        patient.addName().setFamily("Exemple");
        patient.addGeneralPractitioner().setReference("Practitioner/p1");
        return patient;
    }
}
