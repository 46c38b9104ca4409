package miroir.server.fhir;

import ca.uhn.fhir.rest.server.servlet.ServletRequestDetails;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import miroir.index.Refusal;
import miroir.index.search.Handling;
import miroir.index.search.QueryParameter;
import miroir.index.store.Caller;
import miroir.index.store.ResourceKey;
import miroir.server.format.AnswerFormat;
import miroir.server.pipeline.Exchange;
import miroir.server.pipeline.Step;
import org.jspecify.annotations.Nullable;

/** A request in the words of FHIR, taken from what the client sent and not from what HAPI made of it. */
final class FhirRequest {
    /** Parameters that concern the answer, whatever is asked. */
    static final List<String> FOR_EVERY_INTERACTION = List.of("_format", "_pretty");

    /** Parts of resources; R4 has them for every answer, and searches refuse them likewise. */
    private static final List<String> NOT_OFFERED = List.of("_summary", "_elements");

    private final HttpServletRequest servletRequest;
    private final Exchange exchange;
    private final List<QueryParameter> query;
    private final AnswerFormat format;

    private FhirRequest(Exchange exchange) {
        this.exchange = exchange;
        this.servletRequest = exchange.request();
        this.query = exchange.query();
        this.format = AnswerFormat.of(servletRequest, query);
    }

    static FhirRequest of(ServletRequestDetails details) {
        FhirRequest request = new FhirRequest(
                Exchange.find(details.getServletRequest()).orElseGet(() -> HostedRequest.exchange(details)));
        request.exchange.done(Step.HAPI);
        return request;
    }

    Exchange exchange() {
        return exchange;
    }

    Caller caller() {
        return exchange.caller();
    }

    /** The resource that the path names. */
    ResourceKey key() {
        return exchange.route().key();
    }

    /** The version that the path names; an empty string where it names none. */
    String version() {
        return exchange.route().version();
    }

    /** What was asked, below the base. */
    String path() {
        return exchange.route().path();
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
        return Collections.list(servletRequest.getHeaders("Prefer")).stream()
                .flatMap(header -> Arrays.stream(header.split("[,;]", -1)))
                .map(String::strip)
                .filter(part -> part.startsWith(name + "="))
                .map(part -> part.substring(name.length() + 1).replace("\"", ""))
                .findFirst();
    }

    /** How the answer is to be written. */
    AnswerFormat format() {
        return format;
    }

    /** Refuses parameters where none has a meaning, except those that every interaction has. */
    void refuseParameters() {
        refuseParametersBut(List.of());
    }

    /** Refuses all parameters but these and those that every interaction has. */
    void refuseParametersBut(List<String> own) {
        List<String> allowed =
                Stream.concat(own.stream(), FOR_EVERY_INTERACTION.stream()).toList();
        for (QueryParameter parameter : query) {
            if (NOT_OFFERED.contains(parameter.name())) {
                throw new Refusal(Refusal.Reason.NOT_SUPPORTED, parameter.name() + " is not supported by this server");
            }
            if (!allowed.contains(parameter.name())) {
                throw new Refusal(
                        Refusal.Reason.INVALID,
                        "the parameter \"" + parameter.name() + "\" means nothing here; allowed: "
                                + String.join(", ", allowed));
            }
        }
    }
}
