package miroir.server.pipeline;

import miroir.server.configuration.TracingConfiguration;

/** Tells somebody the life of a request that is over. */
@FunctionalInterface
public interface TellTrace extends AutoCloseable {
    /** The id of its trace, by which its line in the log can be found; an empty text where it is not told. */
    String tell(Exchange exchange, String method, int status);

    /** Tells the last ones. */
    @Override
    default void close() {}

    /** As it is configured: to a collector, or to nobody. */
    static TellTrace asConfigured(TracingConfiguration tracing) {
        return tracing.spans()
                .<TellTrace>map(collector -> RequestTraces.to(collector, tracing))
                .orElse((exchange, method, status) -> "");
    }
}
