package miroir.server.fhir;

import ca.uhn.fhir.rest.annotation.IdParam;
import ca.uhn.fhir.rest.annotation.Operation;
import ca.uhn.fhir.rest.server.IResourceProvider;
import ca.uhn.fhir.rest.server.servlet.ServletRequestDetails;
import org.hl7.fhir.instance.model.api.IBaseResource;
import org.hl7.fhir.r4.model.IdType;

/** What HAPI calls for {@code $seen}, of resources of one type; otherwise as {@link TypeProvider}. */
public final class SeenProvider implements IResourceProvider {
    private final Class<? extends IBaseResource> type;
    private final PresentInteractions interactions;
    private final Handover handover;

    SeenProvider(Class<? extends IBaseResource> type, PresentInteractions interactions, Handover handover) {
        this.type = type;
        this.interactions = interactions;
        this.handover = handover;
    }

    @Override
    public Class<? extends IBaseResource> getResourceType() {
        return type;
    }

    @Operation(name = "$seen", idempotent = true, manualRequest = true)
    public IBaseResource seen(@IdParam IdType id, ServletRequestDetails details) {
        return handover.resource(details, request -> interactions.take().seen().answer(request));
    }
}
