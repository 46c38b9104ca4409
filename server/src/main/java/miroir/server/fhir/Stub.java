package miroir.server.fhir;

import org.hl7.fhir.r4.model.Resource;
import org.hl7.fhir.r4.model.ResourceType;

/**
 * Stands where HAPI wants a resource, while the answer itself is bytes. It has no content and no definition, so HAPI
 * fails instead of sending it: an answer that nobody wrote is an error, never an empty resource.
 */
final class Stub extends Resource implements StandIn {
    private static final long serialVersionUID = 1L;

    @Override
    public Resource copy() {
        return this;
    }

    @Override
    public ResourceType getResourceType() {
        throw new IllegalStateException("a stub was about to be sent: the answer was neither written nor inflated");
    }

    @Override
    public String fhirType() {
        throw new IllegalStateException("a stub was about to be sent: the answer was neither written nor inflated");
    }
}
