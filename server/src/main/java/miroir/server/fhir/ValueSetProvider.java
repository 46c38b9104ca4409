package miroir.server.fhir;

import ca.uhn.fhir.rest.annotation.IdParam;
import ca.uhn.fhir.rest.annotation.Operation;
import ca.uhn.fhir.rest.server.IResourceProvider;
import ca.uhn.fhir.rest.server.servlet.ServletRequestDetails;
import org.hl7.fhir.instance.model.api.IBaseResource;
import org.hl7.fhir.r4.model.IdType;
import org.hl7.fhir.r4.model.ValueSet;

/** What HAPI calls for the operations on value sets; otherwise as {@link TypeProvider}. */
public final class ValueSetProvider implements IResourceProvider {
    private final PresentInteractions interactions;
    private final Handover handover;

    ValueSetProvider(PresentInteractions interactions, Handover handover) {
        this.interactions = interactions;
        this.handover = handover;
    }

    @Override
    public Class<? extends IBaseResource> getResourceType() {
        return ValueSet.class;
    }

    @Operation(name = "$expand", idempotent = true, manualRequest = true)
    public IBaseResource expand(ServletRequestDetails details) {
        return handover.resource(
                details, request -> interactions.take().codes().expand(request, details.loadRequestContents()));
    }

    @Operation(name = "$validate-code", idempotent = true, manualRequest = true)
    public IBaseResource validate(ServletRequestDetails details) {
        return handover.resource(
                details, request -> interactions.take().codes().validate(request, details.loadRequestContents()));
    }

    @Operation(name = "$validate-code", idempotent = true, manualRequest = true)
    public IBaseResource validate(@IdParam IdType id, ServletRequestDetails details) {
        return validate(details);
    }

    @Operation(name = "$expand", idempotent = true, manualRequest = true)
    public IBaseResource expand(@IdParam IdType id, ServletRequestDetails details) {
        return expand(details);
    }
}
