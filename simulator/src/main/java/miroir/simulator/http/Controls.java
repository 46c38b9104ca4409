package miroir.simulator.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.URLDecoder;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import miroir.index.json.ResourceWriter;
import miroir.index.json.Utf8Buffer;
import miroir.simulator.Kind;
import miroir.simulator.fault.FaultRule;
import miroir.simulator.life.Event;
import org.bson.RawBsonDocument;

/** The hand that moves the simulated directory: its clock, what happens to it, what goes wrong. Without key or quota. */
final class Controls {
    private static final String JSON = "application/json";

    private final Simulator simulator;
    private final SimulatorSettings settings;

    Controls(Simulator simulator, SimulatorSettings settings) {
        this.simulator = simulator;
        this.settings = settings;
    }

    void handle(Answer answer) throws IOException {
        String path = answer.path().substring("/simulator".length());
        try {
            switch (answer.method() + " " + path) {
                case "GET ", "GET /" -> sendState(answer);
                case "GET /examples" -> answer.send(200, "text/plain", String.join("\n", Examples.names()) + "\n");
                case "POST /clock" -> moveClock(answer);
                case "POST /events" -> happen(answer);
                case "POST /faults" -> addFaults(answer);
                case "DELETE /faults" -> {
                    simulator.faults().clear();
                    sendState(answer);
                }
                default -> handleNamed(answer, path);
            }
        } catch (IllegalArgumentException | DateTimeException e) {
            answer.send(400, "text/plain", e.getMessage() + "\n");
        }
    }

    private void handleNamed(Answer answer, String path) throws IOException {
        if (answer.method().equals("GET") && path.startsWith("/examples/")) {
            Examples.Example example = Examples.find(path.substring("/examples/".length()));
            answer.send(example.status(), Answer.FHIR_JSON, example.text());
        } else if (answer.method().equals("GET") && path.startsWith("/current/")) {
            sendCurrent(answer, kind(path.substring("/current/".length())));
        } else {
            answer.send(
                    404,
                    "text/plain",
                    "there are: GET /simulator, GET /simulator/examples[/NAME], GET"
                            + " /simulator/current/TYPE, POST /simulator/clock?advance=P1D, POST"
                            + " /simulator/events?event=change&type=TYPE&share=0.1, POST /simulator/faults?add=RULE, DELETE"
                            + " /simulator/faults\n");
        }
    }

    private void moveClock(Answer answer) {
        Map<String, String> asked = parameters(answer.query());
        if (asked.containsKey("to")) {
            Instant to = Instant.parse(asked.get("to"));
            simulator.clock().advance(Duration.between(simulator.clock().now(), to));
        } else {
            simulator.clock().advance(Duration.parse(asked.getOrDefault("advance", "PT0S")));
        }
        sendState(answer);
    }

    private void happen(Answer answer) {
        Map<String, String> asked = parameters(answer.query());
        Event event = event(asked.getOrDefault("event", ""));
        double share = Double.parseDouble(asked.getOrDefault("share", "1"));
        if (asked.containsKey("type")) {
            simulator.happen(kind(asked.get("type")), event, share);
        } else {
            simulator.happen(List.of(Kind.values()), event, share);
        }
        sendState(answer);
    }

    private void addFaults(Answer answer) {
        FaultRule.parseAll(parameters(answer.query()).getOrDefault("add", "")).stream()
                .map(Examples::checked)
                .forEach(simulator.faults()::add);
        sendState(answer);
    }

    private void sendState(Answer answer) {
        answer.send(
                200,
                JSON,
                "{\"now\":\"" + simulator.clock().now() + "\",\"seed\":" + settings.seed()
                        + ",\"size\":" + settings.size()
                        + ",\"base\":\"" + simulator.base() + "\",\"requests\":"
                        + simulator.journal().count()
                        + ",\"rules\":["
                        + simulator.faults().rules().stream()
                                .map(rule -> "\"" + rule + "\"")
                                .collect(Collectors.joining(","))
                        + "],\"faults\":{"
                        + simulator.faults().happened().entrySet().stream()
                                .map(entry -> "\"" + entry.getKey().text() + "\":" + entry.getValue())
                                .collect(Collectors.joining(","))
                        + "}}\n");
    }

    private void sendCurrent(Answer answer, Kind kind) throws IOException {
        answer.stream("application/x-ndjson", out -> {
            Utf8Buffer line = new Utf8Buffer(4096);
            for (Iterator<RawBsonDocument> all = simulator.current(kind).iterator(); all.hasNext(); ) {
                ResourceWriter.write(all.next(), line, false);
                line.putByte('\n');
                line.writeTo(out);
                line.clear();
            }
        });
    }

    private static Event event(String text) {
        String events = Stream.of(Event.values()).map(Controls::text).collect(Collectors.joining(" "));
        return Stream.of(Event.values())
                .filter(event -> text(event).equals(text))
                .findFirst()
                .orElseThrow(
                        () -> new IllegalArgumentException("there is no event '" + text + "'; there are: " + events));
    }

    private static String text(Event event) {
        return event.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static Kind kind(String type) {
        return Stream.of(Kind.values())
                .filter(kind -> kind.type().equals(type))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no type '" + type + "'; there are: "
                        + Stream.of(Kind.values()).map(Kind::type).collect(Collectors.joining(" "))));
    }

    private static Map<String, String> parameters(String query) {
        return Stream.of(query.split("&", -1))
                .filter(pair -> pair.contains("="))
                .map(pair -> pair.split("=", 2))
                .collect(Collectors.toMap(
                        pair -> pair[0], pair -> URLDecoder.decode(pair[1], UTF_8), (first, second) -> second));
    }
}
