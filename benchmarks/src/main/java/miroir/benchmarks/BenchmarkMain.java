package miroir.benchmarks;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.bson.Document;

/**
 * Compares Miroir's raw path with HAPI's ordinary path and with a bare servlet, and writes the result to
 * {@code docs/performance}. {@code --quick} takes minutes; without it more resources, rounds and requests are taken. {@code --writes}
 * compares writes with the same protocol on the bare driver instead.
 */
public final class BenchmarkMain {
    private static final Path FOLDER = Path.of("docs", "performance");

    private BenchmarkMain() {}

    public static void main(String[] arguments) throws Exception {
        List<String> options = List.of(arguments);
        for (String option : options) {
            if (!option.equals("--quick") && !option.equals("--writes")) {
                System.err.println("bench: unknown option " + option + "; allowed are --quick and --writes");
                System.exit(2);
            }
        }
        boolean quick = options.contains("--quick");
        Map<String, String> environment = System.getenv();
        String uri = environment.get("MONGODB_URI");
        if (uri == null) {
            System.err.println("bench: MONGODB_URI is not set; run it as ./miroir bench");
            System.exit(2);
            return;
        }
        String database = environment.getOrDefault("MIROIR_DATABASE", "bench");
        String revision = environment.getOrDefault("MIROIR_REVISION", "unknown");
        if (options.contains("--writes")) {
            compareWrites(uri, database, revision);
        } else {
            compareWays(quick, uri, database, revision);
        }
    }

    private static void compareWrites(String uri, String database, String revision) throws Exception {
        WriteReport report = new WriteBenchmark(uri, database, revision, System.out::println).run();
        String name = report.date().substring(0, "2026-11".length()) + "-writes";
        report.write(FOLDER, name);
        System.out.println("\n" + report.markdown() + "\nwritten to docs/performance/" + name + ".md and .json");
    }

    private static void compareWays(boolean quick, String uri, String database, String revision) throws Exception {
        Report report = run(quick ? Plan.quick() : Plan.full(), uri, database, revision);
        String name = report.date().substring(0, "2026-11".length()) + (quick ? "-quick" : "-full");
        report.write(FOLDER, name);
        System.out.println("\n" + report.markdown() + "\nwritten to docs/performance/" + name + ".md and .json");
    }

    private static Report run(Plan plan, String uri, String name, String revision) throws Exception {
        try (MongoClient client = MongoClients.create(uri)) {
            client.getDatabase(name).drop();
            Document status = client.getDatabase("admin").runCommand(new Document("serverStatus", 1));
            Machine machine = Machine.here(status.getString("version"));
            long databasePid = status.get("pid", Number.class).longValue();
            List<Measurement> medians = compare(plan, uri, name, databasePid);
            client.getDatabase(name).drop();
            String date = LocalDate.now(ZoneOffset.UTC).toString();
            return new Report(date, revision, plan, machine, medians, Report.ratios(medians));
        }
    }

    private static List<Measurement> compare(Plan plan, String uri, String name, long databasePid) throws Exception {
        List<String> ids;
        try (Database database = Database.open(uri, name)) {
            database.awaitReady();
            System.out.println("loading " + plan.practitioners() + " practitioners");
            ids = new LoadPractitioners(database.store()).run(plan.practitioners());
        }
        Path logs = Files.createTempDirectory("miroir-bench");
        Map<Way, ServerProcess> servers = new EnumMap<>(Way.class);
        try {
            for (Way way : Way.values()) {
                servers.put(way, ServerProcess.start(way, uri, name, logs));
            }
            return new Comparison(plan, servers, databasePid, ids, System.out::println).run();
        } finally {
            servers.values().forEach(ServerProcess::close);
        }
    }
}
