package miroir.server.fhir;

import ca.uhn.fhir.rest.annotation.Operation;
import ca.uhn.fhir.rest.server.IResourceProvider;
import ca.uhn.fhir.rest.server.servlet.ServletRequestDetails;
import org.hl7.fhir.instance.model.api.IBaseResource;

/** What HAPI calls for {@code $by-identifier}, of one type; otherwise as {@link TypeProvider}. */
public final class ByIdentifierProvider implements IResourceProvider {
    private final Class<? extends IBaseResource> type;
    private final PresentInteractions interactions;
    private final Handover handover;

    ByIdentifierProvider(Class<? extends IBaseResource> type, PresentInteractions interactions, Handover handover) {
        this.type = type;
        this.interactions = interactions;
        this.handover = handover;
    }

    @Override
    public Class<? extends IBaseResource> getResourceType() {
        return type;
    }

    @Operation(name = "$by-identifier", idempotent = true, manualRequest = true)
    public IBaseResource find(ServletRequestDetails details) {
        return handover.resource(
                details, request -> interactions.take().byIdentifier().answer(request));
    }
}
