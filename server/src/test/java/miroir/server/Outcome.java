package miroir.server;

import static org.assertj.core.api.Assertions.assertThat;

import ca.uhn.fhir.context.FhirContext;
import java.net.http.HttpResponse;
import org.hl7.fhir.r4.model.OperationOutcome;

/** Reads the OperationOutcome of a failure, as strictly as HAPI can. */
final class Outcome {
    private static final FhirContext CONTEXT = FhirContext.forR4Cached();

    private Outcome() {}

    static OperationOutcome of(HttpResponse<String> response) {
        assertThat(response.headers().firstValue("Content-Type"))
                .as("Content-Type of status %s with body %s", response.statusCode(), response.body())
                .hasValueSatisfying(type -> assertThat(type).startsWith("application/fhir+json"));
        assertThat(response.headers().allValues("Date")).hasSizeLessThan(2);
        return of(response.body());
    }

    static OperationOutcome of(String body) {
        OperationOutcome outcome = CONTEXT.newJsonParser()
                .setParserErrorHandler(new ca.uhn.fhir.parser.StrictErrorHandler())
                .parseResource(OperationOutcome.class, body);
        assertThat(outcome.getIssue()).isNotEmpty().allSatisfy(issue -> {
            assertThat(issue.getSeverity()).isNotNull();
            assertThat(issue.getCode()).isNotNull();
            assertThat(issue.getDiagnostics()).isNotBlank();
        });
        return outcome;
    }
}
