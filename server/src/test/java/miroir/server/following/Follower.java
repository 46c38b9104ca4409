package miroir.server.following;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import miroir.server.ServerProcess;
import org.jspecify.annotations.Nullable;

/**
 * A client that asks again and again for what was written since the instant of its last answer, as {@code docs/api} says: it
 * reads every page to the last, and begins the next question where the first page said that the answer ends. Every request,
 * of a further page as well, goes to another server than the one before.
 */
abstract class Follower implements Callable<Void> {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Instant LONG_AGO = Instant.parse("2020-01-01T00:00:00Z");
    private static final HttpClient CLIENT =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    /** A server that stands still does not answer; then another one is asked. */
    private static final Duration PATIENCE = Duration.ofSeconds(3);

    private final List<ServerProcess> servers;
    private final List<Long> lagMillis = new ArrayList<>();
    private int turn;

    /** The one that did not answer; it is asked again with the next question. */
    private @Nullable ServerProcess silent;

    private volatile Instant upTo = LONG_AGO;
    private volatile @Nullable Instant end;

    Follower(List<ServerProcess> servers, int turn) {
        this.servers = List.copyOf(servers);
        this.turn = turn;
    }

    /** The question for what was written at or after an instant. */
    abstract String since(Instant instant);

    /** Takes note of one entry. */
    abstract void see(JsonNode entry);

    /** Where the next question begins, when the last one was asked at the first instant and answered up to the second. */
    Instant next(Instant asked, Instant answered) {
        return answered;
    }

    /** Follows until it has been answered up to the instant that {@link #end} says. */
    @Override
    public Void call() throws Exception {
        Instant from = LONG_AGO;
        for (Instant last = end; last == null || upTo.isBefore(last); last = end) {
            Instant asked = Instant.now();
            Instant answered = poll(from);
            from = next(asked, answered);
            lagMillis.add(Duration.between(answered, asked).toMillis());
            upTo = answered;
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        }
        return null;
    }

    /** Up to when it knows everything. */
    Instant upTo() {
        return upTo;
    }

    /** Nothing is written after this instant. */
    void end(Instant instant) {
        end = instant;
    }

    /** By how much each answer was behind its question; below 0 where what was written meanwhile is in it. */
    List<Long> lagMillis() {
        return lagMillis;
    }

    private Instant poll(Instant from) throws Exception {
        silent = null;
        JsonNode page = get(since(from));
        Instant answered = asOf(page);
        page.path("entry").forEach(this::see);
        for (String next = next(page); next != null; next = next(page)) {
            page = get(next);
            assertThat(asOf(page)).as("instant of a further page").isEqualTo(answered);
            page.path("entry").forEach(this::see);
        }
        return answered;
    }

    private static Instant asOf(JsonNode page) {
        return Instant.parse(page.at("/meta/lastUpdated").asText());
    }

    /** The link to the next page without the server that gave it. */
    private static @Nullable String next(JsonNode page) {
        for (JsonNode link : page.path("link")) {
            if (link.path("relation").asText().equals("next")) {
                URI uri = URI.create(link.path("url").asText());
                return uri.getRawPath() + '?' + uri.getRawQuery();
            }
        }
        return null;
    }

    private ServerProcess nextServer() {
        ServerProcess server = servers.get(turn++ % servers.size());
        return server == silent ? servers.get(turn++ % servers.size()) : server;
    }

    private JsonNode get(String path) throws Exception {
        while (true) {
            ServerProcess server = nextServer();
            HttpRequest request =
                    HttpRequest.newBuilder(server.uri(path)).timeout(PATIENCE).build();
            try {
                HttpResponse<String> answer = CLIENT.send(request, HttpResponse.BodyHandlers.ofString());
                if (answer.statusCode() != 503) {
                    assertThat(answer.statusCode())
                            .as("%s: %s", path, answer.body())
                            .isEqualTo(200);
                    return JSON.readTree(answer.body());
                }
            } catch (IOException e) {
                silent = server;
            }
        }
    }
}
