package miroir.benchmarks;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;

/**
 * Runs every workload against every way. All servers run at once and only one is asked at a time; the ways take turns
 * within each round, so that whatever else the machine does meets all of them.
 */
final class Comparison {
    private final Plan plan;
    private final Map<Way, ServerProcess> servers;
    private final long databasePid;
    private final List<String> ids;
    private final Consumer<String> progress;

    Comparison(
            Plan plan, Map<Way, ServerProcess> servers, long databasePid, List<String> ids, Consumer<String> progress) {
        this.plan = plan;
        this.servers = servers;
        this.databasePid = databasePid;
        this.ids = ids;
        this.progress = progress;
    }

    /** The medians, by workload and way. */
    List<Measurement> run() throws InterruptedException, ExecutionException {
        List<Measurement> medians = new ArrayList<>();
        for (Workload workload : Workload.values()) {
            checkAnswers(workload);
            for (Way way : servers.keySet()) {
                client(way).run(workload, plan.warmUp(way, workload), 0);
            }
            Map<Way, List<Measurement>> rounds = new EnumMap<>(Way.class);
            for (int round = 1; round <= plan.rounds(); round++) {
                for (Way way : servers.keySet()) {
                    Measurement measurement = measure(way, workload, round);
                    rounds.computeIfAbsent(way, ignored -> new ArrayList<>()).add(measurement);
                    progress.accept("%s, round %d, %s: %.0f/s, %.0f + %.0f µs"
                            .formatted(
                                    workload.title(),
                                    round,
                                    way.code(),
                                    measurement.perSecond(),
                                    measurement.serverMicros(),
                                    measurement.databaseMicros()));
                }
            }
            rounds.values().forEach(ofWay -> medians.add(Measurement.median(ofWay)));
        }
        return medians;
    }

    /** A comparison of servers that answer different things would be worth nothing. */
    private void checkAnswers(Workload workload) {
        for (Way way : servers.keySet()) {
            String body = client(way).once(workload);
            int resources = body.split("\"resourceType\":\"Practitioner\"", -1).length - 1;
            if (resources != workload.resources()) {
                throw new IllegalStateException("%s answered %s with %d practitioners instead of %d"
                        .formatted(way.code(), workload.title(), resources, workload.resources()));
            }
        }
    }

    private LoadClient client(Way way) {
        return new LoadClient(server(way).port(), ids);
    }

    private ServerProcess server(Way way) {
        ServerProcess server = servers.get(way);
        if (server == null) {
            throw new IllegalStateException("no server runs for the way '" + way.code() + "'");
        }
        return server;
    }

    private Measurement measure(Way way, Workload workload, int round) throws InterruptedException, ExecutionException {
        double server = server(way).cpuSeconds();
        double database = ProcessCpu.seconds(databasePid);
        double self = ProcessCpu.seconds(ProcessHandle.current().pid());
        LoadClient.Times times = client(way).run(workload, plan.requests(way, workload), round);
        int requests = times.requests();
        return new Measurement(
                way,
                workload,
                requests / times.seconds(),
                times.p50Millis(),
                times.p99Millis(),
                (server(way).cpuSeconds() - server) * 1e6 / requests,
                (ProcessCpu.seconds(databasePid) - database) * 1e6 / requests,
                (ProcessCpu.seconds(ProcessHandle.current().pid()) - self) * 1e6 / requests);
    }
}
