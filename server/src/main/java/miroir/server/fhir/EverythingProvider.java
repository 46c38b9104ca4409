package miroir.server.fhir;

import ca.uhn.fhir.rest.annotation.IdParam;
import ca.uhn.fhir.rest.annotation.Operation;
import ca.uhn.fhir.rest.server.IResourceProvider;
import ca.uhn.fhir.rest.server.servlet.ServletRequestDetails;
import org.hl7.fhir.instance.model.api.IBaseResource;
import org.hl7.fhir.r4.model.Bundle;
import org.hl7.fhir.r4.model.IdType;

/** What HAPI calls for {@code $everything}, of the types that have it; otherwise as {@link TypeProvider}. */
public final class EverythingProvider implements IResourceProvider {
    private final Class<? extends IBaseResource> type;
    private final PresentInteractions interactions;
    private final Handover handover;

    EverythingProvider(Class<? extends IBaseResource> type, PresentInteractions interactions, Handover handover) {
        this.type = type;
        this.interactions = interactions;
        this.handover = handover;
    }

    @Override
    public Class<? extends IBaseResource> getResourceType() {
        return type;
    }

    @Operation(name = "$everything", idempotent = true, manualRequest = true)
    public Bundle everything(@IdParam IdType id, ServletRequestDetails details) {
        return handover.bundle(
                details, request -> interactions.take().everything().answer(request, details.loadRequestContents()));
    }
}
