package miroir.storage;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import miroir.index.store.Deadline;

/**
 * Two processes, a database and whoever asks what is settled, one run in one order. The code that holds floors and that
 * finds what is settled is the real one; the database is a list of what was applied and a {@link MapFloors}.
 *
 * <p>What happens at one moment is a step. Every actor has a script of them, and {@link Choices} tells who goes on; time
 * goes on by a millisecond with each, and by a leap where the script of time says so. A commit that was sent is applied, or
 * refused as too late, at any moment after that, whatever became of its sender: a process that dies is one whose script ends.
 * Where the board is called, others may go on before the call is made and before its answer arrives, so often in one run.
 */
final class FloorWorld {
    static final FloorTerms TERMS = new FloorTerms(millis(10), millis(5), millis(30), millis(5), millis(1), millis(8));

    /** How long the database lets a transaction live. */
    private static final Duration LIFETIME = millis(20);

    /** What an actor does next. */
    enum Step {
        /** Takes a row where there is none, chooses an instant, and sends the commit. */
        BEGIN,
        /** Sends the first command of a transaction, from which the database counts how long it may take. */
        OPEN,
        /** Chooses the instant of the transaction, and sends its commit. */
        COMMIT,
        /** Hears what became of its first commit. */
        END,
        /** Loses the connection over its last commit. */
        LOSE,
        /** What the keeper of the floor does every few milliseconds. */
        TICK,
        LOOK,
        /** Longer than a commit may take, and shorter than the lease of a row. */
        PAUSE,
        /** Longer than the lease of a row. */
        SLEEP,
        /** To a primary whose clock is behind by less than the margin. */
        FAIL_OVER,
        /** To one whose clock is behind by more. */
        FAIL_OVER_FAR
    }

    /** What is different from how it should be. */
    enum Fault {
        NONE,
        /** Writers put up no row. */
        NO_ROWS,
        /** Whoever takes a row is not told what others were told before. */
        BOARD_UNHEEDED,
        /** Floors are published without regard to open commits. */
        OPEN_COMMITS_UNHEEDED,
        /** The database applies commits whenever they arrive. */
        NO_LIMIT,
        /** The instant of a transaction is chosen before its first command. */
        INSTANT_BEFORE_THE_LIMIT,
        /** A look passes over expired rows, and leaves them. */
        ROWS_COME_BACK,
        /** A commit whose fate is not known counts as ended. */
        LOST_COUNT_AS_ENDED
    }

    /**
     * Who does what.
     *
     * @param writer of the first process, beside its keeper
     * @param other the second process
     * @param readsInFirst whether it is the first process that is asked what is settled, or a third one
     * @param error by how much the clock of the first process is wrong
     * @param interruptions how often others may go on during calls of the board
     */
    record Scenario(
            List<Step> writer,
            List<Step> keeper,
            List<Step> other,
            List<Step> reader,
            List<Step> time,
            boolean readsInFirst,
            long error,
            int interruptions) {}

    private final Choices choices;
    private final Fault fault;
    private final List<Actor> actors;
    private final MapFloors board = new MapFloors(() -> Instant.ofEpochMilli(now()));
    private final List<CommitInstant> sent = new ArrayList<>();
    private final Set<CommitInstant> arrived = new HashSet<>();
    private final List<Instant> applied = new ArrayList<>();
    private final List<Answer> answers = new ArrayList<>();
    private int interruptions;
    private long primary = 1_000;

    /** What was settled, and how much could be seen then. */
    private record Answer(Instant settled, int visible) {}

    FloorWorld(Scenario scenario, Fault fault, Choices choices) {
        this.choices = choices;
        this.fault = fault;
        this.interruptions = scenario.interruptions();
        Server first = new Server(scenario.error());
        Server second = new Server(0);
        Server asked = scenario.readsInFirst() ? first : new Server(0);
        this.actors = List.of(
                new Actor(first, scenario.writer()),
                new Actor(first, scenario.keeper()),
                new Actor(second, scenario.other()),
                new Actor(asked, scenario.reader()),
                new Actor(second, scenario.time()));
    }

    /** Whether nothing was applied after it should have been seen. */
    boolean holds() {
        while (goOn(0)) {
            // until nobody can
        }
        return answers.stream()
                .allMatch(answer -> applied.subList(answer.visible(), applied.size()).stream()
                        .allMatch(from -> from.isAfter(answer.settled())));
    }

