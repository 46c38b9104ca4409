package miroir.sync;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import miroir.index.Refusal;
import miroir.index.yaml.ConfigurationRefused;
import miroir.storage.OpenedStore;
import miroir.storage.ledger.Ledger;
import miroir.storage.sync.Register;
import miroir.sync.configuration.DaemonConfiguration;
import miroir.sync.configuration.NamedKeys;
import miroir.sync.configuration.SyncConfiguration;
import miroir.sync.daemon.Daemon;
import miroir.sync.daemon.Daemon.DaemonSettings;
import miroir.sync.daemon.Leader;
import miroir.sync.daemon.MetricsPage;
import miroir.sync.daemon.NoticeStandstill;
import miroir.sync.daemon.ProgressLines;
import miroir.sync.daemon.RunOnce;
import miroir.sync.daemon.SyncParts;
import miroir.sync.move.ArchiveRefused;
import miroir.sync.run.Progress;
import miroir.sync.run.RunEnded;
import miroir.sync.run.RunSettings;
import miroir.sync.run.RunSynchronisation;
import miroir.sync.upstream.Pace;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The commands of {@code ./miroir sync}. It reads the environment of {@link OpenedStore}, {@code MIROIR_SYNC_CONFIG} for another file than
 * {@code conf/sync.yaml}, and whatever that file names. What it ends with says {@link ExitCode}.
 */
public final class SyncMain {
    private static final String COMMANDS =
            "run, once, status, rejections NAME, check, load DIR..., export --to DIR, import DIR, import --give-up, start NAME, full NAME, stop NAME, confirm NAME";
    static final Duration LEASE = Duration.ofSeconds(20);
    private static final Logger LOG = LoggerFactory.getLogger(SyncMain.class);

    private static final String NAME = "the name of a synchronisation, as 'status' shows it";

    private final Map<String, String> environment;
    private final PrintStream out;
    private final PrintStream err;
    private final Limits limits;
    private final CountDownLatch told = new CountDownLatch(1);
    private final CountDownLatch ended = new CountDownLatch(1);

    /**
     * When a daemon is taken for one that hangs.
     *
     * @param patience after how long a step counts as standing still; none: as long as one may take with so many runs
     * @param notice how often that is looked at
     * @param ending how long a daemon may take to end
     */
    record Limits(@Nullable Duration patience, Duration notice, Duration ending) {
        static final Limits USUAL = new Limits(null, Duration.ofSeconds(10), Duration.ofMinutes(1));

        DaemonSettings of(DaemonSettings usual) {
            return patience == null ? usual : usual.patient(patience);
        }
    }

    SyncMain(Map<String, String> environment, PrintStream out, PrintStream err) {
        this(environment, out, err, Limits.USUAL);
    }

    SyncMain(Map<String, String> environment, PrintStream out, PrintStream err, Limits limits) {
        this.environment = environment;
        this.out = out;
        this.err = err;
        this.limits = limits;
    }

    public static void main(String[] arguments) {
        runAndEnd(new SyncMain(System.getenv(), System.out, System.err), arguments);
    }

    static void runAndEnd(SyncMain main, String[] arguments) {
        Runtime.getRuntime().addShutdownHook(new Thread(main::stop, "stop"));
        int status = ExitCode.UNEXPECTED.status();
        try {
            status = main.run(List.of(arguments)).status();
        } finally {
            main.ended.countDown();
            Runtime.getRuntime().halt(status);
        }
    }

    /** Tells what runs to stop, which it does within a page. */
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

