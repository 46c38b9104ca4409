package miroir.server.fhir;

import ca.uhn.fhir.rest.annotation.History;
import ca.uhn.fhir.rest.server.servlet.ServletRequestDetails;
import org.hl7.fhir.r4.model.Bundle;

/** What HAPI calls for all types at once; otherwise as {@link TypeProvider}. */
public final class SystemProvider {
    private final Interactions interactions;

    SystemProvider(Interactions interactions) {
        this.interactions = interactions;
    }

    /** {@code GET [base]/_history}. */
    @History
    public Bundle history(ServletRequestDetails details) {
        PendingAnswer.make(details, interactions.history()::answer);
        return StubBundle.ofHistory();
    }
}
