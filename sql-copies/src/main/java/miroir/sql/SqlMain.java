package miroir.sql;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import miroir.index.NearestName;
import miroir.index.Refusal;
import miroir.index.yaml.ConfigurationRefused;
import miroir.sql.configuration.CopyConfiguration;
import miroir.sql.configuration.SqlConfiguration;
import miroir.sql.copy.CheckCopy;
import miroir.sql.copy.KeepCopy;
import miroir.sql.copy.Stopped;
import miroir.sql.copy.StoreReader;
import miroir.sql.table.Table;
import miroir.storage.OpenedStore;
import miroir.storage.views.StoredView;
import miroir.storage.views.StoredViews;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The commands of {@code ./miroir sql}. It reads the environment of {@link OpenedStore}; {@code MIROIR_SQL_CONFIG} for another file than {@code conf/sql.yaml}, {@code MIROIR_VIEWS}
 * for another folder than {@code conf/views}, {@code MIROIR_SQL_FOLDER} for where files of copies are, {@code MIROIR_OWN_BASES} for the server's own addresses; and whatever that file names.
 * What it ends with says {@link ExitCode}.
 */
public final class SqlMain {
    private static final List<String> COMMANDS = List.of("once", "run", "status", "check");
    private static final Logger LOG = LoggerFactory.getLogger(SqlMain.class);

    private final Map<String, String> environment;
    private final PrintStream out;
    private final PrintStream err;
    private final CountDownLatch told = new CountDownLatch(1);
    private final CountDownLatch ended = new CountDownLatch(1);

    SqlMain(Map<String, String> environment, PrintStream out, PrintStream err) {
        this.environment = environment;
        this.out = out;
        this.err = err;
    }

    public static void main(String[] arguments) {
        SqlMain main = new SqlMain(System.getenv(), System.out, System.err);
        Runtime.getRuntime().addShutdownHook(new Thread(main::stop, "stop"));
        int status = ExitCode.UNEXPECTED.status();
        try {
            status = main.run(List.of(arguments)).status();
        } finally {
            main.ended.countDown();
            Runtime.getRuntime().halt(status);
        }
    }

    /** Tells what runs to stop, which it does after the transaction that is under way. */
    void tell() {
        told.countDown();
    }