    ExitCode run(List<String> arguments) {
        try {
            if (arguments.isEmpty()) {
                throw new ConfigurationRefused("sync", "what? There are: " + COMMANDS);
            }
            List<String> rest = arguments.subList(1, arguments.size());
            return switch (arguments.get(0)) {
                case "run" ->
                    daemon(Arguments.parse(rest, Set.of(), Set.of("--url", "--types"))
                            .none());
                case "once" ->
                    once(Arguments.parse(rest, Set.of("--full"), Set.of("--url", "--types"))
                            .none());
                case "status" -> {
                    Arguments.parse(rest, Set.of(), Set.of()).none();
                    yield new RegisterCommands(environment, out).status();
                }
                case "rejections" ->
                    new RegisterCommands(environment, out)
                            .rejections(
                                    Arguments.parse(rest, Set.of(), Set.of()).only(NAME));
                case "check" ->
                    check(Arguments.parse(rest, Set.of("--complete"), Set.of("--url", "--types", "--sample"))
                            .none());
                case "export" ->
                    new MoveCommands(environment, out, this::isTold)
                            .export(Arguments.parse(rest, Set.of(MoveCommands.COMPLETE), Set.of("--to", "--types"))
                                    .none());
                case "import" ->
                    new MoveCommands(environment, out, this::isTold)
                            .importFrom(Arguments.parse(rest, Set.of(MoveCommands.GIVE_UP), Set.of()));
                case "load" -> load(Arguments.parse(rest, Set.of("--show"), Set.of("--source")));
                case "start", "full", "stop", "confirm" ->
                    new RegisterCommands(environment, out)
                            .command(
                                    arguments.get(0),
                                    Arguments.parse(rest, Set.of(), Set.of()).only(NAME));
                default ->
                    throw new ConfigurationRefused(
                            "sync", "there is no command '" + arguments.get(0) + "'; there are: " + COMMANDS);
            };
        } catch (ConfigurationRefused e) {
            return say(ExitCode.USAGE, e.getMessage());
        } catch (ArchiveRefused e) {
            return say(ExitCode.NOT_ALL, e.getMessage());
        } catch (IOException | UncheckedIOException e) {
            return say(ExitCode.USAGE, "cannot read or write: " + e.getMessage());
        } catch (InterruptedException e) {
            return say(ExitCode.STOPPED, "interrupted");
        } catch (RuntimeException e) {
            RunEnded ended = RunEnded.of(e);
            if (ended.why() == RunEnded.Why.UNEXPECTED) {
                LOG.error("unexpected", e);
            }
            return say(ExitCode.of(ended), ended.reason());
        } catch (LinkageError e) {
            LOG.error("a class is missing", e);
            return say(ExitCode.UNEXPECTED, "a class is missing: " + e.getMessage());
        }
    }

    private ExitCode say(ExitCode code, @Nullable String message) {
        err.println("miroir: " + message);
        return code;
    }

    private boolean isTold() {
        return told.getCount() == 0;
    }

    private SyncConfiguration configuration(Arguments arguments) throws IOException {
        Path file = Path.of(environment.getOrDefault("MIROIR_SYNC_CONFIG", "conf/sync.yaml"));
        if (!Files.isReadable(file)) {
            throw new ConfigurationRefused(file.toString(), "cannot be read; MIROIR_SYNC_CONFIG names another file");
        }
        SyncConfiguration read = SyncConfiguration.read(file.toString(), Files.readString(file), environment::get);
        SyncConfiguration at = arguments.value("--url").map(read::at).orElse(read);
        return arguments
                .value("--types")
                .map(types -> at.only(Set.copyOf(Arrays.asList(types.split(",", -1)))))
                .orElse(at);
    }

    private static RunSettings runSettings(DaemonConfiguration daemon) {
        RunSettings standard = RunSettings.standard();
        return new RunSettings(
                daemon.readers(), daemon.window(), standard.remembered(), standard.resumable(), daemon.indexesLast());
    }

    private SyncParts parts(OpenedStore opened, Ledger ledger, SyncConfiguration configuration) {
        return new SyncParts(
                opened.store().mirrored(),
                new Register(ledger),
                configuration.sources(),
                new NamedKeys(configuration.daemon().keys(), environment::get),
                Pace.usual(),
                runSettings(configuration.daemon()),
                InstantSource.system());
    }

    private ExitCode daemon(Arguments arguments) throws IOException, InterruptedException {
        SyncConfiguration configuration = configuration(arguments);
        // Closed last: what hangs while it is closed must not keep the process.
        try (NoticeStandstill notice = new NoticeStandstill(limits.notice(), limits.ending(), SyncMain::breakOff)) {
            return daemon(configuration, configuration.daemon(), notice);
        }
    }

    private ExitCode daemon(SyncConfiguration configuration, DaemonConfiguration settings, NoticeStandstill notice)
            throws IOException, InterruptedException {
        try (OpenedStore opened = OpenedStore.open(environment);
                Ledger ledger = Ledger.open(opened.settings());
                Daemon daemon = new Daemon(
                        parts(opened, ledger, configuration),
                        new Leader(ledger, settings.lease()),
                        configuration.configured(),
                        limits.of(new DaemonSettings(
                                Duration.ofSeconds(1), settings.runs(), settings.retry(), configuration.types())));
                ProgressLines lines = new ProgressLines(daemon::progress, err, isTerminal())) {
            checkAddresses(daemon.parts());
            MetricsPage metrics = settings.metricsPort() == 0 ? null : metrics(daemon, settings.metricsPort());
            daemon.start(this::tell);
            lines.start();
            notice.start(daemon::standsStill);
            awaitTold(notice);
            if (metrics != null) {
                metrics.close();
            }
            return daemon.hasFailed() ? ExitCode.UNEXPECTED : ExitCode.DONE;
        }
    }

