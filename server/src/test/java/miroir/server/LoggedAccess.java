package miroir.server;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.LoggerFactory;

/** What the log says of requests while somebody looks. */
final class LoggedAccess extends ListAppender<ILoggingEvent> {
    private static final Logger ACCESS = (Logger) LoggerFactory.getLogger("miroir.access");

    private LoggedAccess() {
        list = new CopyOnWriteArrayList<>();
    }

    static LoggedAccess begin() {
        LoggedAccess log = new LoggedAccess();
        log.start();
        ACCESS.addAppender(log);
        return log;
    }

    void end() {
        ACCESS.detachAppender(this);
    }

    @Override
    protected void append(ILoggingEvent event) {
        // The context of the request is that of its thread, and asked for by another one.
        event.prepareForDeferredProcessing();
        super.append(event);
    }

    /** The lines of the request with that id. */
    List<ILoggingEvent> of(String requestId) {
        return list.stream()
                .filter(event -> requestId.equals(event.getMDCPropertyMap().get("request")))
                .toList();
    }
}
