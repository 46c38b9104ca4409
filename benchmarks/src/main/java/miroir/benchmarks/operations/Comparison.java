package miroir.benchmarks.operations;

import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import miroir.benchmarks.ProcessCpu;
import miroir.benchmarks.Times;

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
            Map<Way, Integer> requests = new EnumMap<>(Way.class);
            for (Asked each : asked) {
                Times warmUp = new LoadClient(each).run(operation, plan.warmUp(each.way(), operation), 0);
                requests.put(each.way(), Math.max(plan.requests(each.way(), operation), enough(warmUp)));
            }
            medians.addAll(measure(operation, asked, requests));
        }
        return medians;
    }

    private int enough(Times warmUp) {
        return (int) Math.ceil(plan.seconds() * warmUp.requests() / warmUp.seconds());
    }

    /** Another server may not know everything; what it cannot be asked is said and left out. */
    private List<Asked> asked(Operation operation) throws IOException {
        List<Asked> asked = new ArrayList<>();
        for (Asked each : ways) {
            String refusal = each.way() == Way.OTHER ? new Trial(each).refusal(operation) : null;
            if (refusal != null) {
                progress.accept(operation.title() + ": " + refusal + ", left out");
            } else if (each.way() != Way.ORDINARY || operation.isAskedOrdinarily()) {
                asked.add(each);
            }
        }
        return asked;
    }

    /** A comparison of servers that answer different things would be worth nothing. */
    private void compareAnswers(Operation operation, List<Asked> asked) {
        int people = ways.get(0).people().size();
        for (int i = 0; i < Math.min(people, COMPARED); i++) {
            Shown first = Shown.of(new LoadClient(asked.get(0)).once(operation, i));
            for (Asked each : asked.subList(1, asked.size())) {
                Shown other = Shown.of(new LoadClient(each).once(operation, i));
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

    private List<Measurement> measure(Operation operation, List<Asked> asked, Map<Way, Integer> requests)
            throws InterruptedException, ExecutionException {
        Map<Way, List<Measurement>> rounds = new EnumMap<>(Way.class);
        for (int round = 1; round <= plan.rounds(); round++) {
            for (Asked each : asked) {
                Measurement measurement = measure(each, operation, requests.getOrDefault(each.way(), 1), round);
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

    private Measurement measure(Asked asked, Operation operation, int requests, int round)
            throws InterruptedException, ExecutionException {
        List<Long> server = pids.getOrDefault(asked.way(), List.of());
        List<Long> database = List.of(databasePid);
        List<Long> client = List.of(ProcessHandle.current().pid());
        double serverBefore = seconds(server);
        double databaseBefore = seconds(database);
        double clientBefore = seconds(client);
        Times times = new LoadClient(asked).run(operation, requests, round);
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
