package miroir.server.fhir;

import ca.uhn.fhir.rest.annotation.IdParam;
import ca.uhn.fhir.rest.annotation.Operation;
import ca.uhn.fhir.rest.server.IResourceProvider;
import ca.uhn.fhir.rest.server.servlet.ServletRequestDetails;
import org.hl7.fhir.instance.model.api.IBaseResource;
import org.hl7.fhir.r4.model.IdType;

/** What HAPI calls for the operations on meta, of one type; otherwise as {@link TypeProvider}. */
public final class MetaProvider implements IResourceProvider {
    private final Class<? extends IBaseResource> type;
    private final PresentInteractions interactions;
    private final Handover handover;

    MetaProvider(Class<? extends IBaseResource> type, PresentInteractions interactions, Handover handover) {
        this.type = type;
        this.interactions = interactions;
        this.handover = handover;
    }

    @Override
    public Class<? extends IBaseResource> getResourceType() {
        return type;
    }

    @Operation(name = "$meta", idempotent = true, manualRequest = true)
    public IBaseResource meta(ServletRequestDetails details) {
        return handover.resource(
                details, request -> interactions.take().meta().answer(request, details.loadRequestContents()));
    }

    @Operation(name = "$meta", idempotent = true, manualRequest = true)
    public IBaseResource meta(@IdParam IdType id, ServletRequestDetails details) {
        return meta(details);
    }

    @Operation(name = "$meta-add", manualRequest = true)
    public IBaseResource add(@IdParam IdType id, ServletRequestDetails details) {
        return handover.resource(
                details, request -> interactions.take().changeMeta().add(request, details.loadRequestContents()));
    }

    @Operation(name = "$meta-delete", manualRequest = true)
    public IBaseResource delete(@IdParam IdType id, ServletRequestDetails details) {
        return handover.resource(
                details, request -> interactions.take().changeMeta().delete(request, details.loadRequestContents()));
    }
}
