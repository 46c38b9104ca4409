package miroir.server.pipeline;

import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BinaryOperator;
import java.util.function.Supplier;
import miroir.index.Refusal;
import miroir.index.store.Deadline;
import org.jspecify.annotations.Nullable;

/**
 * Lets so many searches be with the database at once, and those who ask have their turns fairly.
 *
 * <p>The problem: the database works on some searches at a time, and a costly one takes until its deadline. Whoever sends a thousand of them keeps all others
 * waiting, their reads too, since these share processors, memory and connections with the searches.
 *
 * <p>The approach: there are some turns, for which each of those who ask has a line of his own: a consumer, or an address. A turn that becomes free goes to the line whose
 * owner has the fewest turns, and among equals to the one that got its last turn the longest ago. So a client with a thousand searches waits behind its own, where two
 * wait each has half, and where nobody else asks one has nearly all. Nearly: turns are not taken away from who has them, so the last quarter is
 * for those who have none, who would otherwise wait for what a flood began before they came.
 *
 * <p>Who has one address may have a thousand. So addresses of about one provider are a group: turns go to the group that has the fewest first, and within it to
 * the line that has; half of the last quarter is for groups that have none. A consumer is a group of its own.
 *
 * <p>Nobody waits longer than the search has. Only so many wait at all: when there are too many, the youngest of the longest line of the largest group goes,
 * and nobody with a token as long as others wait, so a flood keeps nobody out of a line either.
 *
 * <p>Whoever has a turn may wait for connections and for memory, and nobody who holds those may wait for one of these: entries of bundles, whose bodies are in
 * memory, have turns of their own, with which nobody waits for memory.
 *
 * <p>The cost: a lock that is held for a walk over those who wait, a thousand at most, beside a search.
 *
 * <p>A bound for each client alone would be too low for one and too high for many. One line for all, by age, is what the flood wants. Reads need
 * no turns: what they cost is small, and known.
 */
public final class FairTurns {
    /** Of all turns one in so many is for those who have none. */
    private static final int KEPT_PART = 4;

    private static final Comparator<Asking> BY_TURNS =
            Comparator.<Asking>comparingInt(each -> each.group.turns).thenComparingInt(each -> each.turns);

    private static final Comparator<Asking> BY_CROWD = Comparator.<Asking, Boolean>comparing(
                    each -> !each.who.byToken())
            .thenComparingInt(each -> each.group.waiting)
            .thenComparingInt(each -> each.line.size());

    private final int all;
    private final int kept;
    private final int mostWaiting;
    private final ReentrantLock lock = new ReentrantLock();

    /** Those who have turns or wait, in the order in which they got their last turns; what follows is guarded by the lock. */
    private final Map<Asker, Asking> asking = new LinkedHashMap<>();

    private final Map<String, Group> groups = new HashMap<>();

    private int running;
    private int waiting;

    private final LongAdder refusedByTime = new LongAdder();
    private final LongAdder refusedByNumber = new LongAdder();

    /** Those who are as one to others. */
    private static final class Group {
        private int members;
        private int turns;
        private int waiting;
    }

    /** One of those who ask. */
    private static final class Asking {
        private final Asker who;
        private final Group group;
        private final Deque<Place> line = new ArrayDeque<>();
        private int turns;

        Asking(Asker who, Group group) {
            this.who = who;
            this.group = group;
        }
    }

    /** A place in a line. */
    private static final class Place {
        private final Condition decided;
        private boolean called;
        private boolean sentAway;

        Place(Condition decided) {
            this.decided = decided;
        }
    }

    /**
     * So many turns.
     *
     * @param mostWaiting how many may wait for one
     */
    public FairTurns(int turns, int mostWaiting) {
        this.all = turns;
        this.kept = turns / KEPT_PART;
        this.mostWaiting = mostWaiting;
    }

    /** How many have turns and wait for one at most. */
    int most() {
        return all + mostWaiting;
    }

    /** Works when it is their turn. */
    public <T> T when(Asker who, Deadline deadline, Supplier<T> work) {
        Asking own = take(who, deadline);
        try {
            return work.get();
        } finally {
            giveBack(own);
        }
    }

    /** Works where a turn is free for them at this moment, and nobody waits; null where not, which is no refusal. */
    public <T> @Nullable T ifFree(Asker who, Supplier<T> work) {
        Asking own = takeFree(who);
        if (own == null) {
            return null;
        }
        try {
            return work.get();
        } finally {
            giveBack(own);
        }
    }

