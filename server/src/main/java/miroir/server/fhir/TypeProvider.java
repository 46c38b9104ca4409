package miroir.server.fhir;

import ca.uhn.fhir.rest.annotation.ConditionalUrlParam;
import ca.uhn.fhir.rest.annotation.Create;
import ca.uhn.fhir.rest.annotation.Delete;
import ca.uhn.fhir.rest.annotation.History;
import ca.uhn.fhir.rest.annotation.IdParam;
import ca.uhn.fhir.rest.annotation.Operation;
import ca.uhn.fhir.rest.annotation.Patch;
import ca.uhn.fhir.rest.annotation.Read;
import ca.uhn.fhir.rest.annotation.ResourceParam;
import ca.uhn.fhir.rest.annotation.Search;
import ca.uhn.fhir.rest.annotation.Update;
import ca.uhn.fhir.rest.api.MethodOutcome;
import ca.uhn.fhir.rest.api.PatchTypeEnum;
import ca.uhn.fhir.rest.server.IResourceProvider;
import ca.uhn.fhir.rest.server.servlet.ServletRequestDetails;
import org.hl7.fhir.instance.model.api.IBaseResource;
import org.hl7.fhir.r4.model.Bundle;
import org.hl7.fhir.r4.model.IdType;

/**
 * What HAPI calls for one resource type. Every method gives the answer to the {@link Handover}, and HAPI what that makes of it.
 * Ids and criteria are parameters because HAPI wants them to be; they are read from the request.
 */
public final class TypeProvider implements IResourceProvider {
    private final Class<? extends IBaseResource> type;
    private final PresentInteractions interactions;
    private final Handover handover;

    TypeProvider(Class<? extends IBaseResource> type, PresentInteractions interactions, Handover handover) {
        this.type = type;
        this.interactions = interactions;
        this.handover = handover;
    }

    @Override
    public Class<? extends IBaseResource> getResourceType() {
        return type;
    }

    @Read(version = true)
    public IBaseResource read(@IdParam IdType id, ServletRequestDetails details) {
        return handover.resource(details, request -> interactions.take().read().answer(request));
    }

    @Create
    public MethodOutcome create(
            @ResourceParam byte[] body, @ConditionalUrlParam String criteria, ServletRequestDetails details) {
        return handover.outcome(
                details,
                request -> request.header("If-None-Exist") == null
                        ? interactions.take().write().create(request, body)
                        : interactions.take().conditionalWrite().create(request, body));
    }

    @Update
    public MethodOutcome update(
            @IdParam IdType id,
            @ResourceParam byte[] body,
            @ConditionalUrlParam String criteria,
            ServletRequestDetails details) {
        return handover.outcome(
                details,
                request -> request.key().id().isEmpty()
                        ? interactions.take().conditionalWrite().update(request, body)
                        : interactions.take().write().update(request, body));
    }

    /** HAPI wants to say the language of the patch, and has no word for what it does not know; the request has it. */
    @Patch
    public MethodOutcome patch(
            @IdParam IdType id,
            PatchTypeEnum language,
            @ResourceParam byte[] body,
            @ConditionalUrlParam String criteria,
            ServletRequestDetails details) {
        return handover.outcome(
                details,
                request -> request.key().id().isEmpty()
                        ? interactions.take().conditionalPatch().answer(request, body)
                        : interactions.take().patch().answer(request, body));
    }

    @Delete
    public MethodOutcome delete(
            @IdParam IdType id, @ConditionalUrlParam String criteria, ServletRequestDetails details) {
        return handover.outcome(
                details,
                request -> request.key().id().isEmpty()
                        ? interactions.take().conditionalDelete().answer(request)
                        : interactions.take().delete().answer(request));
    }

    @History
    public Bundle history(@IdParam IdType id, ServletRequestDetails details) {
        return history(details);
    }

    @History
    public Bundle history(ServletRequestDetails details) {
        return handover.bundle(details, request -> interactions.take().history().answer(request));
    }

    @Operation(name = "$erase", manualRequest = true)
    public IBaseResource erase(@IdParam IdType id, ServletRequestDetails details) {
        return handover.resource(
                details, request -> interactions.take().erase().answer(request, details.loadRequestContents()));
    }

    @Search(allowUnknownParams = true)
    public Bundle search(ServletRequestDetails details) {
        return handover.bundle(details, request -> interactions.take().search().answer(request));
    }
}
