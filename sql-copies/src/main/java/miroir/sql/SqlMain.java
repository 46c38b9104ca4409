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
import miroir.index.Refusal;
import miroir.index.yaml.ConfigurationRefused;
import miroir.sql.configuration.CopyConfiguration;
import miroir.sql.configuration.SqlConfiguration;
import miroir.sql.copy.CheckCopy;
import miroir.sql.copy.FailureText;
import miroir.sql.copy.KeepCopy;
import miroir.sql.copy.Stopped;
import miroir.sql.copy.StoreReader;
import miroir.sql.copy.Unmakeable;
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
    private volatile boolean isBroken;

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

    ExitCode run(List<String> arguments) {
        try {
            String command = arguments.isEmpty() ? "" : arguments.get(0);
            if (!COMMANDS.contains(command)) {
                throw new ConfigurationRefused(
                        "sql", "there is no command '" + command + "'; there are: " + String.join(", ", COMMANDS));
            }
            SqlOptions options = SqlOptions.parse(command, arguments.subList(1, arguments.size()));
            SqlConfiguration configuration = configuration().only(options.copy());
            return switch (command) {
                case "once" -> once(configuration, options.rebuild());
                case "run" -> keep(configuration);
                case "status" -> status(configuration);
                default -> check(configuration);
            };
        } catch (InterruptedException e) {
            return say(ExitCode.STOPPED, "interrupted");
        } catch (Stopped e) {
            return say(ExitCode.STOPPED, "stopped");
        } catch (IOException | RuntimeException e) {
            return failed("", e);
        }
    }

    /** What can be done with one copy, and what it came to. */
    private interface Step {
        ExitCode run() throws SQLException;
    }

    /** One copy that fails does not keep the others from what is to be done with them. */
    private ExitCode each(CopyConfiguration copy, Step step) {
        try {
            return step.run();
        } catch (Stopped e) {
            throw e;
        } catch (SQLException | RuntimeException e) {
            return failed("the copy " + copy.name() + ": ", e);
        }
    }

    private ExitCode failed(String what, Exception e) {
        if (e instanceof SQLException) {
            LOG.debug("so it failed", e);
            return say(ExitCode.TARGET_AWAY, what + "its database: " + FailureText.of(e));
        }
        if (e instanceof ConfigurationRefused) {
            return say(ExitCode.USAGE, what + e.getMessage());
        }
        if (e instanceof Refusal refusal) {
            boolean isAway =
                    refusal.reason() == Refusal.Reason.NOT_READY || refusal.reason() == Refusal.Reason.TOO_COSTLY;
            return say(isAway ? ExitCode.DATABASE_AWAY : ExitCode.NOT_POSSIBLE, what + e.getMessage());
        }
        if (e instanceof Unmakeable) {
            return say(ExitCode.NOT_POSSIBLE, what + e.getMessage());
        }
        if (e instanceof IOException || e instanceof UncheckedIOException) {
            return say(ExitCode.USAGE, what + "cannot read: " + e.getMessage());
        }
        LOG.error("unexpected", e);
        return say(ExitCode.UNEXPECTED, what + e);
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

    private KeepCopy keeper(CopyConfiguration copy, SqlConfiguration configuration, StoreReader store) {
        return new KeepCopy(
                copy.name(),
                copy.place(),
                store,
                () -> tablesNow(copy),
                configuration.rebuildAfter(),
                configuration.poll());
    }

    private List<Table> tablesNow(CopyConfiguration copy) {
        try {
            return tables(copy, views());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What cannot be a copy stops the start. */
    private void requireTables(SqlConfiguration configuration) throws IOException {
        StoredViews views = views();
        configuration.copies().forEach(copy -> tables(copy, views));
    }

    private ExitCode once(SqlConfiguration configuration, boolean rebuild) throws IOException, InterruptedException {
        requireTables(configuration);
        try (OpenedStore opened = OpenedStore.open(environment).awaitReady()) {
            StoreReader store = new StoreReader(opened.store(), configuration.batch());
            ExitCode code = ExitCode.DONE;
            for (CopyConfiguration each : configuration.copies()) {
                code = code.or(each(each, () -> once(keeper(each, configuration, store), rebuild)));
            }
            return code.or(status(configuration));
        }
    }

    private ExitCode once(KeepCopy copy, boolean rebuild) throws SQLException {
        Thread stopper = new Thread(() -> stopWhenTold(copy), "stop-copy");
        stopper.setDaemon(true);
        stopper.start();
        if (!copy.once(rebuild)) {
            return say(ExitCode.KEPT_ELSEWHERE, "the copy " + copy.name() + " is kept by another process");
        }
        out.println(copy.name() + "  as of " + copy.asOf());
        return ExitCode.DONE;
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
        requireTables(configuration);
        try (OpenedStore opened = OpenedStore.open(environment)) {
            StoreReader store = new StoreReader(opened.store(), configuration.batch());
            List<KeepCopy> copies = configuration.copies().stream()
                    .map(copy -> keeper(copy, configuration, store))
                    .toList();
            List<Thread> threads = new ArrayList<>();
            try (MetricsPage metrics = metrics(copies, configuration.metricsPort())) {
                for (KeepCopy copy : copies) {
                    Thread thread = new Thread(copy::run, "copy-" + copy.name());
                    thread.setUncaughtExceptionHandler((ended, e) -> breakOff(e));
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
            return isBroken ? ExitCode.UNEXPECTED : ExitCode.DONE;
        }
    }

    /** What no copy goes on after, such as a library that is not there, ends the process, so that whoever started it sees it. */
    private void breakOff(Throwable e) {
        LOG.error("a copy is not kept any more, so the process ends", e);
        isBroken = true;
        tell();
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
            code = code.or(report.print(copy, Table.fingerprints(tables(copy, views))));
        }
        return code;
    }

    private ExitCode check(SqlConfiguration configuration) throws IOException, InterruptedException {
        StoredViews views = views();
        try (OpenedStore opened = OpenedStore.open(environment).awaitReady()) {
            StoreReader store = new StoreReader(opened.store(), configuration.batch());
            ExitCode code = ExitCode.DONE;
            for (CopyConfiguration copy : configuration.copies()) {
                List<Table> tables = tables(copy, views);
                code = code.or(each(
                        copy, () -> show(copy, new CheckCopy(copy.place(), store, tables, this::goesOn).run())));
            }
            return code;
        }
    }

    private ExitCode show(CopyConfiguration copy, CheckCopy.Report report) {
        out.printf(
                "%s  %s as of %s: %d rows compared, %d resources differ%n",
                copy.name(),
                report.isEqual() ? "equal" : "DIFFERS",
                report.asOf() == null ? "never" : report.asOf(),
                report.rows(),
                report.differing());
        report.named().forEach(each -> out.println("    " + each));
        return report.isEqual() ? ExitCode.DONE : ExitCode.NOT_ALL;
    }
}