    private void stop() {
        tell();
        try {
            ended.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean goesOn() {
        return told.getCount() > 0;
    }

    /** What is asked for: {@code --copy NAME}, {@code --rebuild}. */
    private record Options(@Nullable String copy, boolean rebuild) {
        static Options parse(String command, List<String> rest) {
            String copy = null;
            boolean rebuild = false;
            for (int i = 0; i < rest.size(); i++) {
                String option = rest.get(i);
                if (option.equals("--rebuild") && command.equals("once")) {
                    rebuild = true;
                } else if (option.startsWith("--copy=")) {
                    copy = option.substring("--copy=".length());
                } else if (option.equals("--copy") && i + 1 < rest.size()) {
                    copy = rest.get(++i);
                } else {
                    List<String> known = command.equals("once") ? List.of("--copy", "--rebuild") : List.of("--copy");
                    throw new ConfigurationRefused(
                            option,
                            option.equals("--copy")
                                    ? "needs a value"
                                    : "is no option of this; " + NearestName.hint(option, known));
                }
            }
            return new Options(copy, rebuild);
        }
    }

    ExitCode run(List<String> arguments) {
        try {
            String command = arguments.isEmpty() ? "" : arguments.get(0);
            if (!COMMANDS.contains(command)) {
                throw new ConfigurationRefused(
                        "sql", "there is no command '" + command + "'; there are: " + String.join(", ", COMMANDS));
            }
            Options options = Options.parse(command, arguments.subList(1, arguments.size()));
            SqlConfiguration configuration = configuration().only(options.copy());
            return switch (command) {
                case "once" -> once(configuration, options.rebuild());
                case "run" -> keep(configuration);
                case "status" -> status(configuration);
                default -> check(configuration);
            };
        } catch (ConfigurationRefused e) {
            return say(ExitCode.USAGE, e.getMessage());
        } catch (Stopped e) {
            return say(ExitCode.STOPPED, "stopped");
        } catch (SQLException e) {
            LOG.debug("so it failed", e);
            return say(ExitCode.TARGET_AWAY, "the database of the copy: " + e.getMessage());
        } catch (IOException | UncheckedIOException e) {
            return say(ExitCode.USAGE, "cannot read: " + e.getMessage());
        } catch (InterruptedException e) {
            return say(ExitCode.STOPPED, "interrupted");
        } catch (Refusal e) {
            boolean isAway = e.reason() == Refusal.Reason.NOT_READY || e.reason() == Refusal.Reason.TOO_COSTLY;
            return say(isAway ? ExitCode.DATABASE_AWAY : ExitCode.NOT_POSSIBLE, e.getMessage());
        } catch (RuntimeException e) {
            LOG.error("unexpected", e);
            return say(ExitCode.UNEXPECTED, e.toString());
        }
    }

    private ExitCode say(ExitCode code, @Nullable String message) {
        err.println("miroir: " + message);
        return code;
    }

    private SqlConfiguration configuration() throws IOException {
        Path file = Path.of(environment.getOrDefault("MIROIR_SQL_CONFIG", "conf/sql.yaml"));
        if (!Files.isReadable(file)) {
            throw new ConfigurationRefused(file.toString(), "cannot be read; MIROIR_SQL_CONFIG names another file");
        }
        Path folder = Path.of(environment.getOrDefault("MIROIR_SQL_FOLDER", ".miroir/sql"));
        return SqlConfiguration.read(file.toString(), Files.readString(file), folder, environment::get);
    }

    /** All views of types that are stored. */
    private StoredViews views() throws IOException {
        return StoredViews.read(
                Path.of(environment.getOrDefault("MIROIR_VIEWS", "conf/views")),
                ownBases(),
                OpenedStore.settings(environment).types());
    }

    private Set<String> ownBases() {
        String bases = environment.getOrDefault("MIROIR_OWN_BASES", environment.getOrDefault("MIROIR_PUBLIC_BASE", ""));
        return bases.isEmpty() ? Set.of() : Set.of(bases.split(",", -1));
    }

    private List<Table> tables(CopyConfiguration copy, StoredViews views) {
        copy.requireKnown(views.all().stream().map(StoredView::id).collect(Collectors.toCollection(TreeSet::new)));
        List<StoredView> chosen =
                views.all().stream().filter(view -> copy.copies(view.id())).toList();
        return Table.all(chosen, ownBases());
    }

    private List<KeepCopy> copies(SqlConfiguration configuration, StoreReader store) throws IOException {
        StoredViews views = views();
        List<KeepCopy> copies = new ArrayList<>();
        for (CopyConfiguration copy : configuration.copies()) {
            copies.add(new KeepCopy(
                    copy.name(),
                    copy.place(),
                    store,
                    tables(copy, views),
                    configuration.rebuildAfter(),
                    configuration.poll()));
        }
        return copies;
    }

    private ExitCode once(SqlConfiguration configuration, boolean rebuild)
            throws IOException, InterruptedException, SQLException {
        try (OpenedStore opened = OpenedStore.open(environment).awaitReady()) {
            ExitCode code = ExitCode.DONE;
            for (KeepCopy copy : copies(configuration, new StoreReader(opened.store(), configuration.batch()))) {
                Thread stopper = new Thread(() -> stopWhenTold(copy), "stop-copy");
                stopper.setDaemon(true);
                stopper.start();
                if (copy.once(rebuild)) {
                    out.println(copy.name() + "  as of " + copy.asOf());
                } else {
                    code = code.or(
                            say(ExitCode.KEPT_ELSEWHERE, "the copy " + copy.name() + " is kept by another process"));
                }
            }
            return code.or(status(configuration));
        }
    }

    private void stopWhenTold(KeepCopy copy) {
        try {
            told.await();
            copy.stop();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private ExitCode keep(SqlConfiguration configuration) throws IOException, InterruptedException {
        try (OpenedStore opened = OpenedStore.open(environment)) {
            List<KeepCopy> copies = copies(configuration, new StoreReader(opened.store(), configuration.batch()));
            List<Thread> threads = new ArrayList<>();
            try (MetricsPage metrics = metrics(copies, configuration.metricsPort())) {
                for (KeepCopy copy : copies) {
                    Thread thread = new Thread(copy::run, "copy-" + copy.name());
                    threads.add(thread);
                    thread.start();
                }
                LOG.info("metrics: {}", metrics == null ? "none" : "port " + metrics.port());
                told.await();
            }
            copies.forEach(KeepCopy::stop);
            for (Thread thread : threads) {
                thread.join();
            }
            return ExitCode.DONE;
        }
    }

    private static @Nullable MetricsPage metrics(List<KeepCopy> copies, int port) throws IOException {
        try {
            return port == 0 ? null : MetricsPage.start(copies, port);
        } catch (BindException e) {
            throw new ConfigurationRefused(
                    "metricsPort",
                    port + " is in use, perhaps by another process of this; choose another one, or 0 for none");
        }
    }

    private ExitCode status(SqlConfiguration configuration) throws IOException {
        StoredViews views = views();
        StatusReport report = new StatusReport(configuration.late(), Instant.now(), out);
        ExitCode code = ExitCode.DONE;
        for (CopyConfiguration copy : configuration.copies()) {
            Set<String> wanted = tables(copy, views).stream().map(Table::name).collect(Collectors.toSet());
            code = code.or(report.print(copy, wanted));
        }
        return code;
    }

    private ExitCode check(SqlConfiguration configuration) throws IOException, InterruptedException, SQLException {
        StoredViews views = views();
        try (OpenedStore opened = OpenedStore.open(environment).awaitReady()) {
            StoreReader store = new StoreReader(opened.store(), configuration.batch());
            ExitCode code = ExitCode.DONE;
            for (CopyConfiguration copy : configuration.copies()) {
                CheckCopy.Report report = new CheckCopy(copy.place(), store, tables(copy, views), this::goesOn).run();
                out.printf(
                        "%s  %s as of %s: %d rows compared, %d resources differ%n",
                        copy.name(),
                        report.isEqual() ? "equal" : "DIFFERS",
                        report.asOf() == null ? "never" : report.asOf(),
                        report.rows(),
                        report.differing());
                report.named().forEach(each -> out.println("    " + each));
                code = code.or(report.isEqual() ? ExitCode.DONE : ExitCode.NOT_ALL);
            }
            return code;
        }
    }
}
