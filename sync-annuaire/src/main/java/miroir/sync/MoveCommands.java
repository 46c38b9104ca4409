package miroir.sync;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import miroir.index.store.Readiness;
import miroir.index.structure.Structures;
import miroir.index.yaml.ConfigurationRefused;
import miroir.storage.FillDatabase;
import miroir.storage.MongoStoreSettings;
import miroir.storage.OpenedStore;
import miroir.storage.ReadDatabase;
import miroir.storage.ledger.Ledger;
import miroir.storage.sync.MoveSynchronisations;
import miroir.sync.move.ExportDatabase;
import miroir.sync.move.ImportDatabase;
import miroir.sync.move.Manifest;

/** The commands that carry everything of a database elsewhere. */
final class MoveCommands {
    /** Search fields of some are made while others are written; more of them only wait for the disk. */
    private static final int MOST_THREADS = 4;

    /** What an export of ours always is; who calls the script says so, since that has another one. */
    static final String COMPLETE = "--complete";

    /** Does not go on with an import, and removes what it left. */
    static final String GIVE_UP = "--give-up";

    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final Map<String, String> environment;
    private final PrintStream out;
    private final BooleanSupplier stopped;

    MoveCommands(Map<String, String> environment, PrintStream out, BooleanSupplier stopped) {
        this.environment = environment;
        this.out = out;
        this.stopped = stopped;
    }

    ExitCode export(Arguments arguments) throws IOException {
        Path folder = Path.of(arguments
                .value("--to")
                .orElseThrow(() ->
                        new ConfigurationRefused("--to", "is needed: the folder that the files are written into")));
        Set<String> types = types(arguments.value("--types").orElse(""));
        MongoStoreSettings settings = OpenedStore.settings(environment);
        try (ReadDatabase database = ReadDatabase.open(settings);
                Ledger ledger = Ledger.open(settings)) {
            Manifest made = new ExportDatabase(
                            database, new MoveSynchronisations(ledger), folder, version(), stopped, out::println)
                    .run(types);
            long versions =
                    made.types().stream().mapToLong(Manifest.OfType::versions).sum();
            out.println("exported " + versions + " versions, as at " + made.asOf() + ", into " + folder);
            return ExitCode.DONE;
        }
    }

    private static Set<String> types(String list) {
        Set<String> types = new TreeSet<>();
        for (String type : Arrays.asList(list.split(",", -1))) {
            if (!type.isEmpty() && !Structures.r4().resourceTypes().contains(type)) {
                throw new ConfigurationRefused("--types", type + " is no type of FHIR R4");
            }
            if (!type.isEmpty()) {
                types.add(type);
            }
        }
        return types;
    }

    /** As the jar says it; there is none where classes do not come from a jar. */
    private static String version() {
        String inJar = MoveCommands.class.getPackage().getImplementationVersion();
        return inJar == null ? "development" : inJar;
    }

    ExitCode importFrom(Arguments arguments) throws IOException, InterruptedException {
        if (arguments.has(GIVE_UP)) {
            arguments.none();
            return giveUp();
        }
        Path folder = Path.of(arguments.only("the folder of an export"));
        if (!Files.isDirectory(folder)) {
            throw new ConfigurationRefused(folder.toString(), "there is no such folder");
        }
        int threads = Math.min(MOST_THREADS, Runtime.getRuntime().availableProcessors());
        try (Ledger ledger = Ledger.open(OpenedStore.settings(environment))) {
            boolean isNew = new ImportDatabase(
                            folder,
                            (digest, watch) -> OpenedStore.fill(environment, digest, watch),
                            new MoveSynchronisations(ledger),
                            threads,
                            stopped,
                            out::println)
                    .run();
            out.println(isNew ? "everything is in" : "everything of it was imported before");
        }
        return prepare();
    }

    private ExitCode giveUp() {
        FillDatabase.Watch watch = ImportDatabase.watch(stopped, out::println);
        try (Ledger ledger = Ledger.open(OpenedStore.settings(environment))) {
            MoveSynchronisations synchronisations = new MoveSynchronisations(ledger);
            boolean isGone = OpenedStore.giveUp(
                    environment, () -> synchronisations.write(List.of(), watch::requireGoing), watch);
            out.println(
                    isGone
                            ? "what the import had put in is removed: the database has no resources, and can be served"
                            : "there is no import that was begun and not ended; nothing was changed");
        }
        return ExitCode.DONE;
    }

    /** A server would do that as well, and answer no searches until then. What fails there for a minute is for who starts the server. */
    private ExitCode prepare() throws InterruptedException {
        String last = "";
        long failedSince = 0;
        try (OpenedStore opened = OpenedStore.open(environment)) {
            for (Readiness now = opened.store().readiness();
                    !now.ready();
                    now = opened.store().readiness()) {
                if (stopped.getAsBoolean()) {
                    out.println(
                            "told to stop; everything is in, and the next server builds the indexes that are missing");
                    return ExitCode.STOPPED;
                }
                if (now.detail().startsWith("preparing") && !now.detail().equals(last)) {
                    last = now.detail();
                    out.println(last);
                }
                boolean builds =
                        now.detail().startsWith("preparing") && !now.detail().contains(" failed: ");
                failedSince = builds ? 0 : failedSince == 0 ? System.nanoTime() : failedSince;
                if (!builds && System.nanoTime() - failedSince > PATIENCE.toNanos()) {
                    out.println("everything is in, and cannot be served yet: " + now.detail());
                    return ExitCode.NOT_ALL;
                }
                TimeUnit.MILLISECONDS.sleep(500);
            }
            out.println("its indexes are built: the database can be served");
        }
        return ExitCode.DONE;
    }
}
