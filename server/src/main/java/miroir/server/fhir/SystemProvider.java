package miroir.server.fhir;

import ca.uhn.fhir.rest.annotation.History;
import ca.uhn.fhir.rest.server.servlet.ServletRequestDetails;
import org.hl7.fhir.r4.model.Bundle;

/** What HAPI calls for all types at once; otherwise as {@link TypeProvider}. */
public final class SystemProvider {
    private final Interactions interactions;
    private final Handover handover;

    SystemProvider(Interactions interactions, Handover handover) {
        this.interactions = interactions;
        this.handover = handover;
    }

    /** {@code GET [base]/_history}. */
    @History
    public Bundle history(ServletRequestDetails details) {
        return handover.bundle(details, interactions.history()::answer);
    }
}
