package miroir.sync.daemon;

import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import miroir.sync.run.RunEnded;
import miroir.sync.run.RunEnded.Why;
import miroir.sync.run.RunSynchronisation;
import miroir.sync.state.Command;
import miroir.sync.state.Definition;
import miroir.sync.state.Synchronisation;
import org.jspecify.annotations.Nullable;

/** One run of each synchronisation, one after the other, in this thread. What an earlier one left open is gone on with. */
public final class RunOnce {
    private static final long PAUSE = TimeUnit.MILLISECONDS.toNanos(500);

    private final SyncParts parts;
    private final Leader leader;
    private final BooleanSupplier stopped;
    private final Consumer<RunSynchronisation> begun;

    /**
     * Once.
     *
     * @param begun is told about each run before it begins
     */
    public RunOnce(SyncParts parts, Leader leader, BooleanSupplier stopped, Consumer<RunSynchronisation> begun) {
        this.parts = parts;
        this.leader = leader;
        this.stopped = stopped;
        this.begun = begun;
    }

    /**
     * Runs all, also when one fails; returns why the first one that failed did.
     *
     * @param patienceNanos how long to wait for another process that leads, such as one that was killed a moment ago
     */
    public @Nullable RunEnded run(List<Definition> definitions, boolean full, long patienceNanos) {
        parts.checked(definitions);
        awaitLead(patienceNanos);
        leader.start();
        BeginToLead begin = new BeginToLead(parts, leader);
        begin.publish(definitions);
        begin.removeLeftovers();
        obey(definitions);
        RunEnded first = null;
        for (Definition definition : definitions) {
            RunSynchronisation run = parts.run(definition, leader, stopped);
            begun.accept(run);
            try {
                run.run(full);
            } catch (RunEnded ended) {
                first = first == null ? ended : first;
                if (ended.why() == Why.LEASE_LOST || ended.why() == Why.STOPPED || ended.why() == Why.KEY_REFUSED) {
                    break;
                }
            }
        }
        return first;
    }

    /** What people wanted while no daemon ran; a stop is over with the command that they give now. */
    private void obey(List<Definition> definitions) {
        for (Definition definition : definitions) {
            for (Command command : parts.register().commands()) {
                if (command.synchronisation().equals(definition.name())) {
                    obey(definition.name(), command);
                }
            }
            if (known(definition.name()).stopped()) {
                obey(
                        definition.name(),
                        Command.of(
                                definition.name(),
                                Command.Verb.START,
                                parts.clock().instant()));
            }
        }
    }

    private void obey(String name, Command command) {
        parts.register().obey(leader.lease(), command, known(name));
    }

    private Synchronisation known(String name) {
        return parts.register().find(name).orElseThrow();
    }

    private void awaitLead(long patienceNanos) {
        long end = System.nanoTime() + patienceNanos;
        while (!leader.tryOnce()) {
            if (stopped.getAsBoolean()) {
                throw new RunEnded(Why.STOPPED, "told to stop");
            }
            if (System.nanoTime() > end) {
                throw new RunEnded(Why.LEASE_LOST, "another process leads, such as './miroir sync run'");
            }
            LockSupport.parkNanos(PAUSE);
        }
    }
}
