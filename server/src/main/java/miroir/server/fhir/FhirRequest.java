package miroir.server.fhir;

import ca.uhn.fhir.rest.server.servlet.ServletRequestDetails;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Optional;
import miroir.index.Refusal;
import miroir.index.search.Handling;
import miroir.index.search.QueryParameter;
import miroir.index.store.Caller;
import miroir.index.store.ResourceKey;
import miroir.server.pipeline.Exchange;
import miroir.server.pipeline.Step;
import org.jspecify.annotations.Nullable;

/** A request in the words of FHIR, taken from what the client sent and not from what HAPI made of it. */
final class FhirRequest {
    /** Parameters that concern the answer, whatever is asked. */
    static final List<String> FOR_EVERY_INTERACTION = List.of("_format", "_pretty");

    private final HttpServletRequest servletRequest;
    private final Exchange exchange;
    private final List<QueryParameter> query;

    private FhirRequest(HttpServletRequest servletRequest) {
        this.servletRequest = servletRequest;
        this.exchange = Exchange.of(servletRequest);
        String queryString = servletRequest.getQueryString();
        this.query = queryString == null ? List.of() : QueryParameter.decode(queryString);
    }

    static FhirRequest of(ServletRequestDetails details) {
        FhirRequest request = new FhirRequest(details.getServletRequest());
        request.exchange.done(Step.HAPI);
        JsonOnly.checkAnswer(request.servletRequest, request.query);
        return request;
    }

    Exchange exchange() {
        return exchange;
    }

    Caller caller() {
        return exchange.caller();
    }

    /** The resource that the path names. HAPI would let a {@code Content-Location} header replace it. */
    ResourceKey key() {
        return exchange.route().key();
    }

    String base() {
        return exchange.base();
    }

    List<QueryParameter> query() {
        return query;
    }

    @Nullable
    String header(String name) {
        return servletRequest.getHeader(name);
    }

    /** What {@code Prefer: handling=} says; strict where it says nothing. */
    Handling handling() {
        return preference("handling")
                .map(value -> switch (value) {
                    case "strict" -> Handling.STRICT;
                    case "lenient" -> Handling.LENIENT;
                    default ->
                        throw new Refusal(
                                Refusal.Reason.INVALID, "Prefer: handling=" + value + "; allowed: strict, lenient");
                })
                .orElse(Handling.STRICT);
    }

    /** The value of one preference of the {@code Prefer} headers. */
    Optional<String> preference(String name) {
        return java.util.Collections.list(servletRequest.getHeaders("Prefer")).stream()
                .flatMap(header -> java.util.Arrays.stream(header.split("[,;]", -1)))
                .map(String::strip)
                .filter(part -> part.startsWith(name + "="))
                .map(part -> part.substring(name.length() + 1).replace("\"", ""))
                .findFirst();
    }

    /** Refuses a body that is not FHIR JSON. */
    void checkBody() {
        JsonOnly.checkBody(servletRequest);
    }

    /** Refuses parameters where none has a meaning, except those that every interaction has. */
    void refuseParameters() {
        for (QueryParameter parameter : query) {
            if (!FOR_EVERY_INTERACTION.contains(parameter.name())) {
                throw new Refusal(
                        Refusal.Reason.INVALID,
                        "the parameter \"" + parameter.name() + "\" means nothing here; allowed: "
                                + String.join(", ", FOR_EVERY_INTERACTION));
            }
        }
    }
}
