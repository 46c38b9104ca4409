package miroir.server.fhir;

import ca.uhn.fhir.rest.api.server.RequestDetails;
import ca.uhn.fhir.rest.server.servlet.ServletRequestDetails;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The answer of a request, between the provider that made it and the hook that writes it. */
final class PendingAnswer {
    private static final Object KEY = PendingAnswer.class;

    private PendingAnswer() {}

    static Answer make(ServletRequestDetails details, Function<FhirRequest, Answer> interaction) {
        FhirRequest request = FhirRequest.of(details);
        Answer answer = interaction.apply(request);
        details.getUserData().put(KEY, answer.in(request.format()));
        return answer;
    }

    /** Lets go of the resources that it was made of. */
    static void forget(RequestDetails details) {
        details.getUserData().remove(KEY);
    }

    static @Nullable Answer of(RequestDetails details) {
        return (Answer) details.getUserData().get(KEY);
    }
}
