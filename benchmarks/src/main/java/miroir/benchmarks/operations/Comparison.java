package miroir.benchmarks.operations;

import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import miroir.benchmarks.ProcessCpu;
import miroir.benchmarks.Times;
import org.bson.Document;

/**
 * Asks for every operation every way. All servers run at once and only one is asked at a time; the ways take turns within each round, so that whatever else the
 * machine does meets all of them. Before anything is measured all ways must have answered the same.
 *
 * @param ways the first is the one that the others have to agree with
 * @param pids of the processes of each way, whose CPU is counted
 * @param databasePid of mongod; 0 where it cannot be seen
 */
record Comparison(Plan plan, List<Asked> ways, Map<Way, List<Long>> pids, long databasePid, Consumer<String> progress) {
    private static final int COMPARED = 20;

    /** The medians, by operation and way. */
    List<Measurement> run() throws InterruptedException, ExecutionException, IOException {
        List<Measurement> medians = new ArrayList<>();
        for (Operation operation : Operation.values()) {
            List<Asked> asked = asked(operation);
            if (asked.isEmpty()) {
                continue;
            }
            compareAnswers(operation, asked);
            for (Asked each : asked) {
                new LoadClient(each).run(operation, plan.warmUp(each.way(), operation), 0);
            }
            medians.addAll(measure(operation, asked));
        }
        return medians;
    }

    /** Another server may not know everything; what it refuses is said and left out. */
    private List<Asked> asked(Operation operation) throws IOException {
        List<Asked> asked = new ArrayList<>();
        for (Asked each : ways) {
            if (each.way() == Way.OTHER) {
                int status = new LoadClient(each).status(operation);
                if (status != 200) {
                    progress.accept(operation.title() + ": answered with " + status + ", left out");
                    continue;
                }
            }
            if (each.way() != Way.ORDINARY || operation.isAskedOrdinarily()) {
                asked.add(each);
            }
        }
        return asked;
    }

    /** A comparison of servers that answer different things would be worth nothing. */
    private void compareAnswers(Operation operation, List<Asked> asked) {
        int people = ways.get(0).people().size();
        for (int i = 0; i < Math.min(people, COMPARED); i++) {
            String first = shown(new LoadClient(asked.get(0)).once(operation, i));
            for (Asked each : asked.subList(1, asked.size())) {
                String other = shown(new LoadClient(each).once(operation, i));
                if (!first.equals(other)) {
                    throw new IllegalStateException("%s: %s was answered with %s, and %s with %s"
                            .formatted(
                                    operation.title(),
                                    asked.get(0).target(operation, i),
                                    first,
                                    each.target(operation, i),
                                    other));
                }
            }
        }
    }

    /** Which resources an answer has, those that were included in no order; or how many there are. */
    private static String shown(String body) {
        Document answer = Document.parse(body);
        if (!"Bundle".equals(answer.getString("resourceType"))) {
            return key(answer);
        }
        List<Document> entries = answer.getList("entry", Document.class, List.of());
        if (entries.isEmpty()) {
            return "a total of " + answer.get("total");
        }
        return keys(entries, "match", false) + " " + keys(entries, "include", true);
    }

    private static List<String> keys(List<Document> entries, String mode, boolean sorted) {
        List<String> keys = entries.stream()
                .filter(entry -> mode.equals(entry.get("search", Document.class).getString("mode")))
                .map(entry -> key(entry.get("resource", Document.class)))
                .collect(Collectors.toCollection(ArrayList::new));
        if (sorted) {
            keys.sort(null);
        }
        return keys;
    }

    private static String key(Document resource) {
        return resource.getString("resourceType") + "/" + resource.getString("id");
    }

    private List<Measurement> measure(Operation operation, List<Asked> asked)
            throws InterruptedException, ExecutionException {
        Map<Way, List<Measurement>> rounds = new EnumMap<>(Way.class);
        for (int round = 1; round <= plan.rounds(); round++) {
            for (Asked each : asked) {
                Measurement measurement = measure(each, operation, round);
                rounds.computeIfAbsent(each.way(), way -> new ArrayList<>()).add(measurement);
                progress.accept("%s, round %d, %s: %.0f/s, %.0f + %.0f µs"
                        .formatted(
                                operation.title(),
                                round,
                                each.way().code(),
                                measurement.perSecond(),
                                measurement.serverMicros(),
                                measurement.databaseMicros()));
            }
        }
        return rounds.values().stream().map(Measurement::median).toList();
    }

    private Measurement measure(Asked asked, Operation operation, int round)
            throws InterruptedException, ExecutionException {
        List<Long> server = pids.getOrDefault(asked.way(), List.of());
        List<Long> database = List.of(databasePid);
        List<Long> client = List.of(ProcessHandle.current().pid());
        double serverBefore = seconds(server);
        double databaseBefore = seconds(database);
        double clientBefore = seconds(client);
        Times times = new LoadClient(asked).run(operation, plan.requests(asked.way(), operation), round);
        double micros = 1e6 / times.requests();
        return new Measurement(
                asked.way(),
                operation,
                times.requests() / times.seconds(),
                times.p50Millis(),
                times.p95Millis(),
                times.p99Millis(),
                (seconds(server) - serverBefore) * micros,
                (seconds(database) - databaseBefore) * micros,
                (seconds(client) - clientBefore) * micros);
    }

    private static double seconds(List<Long> pids) {
        return pids.stream().mapToDouble(ProcessCpu::seconds).sum();
    }
}
