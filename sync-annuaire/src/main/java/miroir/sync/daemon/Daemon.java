package miroir.sync.daemon;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import miroir.index.Refusal;
import miroir.index.yaml.ConfigurationRefused;
import miroir.storage.ledger.LeaseLost;
import miroir.storage.sync.Cause;
import miroir.storage.sync.Command;
import miroir.storage.sync.Counts;
import miroir.storage.sync.Definition;
import miroir.storage.sync.Register;
import miroir.storage.sync.Run;
import miroir.storage.sync.Synchronisation;
import miroir.sync.run.Progress;
import miroir.sync.run.RunEnded;
import miroir.sync.run.RunSynchronisation;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs what is due as long as it leads, and does what people want. It looks at the database every second, and for what people ask for five times a second; everything that
 * it knows is there, so that it can be killed at any moment and another one goes on.
 */
public final class Daemon implements AutoCloseable {
    static final String THREAD = "look";
    private static final Logger LOG = LoggerFactory.getLogger(Daemon.class);

    /** Each time is a transaction of its own. */
    private static final long SHOWN_EVERY = TimeUnit.SECONDS.toNanos(1);

    /** People look at what they asked for: whether there is something new is one question, and asked more often than what is due. */
    private static final long ASKED_EVERY = TimeUnit.MILLISECONDS.toNanos(200);

    private final SyncParts parts;
    private final Register register;
    private final Leader leader;
    private final List<Definition> definitions;
    private final DaemonSettings settings;
    private final Map<String, Running> running = new ConcurrentHashMap<>();
    private final Map<String, Counts> finished = new HashMap<>();
    private final TrySources trials;
    private final Heartbeat heartbeat;

    /** Those that are to be forgotten once they run no more; touched by whoever looks. */
    private final Set<String> removing = new HashSet<>();

    /** The commands that there were when it looked last; touched by whoever looks. */
    private final Set<String> met = new HashSet<>();

    private final Thread looker = new Thread(this::lookUntilClosed, THREAD);
    private long shownAt = System.nanoTime();
    private volatile boolean closed;
    private volatile boolean failed;
    private volatile Runnable whenEnded = () -> {};

    /** Whether what is configured was written down since this process leads; touched by whoever looks. */
    private boolean published;

    /** What was said last, by what it was about; touched by whoever looks. */
    private final Map<String, String> said = new HashMap<>();

    /**
     * A daemon that does not run yet.
     *
     * @param definitions all that are configured, whichever of them it runs: others are forgotten
     */
    public Daemon(SyncParts parts, Leader leader, List<Definition> definitions, DaemonSettings settings) {
        this.parts = parts;
        this.register = parts.register();
        this.leader = leader;
        this.definitions = parts.checked(definitions);
        this.settings = settings;
        this.trials = new TrySources(parts, leader);
        this.heartbeat = new Heartbeat("what looks for what is due", settings.look());
        looker.setDaemon(true);
    }

    /** A run in a thread of its own. */
    private static final class Running {
        private volatile boolean stop;
        private @Nullable RunSynchronisation run;
        private @Nullable Thread thread;

        @Nullable
        Progress progress() {
            RunSynchronisation begun = run;
            return begun == null ? null : begun.progress();
        }
    }

    /** Begins to look. */
    public void start() {
        start(() -> {});
    }

    /**
     * The same.
     *
     * @param ended is run where it cannot look any more: who waits for it should close it, so that another process leads
     */
    public void start(Runnable ended) {
        whenEnded = ended;
        leader.start();
        looker.start();
    }

    /** Whether it cannot look any more. */
    public boolean hasFailed() {
        return failed;
    }

    public boolean isLeading() {
        return leader.isLeading();
    }

    /**
     * What of it stands still; empty where all goes on. One that waits for another to end, or for the database, goes on. A run is not asked: it waits for
     * its upstream as long as it is told to, and that copies grow old is told by their age.
     */
    public List<String> standsStill() {
        return heartbeats()
                .filter(each -> each.isMissing(settings.patience()))
                .map(Heartbeat::toString)
                .toList();
    }

    /** Of each thread that has to come round. */
    Stream<Heartbeat> heartbeats() {
        return Stream.of(heartbeat, leader.heartbeat());
    }

    public SyncParts parts() {
        return parts;
    }

    /** What runs at the moment. */
    public List<Progress> progress() {
        List<Progress> all = new ArrayList<>();
        for (Running each : running.values()) {
            Progress progress = each.progress();
            if (progress != null) {
                all.add(progress);
            }
        }
        return all;
    }

    /** What this process has done since its start, by synchronisation; it only grows. */
    public synchronized Map<String, Counts> counts() {
        Map<String, Counts> all = new TreeMap<>(finished);
        progress().forEach(each -> all.merge(each.synchronisation(), each.counts(), Counts::and));
        return all;
    }

    private synchronized void finish(String name, Running begun) {
        Progress progress = begun.progress();
        if (progress != null) {
            finished.merge(name, progress.counts(), Counts::and);
        }
        running.remove(name);
    }