    private @Nullable Asking takeFree(Asker who) {
        lock.lock();
        try {
            Asking own = asking.computeIfAbsent(who, this::begun);
            if (waiting > 0 || free() <= keptFrom(own)) {
                forgetIfGone(own);
                return null;
            }
            begin(own);
            return own;
        } finally {
            lock.unlock();
        }
    }

    /** How many have turns. */
    public int running() {
        return counted(() -> running);
    }

    /** How many wait. */
    public int waiting() {
        return counted(() -> waiting);
    }

    private int counted(Supplier<Integer> count) {
        lock.lock();
        try {
            return count.get();
        } finally {
            lock.unlock();
        }
    }

    /** How many were refused because they waited too long. */
    public long refusedByTime() {
        return refusedByTime.sum();
    }

    /** How many were refused because too many waited. */
    public long refusedByNumber() {
        return refusedByNumber.sum();
    }

    private Asking take(Asker who, Deadline deadline) {
        lock.lock();
        try {
            Asking own = asking.computeIfAbsent(who, this::begun);
            Place place = new Place(lock.newCondition());
            own.line.add(place);
            own.group.waiting++;
            waiting++;
            call();
            if (waiting > mostWaiting) {
                sendAwayOne(own);
            }
            await(own, place, deadline.remaining().toNanos());
            return own;
        } finally {
            lock.unlock();
        }
    }

    private Asking begun(Asker who) {
        Group group = groups.computeIfAbsent(who.group(), name -> new Group());
        group.members++;
        return new Asking(who, group);
    }

    private int free() {
        return all - running;
    }

    /** The youngest of the longest line of the group that waits most, and none with a token while others wait; among equals, of who came last. */
    private void sendAwayOne(Asking last) {
        Asking longest = asking.values().stream()
                .filter(each -> !each.line.isEmpty())
                .reduce(last, BinaryOperator.maxBy(BY_CROWD));
        Place youngest = longest.line.removeLast();
        longest.group.waiting--;
        waiting--;
        youngest.sentAway = true;
        youngest.decided.signal();
    }

    /** Gives what is free. */
    private void call() {
        for (Asking next = next(); next != null; next = next()) {
            Place first = next.line.remove();
            next.group.waiting--;
            waiting--;
            begin(next);
            first.called = true;
            first.decided.signal();
        }
    }

    private void begin(Asking one) {
        running++;
        one.turns++;
        one.group.turns++;
        asking.remove(one.who);
        asking.put(one.who, one);
    }

    /** Whose turn is next; null where nobody waits, or what is free is not for who waits. */
    private @Nullable Asking next() {
        Asking fewest = null;
        for (Asking each : asking.values()) {
            if (!each.line.isEmpty() && (fewest == null || BY_TURNS.compare(each, fewest) < 0)) {
                fewest = each;
            }
        }
        return fewest != null && free() > keptFrom(fewest) ? fewest : null;
    }

    private int keptFrom(Asking one) {
        if (one.group.turns == 0) {
            return 0;
        }
        return one.turns == 0 ? kept / 2 : kept;
    }

    private void await(Asking own, Place place, long nanos) {
        long left = nanos;
        try {
            while (!place.called && !place.sentAway && left > 0) {
                left = place.decided.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            if (!place.called) {
                leave(own, place);
                throw new Refusal(Refusal.Reason.NOT_READY, "the server stops");
            }
        }
        if (!place.called) {
            leave(own, place);
            throw refused(place.sentAway);
        }
    }

    private void leave(Asking own, Place place) {
        if (own.line.remove(place)) {
            own.group.waiting--;
            waiting--;
        }
        forgetIfGone(own);
    }

    private Refusal refused(boolean tooMany) {
        (tooMany ? refusedByNumber : refusedByTime).increment();
        return new Refusal(
                Refusal.Reason.NOT_READY,
                running + " searches are being worked on and " + waiting + " wait, "
                        + (tooMany
                                ? "which are too many for this one to wait too"
                                : "until there was no time left for this one")
                        + " (limits.searches): try again later");
    }

    private void giveBack(Asking own) {
        lock.lock();
        try {
            own.turns--;
            own.group.turns--;
            running--;
            forgetIfGone(own);
            call();
        } finally {
            lock.unlock();
        }
    }

    private void forgetIfGone(Asking own) {
        if (own.turns == 0 && own.line.isEmpty() && asking.remove(own.who, own) && --own.group.members == 0) {
            groups.remove(own.who.group());
        }
    }
}
