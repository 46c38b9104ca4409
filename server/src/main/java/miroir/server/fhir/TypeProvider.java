package miroir.server.fhir;

import ca.uhn.fhir.rest.annotation.Create;
import ca.uhn.fhir.rest.annotation.Delete;
import ca.uhn.fhir.rest.annotation.History;
import ca.uhn.fhir.rest.annotation.IdParam;
import ca.uhn.fhir.rest.annotation.Operation;
import ca.uhn.fhir.rest.annotation.Read;
import ca.uhn.fhir.rest.annotation.ResourceParam;
import ca.uhn.fhir.rest.annotation.Search;
import ca.uhn.fhir.rest.annotation.Update;
import ca.uhn.fhir.rest.api.MethodOutcome;
import ca.uhn.fhir.rest.server.IResourceProvider;
import ca.uhn.fhir.rest.server.servlet.ServletRequestDetails;
import java.util.function.Function;
import org.hl7.fhir.instance.model.api.IBaseResource;
import org.hl7.fhir.r4.model.Bundle;
import org.hl7.fhir.r4.model.IdType;

/**
 * What HAPI calls for one resource type. Every method hands the answer to {@link PendingAnswer} and returns a stub; the
 * hooks of {@link AnswerHooks} write the answer when HAPI is about to send the stub.
 */
public final class TypeProvider implements IResourceProvider {
    private final Class<? extends IBaseResource> type;
    private final Interactions interactions;

    TypeProvider(Class<? extends IBaseResource> type, Interactions interactions) {
        this.type = type;
        this.interactions = interactions;
    }

    @Override
    public Class<? extends IBaseResource> getResourceType() {
        return type;
    }

    @Read(version = true)
    public IBaseResource read(@IdParam IdType id, ServletRequestDetails details) {
        PendingAnswer.make(details, interactions.read()::answer);
        return new Stub();
    }

    @Create
    public MethodOutcome create(@ResourceParam byte[] body, ServletRequestDetails details) {
        return pending(details, request -> interactions.write().create(request, body));
    }

    @Update
    public MethodOutcome update(@IdParam IdType id, @ResourceParam byte[] body, ServletRequestDetails details) {
        return pending(details, request -> interactions.write().update(request, body));
    }

    @Delete
    public MethodOutcome delete(@IdParam IdType id, ServletRequestDetails details) {
        return pending(details, interactions.delete()::answer);
    }

    @History
    public Bundle history(@IdParam IdType id, ServletRequestDetails details) {
        return history(details);
    }

    @History
    public Bundle history(ServletRequestDetails details) {
        PendingAnswer.make(details, interactions.history()::answer);
        return StubBundle.ofHistory();
    }

    @Operation(name = "$erase", manualRequest = true)
    public IBaseResource erase(@IdParam IdType id, ServletRequestDetails details) {
        PendingAnswer.make(details, request -> interactions.erase().answer(request, details.loadRequestContents()));
        return new Stub();
    }

    @Search(allowUnknownParams = true)
    public Bundle search(ServletRequestDetails details) {
        PendingAnswer.make(details, interactions.search()::answer);
        return new StubBundle();
    }

    private static MethodOutcome pending(ServletRequestDetails details, Function<FhirRequest, Answer> interaction) {
        Answer answer = PendingAnswer.make(details, interaction);
        MethodOutcome outcome = new MethodOutcome();
        outcome.setResource(new Stub());
        outcome.setResponseStatusCode(answer.status());
        return outcome;
    }
}