    /** Stops all runs within a page, their checkpoints kept, and lets others lead. */
    @Override
    public void close() {
        closed = true;
        looker.interrupt();
        running.values().forEach(each -> each.stop = true);
        trials.close();
        awaitEnds(System.nanoTime() + settings.ending().toNanos());
        leader.close();
    }

    /** Waits for it, though not where this thread is told to end itself. */
    private static boolean ends(@Nullable Thread other, long nanoTime) {
        if (other == null || other == Thread.currentThread()) {
            return true;
        }
        try {
            TimeUnit.NANOSECONDS.timedJoin(other, nanoTime - System.nanoTime());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return !other.isAlive();
    }

    /** What they write down last needs the lease. One that hangs must not keep it from others: what it still writes without it is refused. */
    private void awaitEnds(long until) {
        if (!ends(looker, until)) {
            LOG.warn("what looks for what is due does not stop, and is left behind");
        }
        for (Map.Entry<String, Running> each : running.entrySet()) {
            if (!ends(each.getValue().thread, until)) {
                LOG.warn("{} does not stop, and is left behind", each.getKey());
            }
        }
    }

    /** Whatever it is that ends the thread: a process that leads and does not look keeps all others from it. */
    private void lookUntilClosed() {
        try {
            lookOn();
        } catch (Error e) {
            LOG.error("it cannot look any more, and ends", e);
            failed = true;
            whenEnded.run();
        }
    }

    private void lookOn() {
        while (!closed) {
            heartbeat.beat();
            try {
                look();
            } catch (LeaseLost | RunEnded | Refusal e) {
                LOG.info("looking again: {}", e.getMessage());
            } catch (ConfigurationRefused e) {
                sayOnce("nothing is copied", e);
            } catch (RuntimeException e) {
                LOG.warn("looking failed, trying again", e);
            }
            try {
                rest();
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private void rest() throws InterruptedException {
        long until = System.nanoTime() + settings.look().toNanos();
        long left = settings.look().toNanos();
        do {
            TimeUnit.NANOSECONDS.sleep(Math.min(left, ASKED_EVERY));
            heartbeat.beat();
            left = until - System.nanoTime();
        } while (left > 0 && !isAskedAnew());
    }

    /** Where that cannot be found out, the next look says why. */
    private boolean isAskedAnew() {
        try {
            return leader.isLeading() && register.commands().stream().anyMatch(each -> !met.contains(each.id()));
        } catch (RuntimeException e) {
            LOG.debug("what is asked for is not known", e);
            return false;
        }
    }

    /** As long as it stays so; it is met again at every look. */
    private void sayOnce(String about, RuntimeException e) {
        String reason = String.valueOf(e.getMessage());
        if (!reason.equals(said.put(about, reason))) {
            LOG.error("{}: {}", about, reason);
            LOG.debug("{}", about, e);
        }
    }

    /** One that cannot be dealt with must not keep all others from being. */
    private void alone(String about, Runnable step) {
        heartbeat.beat();
        try {
            step.run();
        } catch (LeaseLost | RunEnded | Refusal e) {
            throw e;
        } catch (RuntimeException e) {
            sayOnce(about + " is left alone", e);
        }
    }

    private void look() {
        if (!leader.isLeading()) {
            published = false;
            removing.clear();
            running.values().forEach(each -> each.stop = true);
            return;
        }
        if (!published) {
            new BeginToLead(parts, leader, heartbeat::beat).run(definitions);
            published = true;
        }
        heartbeat.beat();
        parts.know(register.sources());
        heartbeat.beat();
        List<Command> commands = register.commands();
        met.clear();
        commands.forEach(each -> met.add(each.id()));
        removing.retainAll(commands.stream()
                .filter(each -> each.verb() == Command.Verb.REMOVE)
                .map(Command::subject)
                .toList());
        commands.forEach(each -> alone("the command " + each.id(), () -> obey(each)));
        heartbeat.beat();
        beginWhatIsDue();
        showProgress();
    }

    /**
     * A run writes how it ended before it leaves {@link #running}. Who runs is therefore asked before the register is: the
     * other way round, one that fails in between would still look like one that is due.
     */
    private void beginWhatIsDue() {
        Set<String> ran = Set.copyOf(running.keySet());
        for (Synchronisation each : register.all()) {
            boolean isFree =
                    !ran.contains(each.name()) && !removing.contains(each.name()) && running.size() < settings.runs();
            if (isFree && settings.isMeant(each)) {
                alone(each.name(), () -> beginIfDue(each));
            }
        }
    }

    private void beginIfDue(Synchronisation each) {
        if (isDue(each)) {
            begin(each);
        }
    }

    /** What is wanted of something that is about to be forgotten waits until it is. */
    private void obey(Command command) {
        if (removing.contains(command.subject()) && command.verb() != Command.Verb.REMOVE) {
            return;
        }
        switch (command.verb()) {
            case START, FULL, STOP, CONFIRM -> obeyOfState(command);
            case DEFINE, DEFINE_SOURCE, REMOVE_SOURCE -> define(command);
            case REMOVE -> remove(command);
            case TRY_SOURCE -> trials.begin(command);
        }
    }

    private void obeyOfState(Command command) {
        Optional<Synchronisation> about = register.find(command.subject());
        if (about.isEmpty()) {
            LOG.warn("a command is about {}, which is not known", command.subject());
            register.drop(leader.lease(), command);
            return;
        }
        LOG.info("{}: {}", command.subject(), command.verb());
        heartbeat.beat();
        register.obey(leader.lease(), command, about.get());
        if (command.verb() == Command.Verb.STOP) {
            stop(command.subject());
        }
    }

    private boolean stop(String synchronisation) {
        Running runs = running.get(synchronisation);
        if (runs != null) {
            runs.stop = true;
        }
        return runs != null;
    }

    private void define(Command command) {
        DefineAsWanted.by(parts, leader.lease(), command);
        parts.know(register.sources());
    }

    /** Its run ends first: what a run writes down would make it anew. */
    private void remove(Command command) {
        boolean isOurs = register.find(command.subject())
                .filter(known -> !known.isFromFile() && known.definition().version() == command.seen())
                .isPresent();
        if (isOurs && stop(command.subject())) {
            removing.add(command.subject());
        } else {
            define(command);
            removing.remove(command.subject());
        }
    }

    /** Of runs that go on, in the database, where servers show it. */
    private void showProgress() {
        if (System.nanoTime() - shownAt < SHOWN_EVERY) {
            return;
        }
        shownAt = System.nanoTime();
        Instant now = parts.clock().instant();
        for (Progress each : progress()) {
            heartbeat.beat();
            register.show(leader.lease(), each.run(), each.read(), each.rate(), now);
        }
    }

    private boolean isDue(Synchronisation each) {
        if (each.stopped()) {
            return false;
        }
        return !each.due(settings.retry()).isAfter(parts.clock().instant()) || isCutOff(each);
    }

    /** What ended with a process is gone on with at once, unless its next attempt failed. */
    private boolean isCutOff(Synchronisation each) {
        return each.failed() == null
                && register.run(each.run()).filter(Run::isCutOff).isPresent();
    }

    private void begin(Synchronisation each) {
        if (!parts.hasSource(each.definition())) {
            String source = each.definition().source();
            Cause cause = Cause.of(Cause.Kind.NOT_CONFIGURED, parts.whyMissing(source), source);
            register.fail(
                    leader.lease(), each.name(), null, cause, parts.clock().instant());
            return;
        }
        Running begun = new Running();
        RunSynchronisation run = parts.run(each.definition(), leader, () -> closed || begun.stop);
        begun.run = run;
        Thread thread = new Thread(
                () -> {
                    try {
                        run.run(false);
                    } catch (RunEnded e) {
                        LOG.debug("{} ended", each.name(), e);
                    } finally {
                        finish(each.name(), begun);
                    }
                },
                "run-" + each.name());
        thread.setDaemon(true);
        begun.thread = thread;
        running.put(each.name(), begun);
        thread.start();
    }

    /**
     * How it works.
     *
     * @param look how often it looks
     * @param runs how many runs go on at the same time
     * @param retry after how long a run that failed is tried again
     * @param types what it runs; none: everything
     * @param patience after how long in one step it counts as standing still, see {@link #patience}
     * @param ending how long runs have to stop when it is closed
     */
    public record DaemonSettings(
            Duration look, int runs, Duration retry, Set<String> types, Duration patience, Duration ending) {
        /** For so long the driver tries one transaction again, and waits for a network that swallows everything in its last attempt. */
        private static final Duration LONGEST_TRANSACTION = Duration.ofSeconds(150);

        /** A call takes thirty seconds at most, as shipped, and what it brought is written down. */
        private static final Duration ENDING = Duration.ofSeconds(45);

        public DaemonSettings {
            types = Set.copyOf(types);
        }

        public DaemonSettings(Duration look, int runs, Duration retry, Set<String> types) {
            this(look, runs, retry, types, patience(runs), ENDING);
        }

        /**
         * What is written of states is written by one thread after the other: whoever looks may have to wait until each run and the trial of a source
         * have done so, and then does it itself.
         */
        static Duration patience(int runs) {
            return LONGEST_TRANSACTION.multipliedBy(runs + 2L);
        }

        /** The same with another patience. */
        public DaemonSettings patient(Duration other) {
            return new DaemonSettings(look, runs, retry, types, other, ending);
        }

        /** The same with another time for runs to stop. */
        public DaemonSettings ending(Duration other) {
            return new DaemonSettings(look, runs, retry, types, patience, other);
        }

        public DaemonSettings(Duration look, int runs, Duration retry) {
            this(look, runs, retry, Set.of());
        }

        boolean isMeant(Synchronisation each) {
            return types.isEmpty() || types.contains(each.definition().type());
        }

        /** For people. */
        public static DaemonSettings standard() {
            return new DaemonSettings(Duration.ofSeconds(1), 2, Duration.ofMinutes(5));
        }
    }
}
