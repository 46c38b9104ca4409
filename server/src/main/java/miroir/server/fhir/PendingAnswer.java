package miroir.server.fhir;

import ca.uhn.fhir.rest.api.server.RequestDetails;
import org.jspecify.annotations.Nullable;

/** The answer of a request, between the provider that made it and the hook that writes it. */
final class PendingAnswer {
    private static final Object KEY = PendingAnswer.class;

    private PendingAnswer() {}

    static void set(RequestDetails details, Answer answer) {
        details.getUserData().put(KEY, answer);
    }

    static @Nullable Answer of(RequestDetails details) {
        return (Answer) details.getUserData().get(KEY);
    }
}
