package miroir.server.pipeline;

import java.util.regex.Pattern;
import miroir.server.routing.Interaction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * One line per request, with its facts as key-value pairs; the request id is in the MDC. Of the URL only the type is logged: ids and search values
 * can be personal data.
 */
final class AccessLog {
    /** Under which the MDC has the request id. */
    static final String REQUEST = "request";

    private static final Pattern METHOD = Pattern.compile("[A-Z]{1,10}");

    private static final Logger LOG = LoggerFactory.getLogger("miroir.access");

    private AccessLog() {}

    /** Of what was never read, there is nothing more to say, and the peer may be a gateway. */
    static void writeRefused(String requestId, String method, String peer, int status) {
        MDC.put(REQUEST, requestId);
        try {
            LOG.atInfo()
                    .addKeyValue("peer", peer)
                    .addKeyValue("method", spelled(method))
                    .addKeyValue("interaction", Interaction.NONE.code())
                    .addKeyValue("status", status)
                    .log("refused");
        } finally {
            MDC.remove(REQUEST);
        }
    }

    /**
     * {@code client} is where it came from, {@code bytes} are those that were sent, and {@code aborted} says that they are not all.
     *
     * @param trace by which a collector knows it; an empty text where none does
     */
    static void write(Exchange exchange, String method, int status, String trace) {
        LoggingEventBuilder line = LOG.atInfo()
                .addKeyValue("client", exchange.client())
                .addKeyValue("method", spelled(method))
                .addKeyValue("interaction", exchange.route().interaction().code())
                .addKeyValue("type", exchange.what())
                .addKeyValue("status", status)
                .addKeyValue("ms", Math.round(exchange.nanos() / 10_000.0) / 100.0)
                .addKeyValue("bytes", exchange.bytes());
        line = exchange.tenant().isEmpty() ? line : line.addKeyValue("tenant", exchange.tenant());
        line = exchange.consumer().isEmpty() ? line : line.addKeyValue("consumer", exchange.consumer());
        line = trace.isEmpty() ? line : line.addKeyValue("trace", trace);
        (exchange.isAborted() ? line.addKeyValue("aborted", true) : line).log("request");
    }

    /** Whatever stands where a method belongs may be something else, such as a token. */
    private static String spelled(String method) {
        return METHOD.matcher(method).matches() ? method : "";
    }
}
