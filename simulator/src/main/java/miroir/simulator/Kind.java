package miroir.simulator;

/** The five types of the directory. */
public enum Kind {
    PRACTITIONER("Practitioner"),
    PRACTITIONER_ROLE("PractitionerRole"),
    ORGANIZATION("Organization"),
    HEALTHCARE_SERVICE("HealthcareService"),
    DEVICE("Device");

    private final String type;

    Kind(String type) {
        this.type = type;
    }

    /** The name of the FHIR type. */
    public String type() {
        return type;
    }
}
