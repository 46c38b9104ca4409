package miroir.sync.daemon;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import miroir.storage.sync.Cause;
import miroir.storage.sync.Command;
import miroir.storage.sync.Definition;
import miroir.storage.sync.Held;
import miroir.storage.sync.PutOff;
import miroir.storage.sync.Register;
import miroir.storage.sync.Synchronisation;
import miroir.sync.run.RunEnded;
import miroir.sync.run.RunEnded.Why;
import miroir.sync.run.RunSynchronisation;
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
     * Runs all, also when one fails, but for those of a source that is away; returns the worst of what failed or waits for a person.
     *
     * @param patienceNanos how long to wait for another process that leads, such as one that was killed a moment ago
     */
    public @Nullable RunEnded run(List<Definition> definitions, boolean full, long patienceNanos) {
        return run(definitions, Set.of(), full, patienceNanos);
    }

    /**
     * The same.
     *
     * @param types of those that are defined in the console and are meant as well; none: all
     */
    public @Nullable RunEnded run(List<Definition> definitions, Set<String> types, boolean full, long patienceNanos) {
        parts.checked(definitions);
        awaitLead(patienceNanos);
        leader.start();
        BeginToLead begin = new BeginToLead(parts, leader, () -> {});
        begin.publish(definitions);
        begin.removeLeftovers();
        List<Definition> all = withThoseOfTheConsole(definitions, types);
        obey(all);
        List<RunEnded> failed = new ArrayList<>();
        Set<String> away = new HashSet<>();
        for (Definition definition : all) {
            RunEnded ended = away.contains(definition.source()) ? null : run(definition, full);
            if (ended != null) {
                failed.add(ended);
                if (ended.why().isOfAll()) {
                    break;
                }
                if (ended.why().isOfSource()) {
                    away.add(definition.source());
                }
            }
        }
        return failed.stream().min(Comparator.comparing(RunEnded::why)).orElse(null);
    }

    /** Of the types that are meant; what is to be defined is defined first. */
    private List<Definition> withThoseOfTheConsole(List<Definition> definitions, Set<String> types) {
        Register register = parts.register();
        register.commands().stream()
                .filter(command -> command.verb().defines())
                .forEach(command -> DefineAsWanted.by(parts, leader.lease(), command));
        parts.know(register.sources());
        List<Definition> all = new ArrayList<>(definitions);
        register.all().stream()
                .filter(known -> !known.isFromFile() && parts.hasSource(known.definition()))
                .map(Synchronisation::definition)
                .filter(definition -> types.isEmpty() || types.contains(definition.type()))
                .forEach(all::add);
        return all;
    }

    private @Nullable RunEnded run(Definition definition, boolean full) {
        RunSynchronisation run = parts.run(definition, leader, stopped);
        begun.accept(run);
        try {
            run.run(full);
            return left(known(definition.name()));
        } catch (RunEnded ended) {
            return ended;
        }
    }

    /** What an earlier run left, and this one could not put right. */
    private static @Nullable RunEnded left(Synchronisation known) {
        PutOff putOff = known.putOff();
        Held held = known.held();
        Cause complaint = known.complaint();
        if (putOff != null) {
            return new RunEnded(Why.INCOMPLETE, putOff.why());
        }
        if (held != null) {
            return new RunEnded(Why.GUARD, held.why());
        }
        return complaint == null ? null : new RunEnded(Why.REJECTS, complaint);
    }

    /** What people wanted while no daemon ran; a stop is over with the command that they give now. */
    private void obey(List<Definition> definitions) {
        for (Definition definition : definitions) {
            for (Command command : parts.register().commands()) {
                if (command.subject().equals(definition.name())
                        && !command.verb().isOfSource()
                        && !command.verb().defines()) {
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
