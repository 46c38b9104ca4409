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
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.Writer;
import java.lang.reflect.InvocationTargetException;
import java.nio.charset.StandardCharsets;
import miroir.index.json.Utf8Buffer;
import miroir.server.failure.Failure;
import miroir.server.failure.Failures;
import miroir.server.failure.WriteOutcome;
import miroir.server.format.AnswerFormat;
import miroir.server.pipeline.Exchange;
import miroir.server.pipeline.Step;
import org.hl7.fhir.instance.model.api.IBaseResource;
import org.hl7.fhir.r4.model.Basic;
import org.hl7.fhir.r4.model.OperationOutcome;
import org.jspecify.annotations.Nullable;

/**
 * Where our answers leave HAPI. HAPI believes that it handles models: before a provider is called it would parse the
 * body into one, and afterwards encode the one that the provider returned, which costs fifty times as much as everything
 * else. So the parsing is skipped, and the first-ordered and last-ordered hooks around the response turn a pending answer
 * into a model, where one is needed, or into bytes.
 */
@Interceptor
public final class AnswerHooks {
    /** HAPI compares orders by subtracting them, which fails for the very smallest and the very largest number. */
    private static final int FIRST = -1_000_000;

    private static final int LAST = 1_000_000;

    private static final int PIECE = 1 << 17;

    private final boolean alwaysInflate;
    private final FhirContext context;

    /**
     * @param alwaysInflate takes HAPI's ordinary path, as it comes, for everything that has a body; only benchmarks and tests
     *     want that
     */
    public AnswerHooks(FhirContext context, boolean alwaysInflate) {
        this.context = context;
        this.alwaysInflate = alwaysInflate;
    }

    /** HAPI parses the body for interceptors unless the request has a resource already, and gzips by itself. */
    @Hook(Pointcut.SERVER_INCOMING_REQUEST_POST_PROCESSED)
    public void prepare(ServletRequestDetails details) {
        details.setRespondGzip(false);
        if (details.getRequestType() == RequestTypeEnum.POST || details.getRequestType() == RequestTypeEnum.PUT) {
            details.setResource(new Basic());
        }
    }

    /** Makes the model that interceptors and HAPI's encoder need. */
    @Hook(value = Pointcut.SERVER_OUTGOING_RESPONSE, order = FIRST)
    public void inflate(ServletRequestDetails details, ResponseDetails response) {
        Answer answer = PendingAnswer.of(details);
        if (answer != null && alwaysInflate && !(answer.body() instanceof Answer.None)) {
            byte[] bytes = AnswerBody.of(answer.body(), AnswerFormat.PLAIN_JSON).toByteArray();
            String json = new String(bytes, StandardCharsets.UTF_8);
            response.setResponseResource(context.newJsonParser().parseResource(json));
            details.addParameter(
                    "_format", new String[] {answer.format().format().shortName()});
        }
    }

    /** Writes the bytes of a pending answer; false keeps HAPI from writing anything. */
    @Hook(value = Pointcut.SERVER_OUTGOING_RESPONSE, order = LAST)
    public boolean write(ServletRequestDetails details, ResponseDetails response) throws IOException {
        Answer answer = PendingAnswer.of(details);
        if (answer == null || isInflated(response.getResponseResource())) {
            return true;
        }
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
        boolean empty = answer.body() instanceof Answer.None;
        OutputStream stream = out.getResponseOutputStream(
                answer.status(),
                empty ? null : answer.format().format().contentType(),
                empty ? null : Integer.valueOf(body.size()));
        try {
            send(body, stream, exchange);
            out.commitResponse(stream);
        } catch (IOException e) {
            // The client went away, or took the answer too slowly; there is nobody left to tell.
            exchange.aborted();
        }
        return false;
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

    /** Gives back what the request held, whatever came of it: in somebody else's server nobody else would. */
    @Hook(Pointcut.SERVER_PROCESSING_COMPLETED)
    public void complete(ServletRequestDetails details) {
        Exchange.find(details.getServletRequest()).ifPresent(Exchange::over);
    }

    /** HAPI and Jetty together flush after every JSON value; a bundle of 50 would leave in 4,259 chunks. */
    @Hook(Pointcut.SERVER_OUTGOING_WRITER_CREATED)
    public @Nullable Writer buffer(Writer writer) {
        if (alwaysInflate) {
            return null;
        }
        return new BufferedWriter(writer, 1 << 15) {
            @Override
            public void flush() {
                // Closing flushes.
            }

            @Override
            public void close() throws IOException {
                super.flush();
                super.close();
            }
        };
    }

    /**
     * Answers a failure. What HAPI encodes and sends after this goes nowhere: the answer is finished. In somebody else's
     * server HAPI sends it.
     */
    @Hook(Pointcut.SERVER_PRE_PROCESS_OUTGOING_EXCEPTION)
    public BaseServerResponseException answer(ServletRequestDetails details, Throwable failure) throws IOException {
        Throwable thrown = thrownByProvider(failure);
        if (details.getResponse() instanceof FhirResponse response) {
            response.finish(thrown);
            return new Finished(500, new OperationOutcome());
        }
        Failure answer = Failures.of(thrown, String.valueOf(details.getRequestId()));
        String json = new String(
                WriteOutcome.errors(answer.issues(), AnswerFormat.PLAIN_JSON).toByteArray(), StandardCharsets.UTF_8);
        Finished finished =
                new Finished(answer.status(), context.newJsonParser().parseResource(OperationOutcome.class, json));
        answer.headers().forEach(finished::addResponseHeader);
        return finished;
    }

    /** HAPI calls providers by reflection, and wraps what they throw twice. */
    private static Throwable thrownByProvider(Throwable failure) {
        Throwable reflected = failure.getCause();
        return reflected instanceof InvocationTargetException && reflected.getCause() != null
                ? reflected.getCause()
                : failure;
    }

    private static boolean isInflated(@Nullable IBaseResource resource) {
        return resource != null && !(resource instanceof StandIn);
    }

    /** Tells HAPI that something failed, after the answer was given. */
    private static final class Finished extends BaseServerResponseException {
        private static final long serialVersionUID = 1L;

        Finished(int status, OperationOutcome outcome) {
            super(status, "answered", outcome);
        }
    }
}