    /** One step of somebody, or of nobody where that is one of the ways. */
    private boolean goOn(int waysOfNobody) {
        List<Runnable> ways = new ArrayList<>();
        actors.stream().filter(Actor::canGoOn).forEach(actor -> ways.add(actor::step));
        sent.stream().filter(commit -> !arrived.contains(commit)).forEach(commit -> ways.add(() -> arrive(commit)));
        int chosen = ways.isEmpty() ? -1 : choices.of(ways.size() + waysOfNobody) - waysOfNobody;
        if (chosen < 0) {
            return false;
        }
        primary++;
        ways.get(chosen).run();
        return true;
    }

    private void arrive(CommitInstant commit) {
        arrived.add(commit);
        if (fault == Fault.NO_LIMIT || now() < commit.before().toEpochMilli()) {
            applied.add(commit.from());
        }
    }

    private void interrupt() {
        if (interruptions > 0 && goOn(1)) {
            interruptions--;
        }
    }

    private long now() {
        return primary;
    }

    private static Duration millis(long millis) {
        return Duration.ofMillis(millis);
    }

    /** One thread of a process, or time, which waits for nobody. */
    private final class Actor {
        private final Server process;
        private final List<Step> script;
        private int next;
        private boolean busy;

        Actor(Server process, List<Step> script) {
            this.process = process;
            this.script = script;
        }

        boolean canGoOn() {
            return !busy
                    && next < script.size()
                    && switch (script.get(next)) {
                        case PAUSE, SLEEP, FAIL_OVER, FAIL_OVER_FAR -> true;
                        case END -> !process.called.isTaking() && arrived.contains(process.commits.get(0));
                        case BEGIN, OPEN, COMMIT, LOSE, TICK, LOOK -> !process.called.isTaking();
                    };
        }

        void step() {
            busy = true;
            switch (script.get(next++)) {
                case BEGIN -> process.begin();
                case OPEN -> process.openTransaction();
                case COMMIT -> process.commitTransaction();
                case END -> process.open.end(process.commits.get(0).from());
                case LOSE -> process.lose();
                case TICK -> process.floor.tick();
                case LOOK -> {
                    Instant settled = process.settled.run(Duration.ZERO, Deadline.in(Duration.ofDays(1)));
                    answers.add(new Answer(settled, applied.size()));
                }
                case PAUSE -> primary += 12;
                case SLEEP -> primary += 32;
                case FAIL_OVER -> primary -= 4;
                case FAIL_OVER_FAR -> primary -= 40;
            }
            busy = false;
        }
    }

    private final class Server {
        private final List<CommitInstant> commits = new ArrayList<>();
        private Instant instant = Instant.MAX;
        private Instant limit = Instant.MAX;
        private final OpenCommits open = new OpenCommits();
        private final CalledFloors called =
                new CalledFloors(board, fault, () -> Instant.ofEpochMilli(now()), FloorWorld.this::interrupt);
        private final HeldFloor floor;
        private final FindSettled settled;
        private long latest;

        Server(long error) {
            this.floor = new HeldFloor(called, () -> clock(error), TERMS, open, Numbers.open());
            this.settled = new FindSettled(called, floor.process(), open);
        }

        /** As {@link CommitClock}: it never goes back. */
        private Instant clock(long error) {
            latest = Math.max(latest, now() + error);
            return Instant.ofEpochMilli(latest);
        }

        void begin() {
            CommitInstant commit = floor.begin(Instant.EPOCH);
            commits.add(commit);
            sent.add(commit);
        }

        void openTransaction() {
            if (fault == Fault.INSTANT_BEFORE_THE_LIMIT) {
                instant = floor.begin(Instant.EPOCH, LIFETIME).from();
            } else {
                limit = Instant.ofEpochMilli(now()).plus(LIFETIME);
            }
        }

        void commitTransaction() {
            if (fault == Fault.INSTANT_BEFORE_THE_LIMIT) {
                limit = Instant.ofEpochMilli(now()).plus(LIFETIME);
            } else {
                instant = floor.begin(Instant.EPOCH, LIFETIME).from();
            }
            CommitInstant commit = new CommitInstant(instant, limit, Numbers.use());
            commits.add(commit);
            sent.add(commit);
        }

        void lose() {
            CommitInstant last = commits.get(commits.size() - 1);
            if (fault == Fault.LOST_COUNT_AS_ENDED) {
                open.end(last.from());
            } else {
                open.lose(last.from(), last.before());
            }
        }
    }
}