    private void awaitTold(NoticeStandstill notice) throws InterruptedException {
        try {
            told.await();
        } finally {
            notice.expectEnd();
        }
    }

    /** Nothing is closed in order, which might wait for what stands still: another process goes on from what is written down. */
    private static void breakOff() {
        Runtime.getRuntime().halt(ExitCode.UNEXPECTED.status());
    }

    /** What a person has to put right is said at once; a database that is away is waited for by the daemon. */
    private static void checkAddresses(SyncParts parts) {
        try {
            parts.register().checkAddresses(parts.sources());
        } catch (Refusal e) {
            LOG.debug("checked once it leads", e);
        }
    }

    private static MetricsPage metrics(Daemon daemon, int port) throws IOException {
        try {
            return MetricsPage.start(daemon, port);
        } catch (BindException e) {
            throw new ConfigurationRefused(
                    "daemon.metricsPort",
                    port + " is in use, perhaps by another daemon; choose another one, or 0 for none");
        }
    }

    private ExitCode once(Arguments arguments) throws IOException, InterruptedException {
        SyncConfiguration configuration = configuration(arguments);
        AtomicReference<@Nullable RunSynchronisation> current = new AtomicReference<>();
        try (OpenedStore opened = OpenedStore.open(environment).awaitReady();
                Ledger ledger = Ledger.open(opened.settings());
                Leader leader = new Leader(ledger, configuration.daemon().lease())) {
            SyncParts parts = parts(opened, ledger, configuration);
            RunOnce runOnce = new RunOnce(parts, leader, this::isTold, current::set);
            @Nullable RunEnded failed;
            // Bars are over before anything else is said below them: they are drawn by going up.
            try (ProgressLines lines = new ProgressLines(() -> progress(current.get()), err, isTerminal())) {
                lines.start();
                failed = runOnce.run(
                        configuration.definitions(),
                        configuration.types(),
                        arguments.has("--full"),
                        untilLead(configuration.daemon()));
            }
            new StatusReport(parts.register(), parts.clock().instant(), out).print();
            return failed == null ? ExitCode.DONE : say(ExitCode.of(failed), failed.getMessage());
        }
    }

    /** A process that was killed a moment ago leads until its lease is over. */
    private static long untilLead(DaemonConfiguration daemon) {
        return daemon.lease().multipliedBy(2).toNanos();
    }

    private static List<Progress> progress(@Nullable RunSynchronisation run) {
        Progress progress = run == null ? null : run.progress();
        return progress == null ? List.of() : List.of(progress);
    }

    private ExitCode check(Arguments arguments) throws IOException, InterruptedException {
        SyncConfiguration configuration = configuration(arguments);
        int sample = arguments.number("--sample", 500);
        try (OpenedStore opened = OpenedStore.open(environment).awaitReady();
                Ledger ledger = Ledger.open(opened.settings())) {
            SyncParts parts = parts(opened, ledger, configuration.besideOthers());
            boolean equal = new CheckReport(parts, runSettings(configuration.daemon()), out)
                    .print(configuration.definitions(), arguments.has("--complete"), sample, this::isTold);
            return equal ? ExitCode.DONE : ExitCode.NOT_ALL;
        }
    }

    private ExitCode load(Arguments arguments) throws IOException, InterruptedException {
        List<Path> paths =
                arguments.some("files or folders").stream().map(Path::of).toList();
        LoadFiles load = new LoadFiles(environment, out, err, this::isTold);
        Optional<String> source = arguments.value("--source");
        if (arguments.has("--show") && source.isPresent()) {
            throw new ConfigurationRefused("--show", "is for resources of this server's own, and --source for copies");
        }
        if (arguments.has("--show")) {
            return load.show(paths);
        }
        return source.isEmpty()
                ? load.own(paths)
                : load.copies(paths, configuration(arguments).checkedSource(source.get()));
    }

    private boolean isTerminal() {
        return "true".equals(environment.get("MIROIR_TERMINAL"));
    }
}
