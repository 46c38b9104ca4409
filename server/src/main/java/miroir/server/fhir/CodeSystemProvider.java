package miroir.server.fhir;

import ca.uhn.fhir.rest.annotation.IdParam;
import ca.uhn.fhir.rest.annotation.Operation;
import ca.uhn.fhir.rest.server.IResourceProvider;
import ca.uhn.fhir.rest.server.servlet.ServletRequestDetails;
import org.hl7.fhir.instance.model.api.IBaseResource;
import org.hl7.fhir.r4.model.CodeSystem;
import org.hl7.fhir.r4.model.IdType;

/** What HAPI calls for the operations on code systems; otherwise as {@link TypeProvider}. */
public final class CodeSystemProvider implements IResourceProvider {
    private final PresentInteractions interactions;
    private final Handover handover;

    CodeSystemProvider(PresentInteractions interactions, Handover handover) {
        this.interactions = interactions;
        this.handover = handover;
    }

    @Override
    public Class<? extends IBaseResource> getResourceType() {
        return CodeSystem.class;
    }

    @Operation(name = "$lookup", idempotent = true, manualRequest = true)
    public IBaseResource lookUp(ServletRequestDetails details) {
        return handover.resource(
                details, request -> interactions.take().codes().lookUp(request, details.loadRequestContents()));
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
}
