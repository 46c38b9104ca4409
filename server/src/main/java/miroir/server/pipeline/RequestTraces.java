package miroir.server.pipeline;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporterBuilder;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import jakarta.servlet.http.HttpServletRequest;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import miroir.server.configuration.TracingConfiguration;
import miroir.server.metadata.ServerVersion;
import miroir.server.routing.Route;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells a collector the life of requests, with their steps, as spans of OpenTelemetry.
 *
 * <p>A request is measured whether it is told or not, and what is measured becomes spans once it is over. So nothing of a
 * request knows of traces, and where none are told a request costs nothing more. Spans wait in a queue that is bounded; where the
 * collector does not take them they are dropped, and no request waits.
 *
 * <p>Who called before us is in {@code traceparent}, and decides whether this request is told as well. Neither ids nor what was searched for is
 * told, nor who asked: the interaction, the type and the id of the request are, by which the log has the rest.
 */
public final class RequestTraces implements TellTrace, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RequestTraces.class);
    private static final int MOST_WAITING = 4_096;
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private static final AttributeKey<String> METHOD = AttributeKey.stringKey("http.request.method");
    private static final AttributeKey<Long> STATUS = AttributeKey.longKey("http.response.status_code");
    private static final AttributeKey<Long> BYTES = AttributeKey.longKey("http.response.body.size");
    private static final AttributeKey<String> INTERACTION = AttributeKey.stringKey("miroir.interaction");
    private static final AttributeKey<String> TYPE = AttributeKey.stringKey("miroir.type");
    private static final AttributeKey<String> TENANT = AttributeKey.stringKey("miroir.tenant");
    private static final AttributeKey<String> REQUEST = AttributeKey.stringKey("miroir.request");

    private static final TextMapGetter<HttpServletRequest> HEADERS = new TextMapGetter<>() {
        @Override
        public @Nullable String get(@Nullable HttpServletRequest request, String key) {
            return request == null ? null : request.getHeader(key);
        }
    };

    private final SdkTracerProvider provider;
    private final Tracer tracer;
    private final InstantSource clock;

    private RequestTraces(SdkTracerProvider provider, InstantSource clock) {
        this.provider = provider;
        this.tracer = provider.get("miroir");
        this.clock = clock;
    }

    /** To the collector there. */
    public static RequestTraces to(URI endpoint, TracingConfiguration configuration) {
        OtlpHttpSpanExporterBuilder exporter =
                OtlpHttpSpanExporter.builder().setEndpoint(endpoint.toString()).setTimeout(PATIENCE);
        configuration.headers().forEach(exporter::addHeader);
        return new RequestTraces(provider(configuration, exporter.build()), InstantSource.system());
    }

    private static SdkTracerProvider provider(TracingConfiguration configuration, OtlpHttpSpanExporter exporter) {
        Resource resource = Resource.create(Attributes.of(
                AttributeKey.stringKey("service.name"), configuration.service(),
                AttributeKey.stringKey("service.version"), ServerVersion.text()));
        return SdkTracerProvider.builder()
                .setResource(resource)
                .setSampler(Sampler.parentBased(Sampler.traceIdRatioBased(configuration.sampled())))
                .addSpanProcessor(BatchSpanProcessor.builder(exporter)
                        .setMaxQueueSize(MOST_WAITING)
                        .setExporterTimeout(PATIENCE)
                        .build())
                .build();
    }

    @Override
    public String tell(Exchange exchange, String method, int status) {
        try {
            return told(exchange, method, status);
        } catch (RuntimeException e) {
            LOG.warn("a request could not be told", e);
            return "";
        }
    }

    private String told(Exchange exchange, String method, int status) {
        long nanos = exchange.nanos();
        Instant end = clock.instant();
        Instant begin = end.minusNanos(nanos);
        Context before = W3CTraceContextPropagator.getInstance().extract(Context.root(), exchange.request(), HEADERS);
        Route route = exchange.route();
        String type = exchange.what();
        Span span = tracer.spanBuilder(route.interaction().code() + (type.isEmpty() ? "" : " " + type))
                .setParent(before)
                .setSpanKind(SpanKind.SERVER)
                .setStartTimestamp(begin)
                .setAttribute(METHOD, method)
                .setAttribute(STATUS, (long) status)
                .setAttribute(BYTES, exchange.bytes())
                .setAttribute(INTERACTION, route.interaction().code())
                .setAttribute(TYPE, type)
                .setAttribute(REQUEST, exchange.requestId())
                .startSpan();
        if (!span.getSpanContext().isSampled()) {
            return "";
        }
        if (!exchange.tenant().isEmpty()) {
            span.setAttribute(TENANT, exchange.tenant());
        }
        if (status >= 500) {
            span.setStatus(StatusCode.ERROR);
        }
        tellSteps(Context.root().with(span), begin, exchange);
        span.end(end);
        return span.getSpanContext().getTraceId();
    }

    private void tellSteps(Context within, Instant begin, Exchange exchange) {
        Instant[] at = {begin};
        exchange.eachStep((step, nanos) -> {
            Instant end = at[0].plusNanos(nanos);
            tracer.spanBuilder(step.label())
                    .setParent(within)
                    .setStartTimestamp(at[0])
                    .startSpan()
                    .end(end);
            at[0] = end;
        });
    }

    /** Sends what waits, for some seconds at most. */
    @Override
    public void close() {
        provider.shutdown().join(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }
}
