package miroir.server.fhir;

import ca.uhn.fhir.rest.api.server.RequestDetails;
import org.hl7.fhir.instance.model.api.IBaseResource;
import org.jspecify.annotations.Nullable;

/**
 * The answer of a request, between the provider that made it and the hook that writes it.
 *
 * @param model what HAPI was handed, where that was a model
 */
record PendingAnswer(Answer answer, @Nullable IBaseResource model) {
    private static final Object KEY = PendingAnswer.class;

    PendingAnswer keep(RequestDetails details) {
        details.getUserData().put(KEY, this);
        return this;
    }

    /** Lets go of the resources that it was made of. */
    static void forget(RequestDetails details) {
        details.getUserData().remove(KEY);
    }

    /** That of a request; null where none of our providers was called. */
    static @Nullable PendingAnswer of(RequestDetails details) {
        return (PendingAnswer) details.getUserData().get(KEY);
    }

    /**
     * Whether it is to be written past HAPI. A model is not, nor is what somebody took away or replaced; where there is nothing
     * to encode HAPI would leave out the headers.
     */
    boolean isOurs(@Nullable IBaseResource response) {
        return response instanceof StandIn || (!answer.hasBody() && response == model);
    }
}
