package miroir.server;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/**
 * HAPI runs without jars that it says it needs. Whatever misses one would log it, so the start, the first requests and
 * the first refusals must log nothing worse than INFO.
 */
@Tag("smoke")
final class QuietStartIT {
    private final Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    private final Collected collected = new Collected();

    @BeforeEach
    void listen() {
        collected.start();
        root.addAppender(collected);
    }

    @AfterEach
    void stopListening() {
        root.detachAppender(collected);
    }

    @Test
    void startAndFirstRequests_logNoWarning() throws Exception {
        try (TestServer server = TestServer.start()) {
            String practitioner = "{\"resourceType\":\"Practitioner\",\"id\":\"p1\"}";
            Http.write("PUT", server.uri("/fhir/Practitioner/p1"), practitioner);
            Http.write("POST", server.uri("/fhir/Practitioner"), practitioner);
            for (String path : List.of(
                    "/",
                    "/metrics",
                    "/health/ready",
                    "/fhir/metadata",
                    "/fhir/metadata?_pretty=true",
                    "/fhir/Practitioner",
                    "/fhir/Practitioner/p1",
                    "/fhir/Practitioner/none",
                    "/fhir/Practitioner/p1?_format=ttl",
                    "/fhir/Practitioner?nonsense=1",
                    "/fhir/Nonsense",
                    "/nowhere")) {
                Http.send("GET", server.uri(path));
                Http.send("GET", server.uri(path), "Accept", "text/turtle");
                Http.send("GET", server.uri(path), "Accept", "text/turtle, application/fhir+json;q=0.1");
            }
            Http.write("DELETE", server.uri("/fhir/Practitioner/p1"), "");
        }

        assertThat(collected.events)
                .filteredOn(event -> event.getLevel().isGreaterOrEqual(Level.WARN))
                .extracting(event -> event.getLoggerName() + ": " + event.getFormattedMessage())
                .isEmpty();
    }

    @Test
    void jarsThatNobodyNeeds_areNotOnTheClassPath() {
        assertThat(System.getProperty("java.class.path"))
                .doesNotContain("jena-")
                .doesNotContain("simple-java-mail");
    }

    private static final class Collected extends AppenderBase<ILoggingEvent> {
        private final List<ILoggingEvent> events = new CopyOnWriteArrayList<>();

        @Override
        protected void append(ILoggingEvent event) {
            events.add(event);
        }
    }
}
