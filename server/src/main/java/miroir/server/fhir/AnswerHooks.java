package miroir.server.fhir;

import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.interceptor.api.Hook;
import ca.uhn.fhir.interceptor.api.Interceptor;
import ca.uhn.fhir.interceptor.api.Pointcut;
import ca.uhn.fhir.rest.api.RequestTypeEnum;
import ca.uhn.fhir.rest.api.server.IRestfulResponse;
import ca.uhn.fhir.rest.api.server.ResponseDetails;
import ca.uhn.fhir.rest.server.exceptions.BaseServerResponseException;
import ca.uhn.fhir.rest.server.servlet.ServletRequestDetails;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.reflect.InvocationTargetException;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import miroir.index.Refusal;
import miroir.index.json.Utf8Buffer;
import miroir.server.failure.Failure;
import miroir.server.failure.Failures;
import miroir.server.failure.WriteOutcome;
import miroir.server.format.AnswerFormat;
import miroir.server.pipeline.Exchange;
import miroir.server.pipeline.Step;
import org.hl7.fhir.instance.model.api.IBaseResource;
import org.hl7.fhir.r4.model.Bundle;
import org.hl7.fhir.r4.model.OperationOutcome;
import org.hl7.fhir.r4.model.UnsignedIntType;
import org.jspecify.annotations.Nullable;

/**
 * Where our answers leave HAPI. HAPI believes that it handles models; where it was handed a stub instead, the answer's bytes are
 * written here and HAPI writes nothing. Where it was handed a model, HAPI encodes what the interceptors before the last of these hooks have left of
 * it. Nothing is done to requests for which no provider of ours was called.
 */
@Interceptor
public final class AnswerHooks {
    /** HAPI compares orders by subtracting them, which fails for the very smallest and the very largest number. */
    private static final int FIRST = -1_000_000;

    private static final int LAST = 1_000_000;

    private static final int PIECE = 1 << 17;

    /** What HAPI says by itself of a resource that has an id. */
    private static final Set<String> OF_RESOURCES = Set.of("ETag", "Last-Modified", "Content-Location");

    /** And of one that was patched. */
    private static final Set<String> OF_PATCHED = Set.of("Last-Modified", "Content-Location");

    private final FhirContext context;

    AnswerHooks(FhirContext context) {
        this.context = context;
    }

    /** HAPI takes {@code _count} for the total of a bundle that has none, and needed an id that is none. */
    @Hook(value = Pointcut.SERVER_OUTGOING_RESPONSE, order = FIRST)
    public void restore(ServletRequestDetails details) {
        PendingAnswer pending = PendingAnswer.of(details);
        if (pending != null
                && pending.model() instanceof Bundle bundle
                && pending.answer().body() instanceof Answer.Bundle body) {
            Long total = body.total();
            bundle.setId(body.id());
            bundle.setTotalElement(total == null ? null : new UnsignedIntType(total));
        }
    }

    /** Writes the bytes of a pending answer; false keeps HAPI from writing anything. */
    @Hook(value = Pointcut.SERVER_OUTGOING_RESPONSE, order = LAST)
    public boolean write(ServletRequestDetails details, ResponseDetails response) throws IOException {
        PendingAnswer pending = PendingAnswer.of(details);
        if (pending == null) {
            return true;
        }
        IBaseResource resource = response.getResponseResource();
        if (pending.isOurs(resource)) {
            write(details, pending.answer());
            return false;
        }
        if (resource != null && resource == pending.model()) {
            addHeaders(details, pending.answer(), resource);
        }
        return true;
    }

    private static void write(ServletRequestDetails details, Answer answer) throws IOException {
        Exchange exchange = Exchange.of(details.getServletRequest());
        Utf8Buffer body = AnswerBody.of(answer.body(), answer.format());
        exchange.done(Step.WRITE, () -> body.size() + " bytes");
        PendingAnswer.forget(details);
        exchange.buffered(body.array().length);
        IRestfulResponse out = details.getResponse();
        answer.headers().forEach(out::addHeader);
        if (exchange.isTraced()) {
            out.addHeader("Server-Timing", exchange.serverTiming());
        }
        OutputStream stream = out.getResponseOutputStream(
                answer.status(),
                answer.hasBody() ? answer.contentType() : null,
                answer.hasBody() ? Integer.valueOf(body.size()) : null);
        try {
            send(body, stream, exchange);
            out.commitResponse(stream);
        } catch (IOException e) {
            // The client went away, or took the answer too slowly; there is nobody left to tell.
            exchange.aborted();
        }
    }

    /** In pieces: where the client takes no more, it is known how much was taken. */
    private static void send(Utf8Buffer body, OutputStream out, Exchange exchange) throws IOException {
        for (int sent = 0; sent < body.size(); ) {
            int piece = Math.min(PIECE, body.size() - sent);
            out.write(body.array(), sent, piece);
            sent += piece;
            exchange.wrote(sent);
        }
    }

    private static void addHeaders(ServletRequestDetails details, Answer answer, IBaseResource model) {
        boolean named = !(model instanceof Bundle) && model.getIdElement().hasIdPart();
        boolean created = details.getRequestType() == RequestTypeEnum.POST;
        Set<String> byHapi = details.getRequestType() == RequestTypeEnum.PATCH ? OF_PATCHED : OF_RESOURCES;
        answer.headers().forEach((name, value) -> {
            if (!named || !(byHapi.contains(name) || (created && name.equals("Location")))) {
                details.getResponse().addHeader(name, value);
            }
        });
    }

    /** Gives back what the request held, whatever came of it: in somebody else's server nobody else would. */
    @Hook(Pointcut.SERVER_PROCESSING_COMPLETED)
    public void complete(ServletRequestDetails details) {
        Exchange.find(details.getServletRequest()).ifPresent(Exchange::over);
    }

    /**
     * Answers a failure. What HAPI encodes and sends after this goes nowhere: the answer is finished. In somebody else's
     * server HAPI sends it, and null leaves what is not ours as it is.
     */
    @Hook(Pointcut.SERVER_PRE_PROCESS_OUTGOING_EXCEPTION)
    public @Nullable BaseServerResponseException answer(ServletRequestDetails details, Throwable failure)
            throws IOException {
        Throwable thrown = thrownByProvider(failure);
        if (details.getResponse() instanceof FhirResponse response) {
            response.finish(thrown);
            return new Finished(500, new OperationOutcome());
        }
        boolean ours = Exchange.find(details.getServletRequest()).isPresent()
                && (thrown != failure || thrown instanceof Refusal);
        return ours ? finished(Failures.of(thrown, String.valueOf(details.getRequestId()))) : null;
    }

    private Finished finished(Failure failure) {
        String json = new String(
                WriteOutcome.errors(failure.issues(), AnswerFormat.PLAIN_JSON).toByteArray(), StandardCharsets.UTF_8);
        Finished finished =
                new Finished(failure.status(), context.newJsonParser().parseResource(OperationOutcome.class, json));
        failure.headers().forEach(finished::addResponseHeader);
        return finished;
    }

    /** HAPI calls providers by reflection, and wraps what they throw twice. */
    private static Throwable thrownByProvider(Throwable failure) {
        Throwable reflected = failure.getCause();
        return reflected instanceof InvocationTargetException && reflected.getCause() != null
                ? reflected.getCause()
                : failure;
    }

    /** Tells HAPI that something failed, after the answer was given. */
    private static final class Finished extends BaseServerResponseException {
        private static final long serialVersionUID = 1L;

        Finished(int status, OperationOutcome outcome) {
            super(status, "answered", outcome);
        }
    }
}
