package miroir.server.metadata;

import org.hl7.fhir.r4.model.CapabilityStatement.CapabilityStatementRestComponent;

/** Describes the operation {@code $export} of FHIR's bulk data, which is asked of all types at once. */
final class ExportOperation {
    static final String NAME = "export";
    static final String INSTANTIATES = "http://hl7.org/fhir/uv/bulkdata/CapabilityStatement/bulk-data";

    private static final String DEFINITION = "http://hl7.org/fhir/uv/bulkdata/OperationDefinition/export";

    private ExportOperation() {}

    static void addTo(CapabilityStatementRestComponent rest) {
        rest.addOperation()
                .setName(NAME)
                .setDefinition(DEFINITION)
                .setDocumentation(
                        "With _type, _since, _typeFilter, _elements and _outputFormat, by GET and POST, asynchronously (Prefer: respond-async). Of all"
                                + " types or of some; not of patients or groups.");
    }
}
