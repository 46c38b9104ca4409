package miroir.server.subscriptions;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import miroir.index.Refusal;
import miroir.index.store.Caller;
import miroir.index.store.Deadline;
import miroir.index.store.HistoryPosition;
import miroir.storage.Committed;
import miroir.storage.ledger.Lease;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Delivers one subscription, for as long as this process has its lease.
 *
 * <p>Problem: every change has to arrive, those of a resource in their order, whatever breaks: the receiver, the database, this process. And it has to be soon, beside
 * others that are slow.
 *
 * <p>Approach: a loop of three steps, done by whichever thread is free, and by one at a time. It reads what was committed after the position that it read up to, and
 * has the database choose what of it concerns the subscription; it sends what is due of the {@link Backlog}, several resources at a time; and it writes down up to where
 * everything was taken, twice a second at most. Whoever goes on after a crash does so from there, so that some changes are sent again, and none is left out.
 *
 * <p>Two processes must not send at the same time, or an older version could arrive after a newer one. So nothing is sent unless the lease is good for
 * longer than it may take, and nothing is written down but under the lease, in the document that holds it.
 *
 * <p>What fails is tried again after a pause that doubles, resource by resource: a receiver may refuse one of them and take the others. Where it takes nothing at all any
 * more, one thing is tried at a time, until something is taken. What fails for too long ends the subscription in error; its position stays where it is.
 */
final class DeliverSubscription {
    private static final Logger LOG = LoggerFactory.getLogger(DeliverSubscription.class);

    private static final int PAGE = 200;
    private static final int OK = 200;
    private static final int BEYOND_OK = 300;

    /** After so many milliseconds is tried again what could not be tried. */
    private static final long LATER = 1_000;

    /** Who was made on another server a moment ago, and subscribed there, is known here within so long. */
    private static final Duration UNTIL_KNOWN = Duration.ofSeconds(10);

    private static final Duration SPARE = Duration.ofSeconds(1);
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Engine engine;
    private final Subscribed subscribed;
    private final Receiver receiver;
    private final MakeNotification make;
    private final Progress before;
    private final PlannedWake plan;
    private final AtomicBoolean isRunning = new AtomicBoolean();
    private volatile boolean isWanted;
    private volatile boolean isStopping;
    private volatile Instant settled = Instant.EPOCH;

    /** What follows is guarded by this. */
    private final Backlog backlog;

    private final Tally tally;
    private final WrittenProgress written;
    private Lease lease;
    private long leaseEnds;

    /** Until when nothing is read, since it failed; by {@link PlannedWake#now()}. */
    private long readAgainAt;

    /**
     * Delivers what was not delivered yet.
     *
     * @param leaseEnds by the steady clock
     * @param before how far it is
     * @param start where it begins where nothing was delivered yet
     */
    DeliverSubscription(
            Engine engine, Subscribed subscribed, Lease lease, long leaseEnds, Progress before, HistoryPosition start) {
        this.engine = engine;
        this.subscribed = subscribed;
        this.lease = lease;
        this.leaseEnds = leaseEnds;
        this.before = before;
        this.receiver = engine.receiver(subscribed);
        this.make = new MakeNotification(engine, subscribed);
        HistoryPosition done = before.done();
        long longestPause = engine.configuration().longestPause().toMillis();
        this.backlog = new Backlog(done == null ? start : done, longestPause);
        this.tally = new Tally(before, longestPause);
        this.written = new WrittenProgress(before);
        this.plan = new PlannedWake(engine.clock(), this::wake);
    }

    Subscribed subscribed() {
        return subscribed;
    }

    synchronized Lease lease() {
        return lease;
    }

    /** It may go on for longer. */
    void keep(Lease longer, long ends) {
        synchronized (this) {
            lease = longer;
            leaseEnds = ends;
        }
        wake();
    }

    private synchronized boolean isHeldFor(Duration time) {
        return leaseEnds - System.nanoTime() > time.toNanos();
    }

    /** Says up to where everything is settled, where something may have been committed. */
    void see(Instant upTo) {
        settled = upTo;
        wake();
    }

    /** Sends nothing more. */
    void stop() {
        isStopping = true;
    }

    boolean isStopping() {
        return isStopping;
    }

    /** Whether nothing is under way. */
    synchronized boolean isQuiet() {
        return backlog.inFlight() == 0 && !isRunning.get();
    }

    /** Ends it: what is under way is cut off. */
    void close() {
        isStopping = true;
        receiver.close();
    }

    /** Has somebody look what is to be done; whoever is at it looks once more. */
    void wake() {
        isWanted = true;
        if (isRunning.compareAndSet(false, true)) {
            try {
                engine.readers().execute(this::run);
            } catch (RejectedExecutionException e) {
                isRunning.set(false);
            }
        }
    }

    private void run() {
        try {
            while (isWanted) {
                isWanted = false;
                step();
            }
        } finally {
            isRunning.set(false);
        }
        if (isWanted) {
            wake();
        }
    }

    private void step() {
        if (isStopping) {
            return;
        }
        try {
            boolean isBehind = readIfPossible();
            send();
            writeDown(false);
            giveUpWhereDue();
            if (isBehind) {
                isWanted = true;
            }
        } catch (Refusal refused) {
            tell(refused.getMessage());
            plan.in(LATER);
        } catch (RuntimeException e) {
            LOG.warn("{} is delivered later: {}", subscribed, e.toString());
            LOG.debug("so it failed", e);
            plan.in(LATER);
        }
    }

    /** Where it cannot be read what comes next, what was read before is sent all the same, and it is written down why. */
    private boolean readIfPossible() {
        if (isTooEarlyToRead()) {
            return false;
        }
        try {
            boolean isBehind = read();
            synchronized (this) {
                tally.canRead();
            }
            return isBehind;
        } catch (Refusal refused) {
            tell(refused.getMessage());
            if (refused.reason() == Refusal.Reason.UNPROCESSABLE) {
                fail(String.valueOf(refused.getMessage()));
            } else {
                readLater(refused.reason() == Refusal.Reason.TOO_COSTLY);
            }
            return false;
        }
    }

    private synchronized void readLater(boolean isTooCostly) {
        long pause = tally.cannotRead(isTooCostly);
        readAgainAt = PlannedWake.now() + pause;
        plan.in(pause);
    }

    /** Whoever is woken meanwhile, for another reason, sees to it that somebody is when it is time. */
    private synchronized boolean isTooEarlyToRead() {
        long left = readAgainAt - PlannedWake.now();
        if (left > 0) {
            plan.in(left);
        }
        return left > 0;
    }

    /** Reads what comes next, where there is room for it; whether there may be more. */
    private boolean read() {
        HistoryPosition after;
        Instant upTo = settled;
        synchronized (this) {
            after = backlog.read();
            if (PlannedWake.now() < readAgainAt
                    || backlog.size() > Backlog.MOST - PAGE
                    || !upTo.isAfter(after.from())) {
                return false;
            }
        }
        Caller owner = owner();
        if (owner == null) {
            return false;
        }
        Deadline deadline = Deadline.in(PATIENCE);
        List<Committed> changes =
                engine.store().committed(ByServer.CALLER, Set.of(subscribed.type()), after, upTo, PAGE, deadline);
        List<Told> told = engine.choose().among(changes, subscribed, owner, deadline);
        boolean isFull = changes.size() == PAGE;
        HistoryPosition end = isFull ? changes.get(changes.size() - 1).position() : new HistoryPosition(upTo, "", "");
        synchronized (this) {
            backlog.add(told, end);
            return isFull && backlog.size() <= Backlog.MOST - PAGE;
        }
    }

    private @Nullable Caller owner() {
        Optional<Caller> owner = engine.owners().caller(subscribed.owner());
        if (owner.isEmpty() && Instant.now().isBefore(subscribed.from().plus(UNTIL_KNOWN))) {
            plan.in(LATER);
        } else if (owner.isEmpty()) {
            fail("\"" + subscribed.owner()
                    + "\", on whose behalf it is delivered, is not there any more, is blocked, or has no token"
                    + " that works");
        }
        return owner.orElse(null);
    }

    private void send() {
        List<Backlog.Entry> due;
        long now = PlannedWake.now();
        synchronized (this) {
            boolean isAway = tally.isAway();
            int most = (isAway ? 1 : engine.share()) - backlog.inFlight();
            if (most <= 0 || (isAway && now < tally.pausedUntil())) {
                due = List.of();
            } else {
                due = isAway ? backlog.first() : backlog.due(now, most);
            }
            long next = isAway ? tally.pausedUntil() : backlog.nextDue();
            if (due.isEmpty() && backlog.inFlight() == 0 && next != Long.MAX_VALUE) {
                plan.in(Math.max(1, next - now));
            } else if (!isAway && next != Long.MAX_VALUE && next > now) {
                plan.in(next - now);
            }
        }
        due.forEach(this::handOver);
    }

    private void handOver(Backlog.Entry entry) {
        try {
            engine.senders().execute(() -> deliver(entry));
        } catch (RejectedExecutionException e) {
            untried(entry);
        }
    }

    /** Whatever happens, an entry does not stay under way. */
    private void deliver(Backlog.Entry entry) {
        boolean isOver = false;
        try {
            isOver = isTried(entry);
        } finally {
            if (!isOver) {
                untried(entry);
            }
        }
        if (isOver) {
            wake();
        }
    }

    /** False where it was not tried: it is still to be sent. */
    private boolean isTried(Backlog.Entry entry) {
        String why;
        try {
            Caller owner = isSendingAllowed() ? owner() : null;
            if (owner == null) {
                return false;
            }
            Notification notification = make.of(entry.told(), owner);
            // What was asked of the database may have taken long.
            if (!isSendingAllowed()) {
                return false;
            }
            why = notification == null ? "" : sent(notification);
        } catch (IOException e) {
            why = KnownSubscriptions.UNREACHABLE + ": " + e.getMessage();
        } catch (Refusal e) {
            why = String.valueOf(e.getMessage());
        } catch (RuntimeException e) {
            LOG.warn("{} is delivered later: {}", subscribed, e.toString());
            LOG.debug("so it failed", e);
            why = "it could not be sent";
        }
        if (why.isEmpty()) {
            taken(entry);
        } else if (isStopping) {
            return false;
        } else {
            failed(entry, why);
        }
        return true;
    }

    private boolean isSendingAllowed() {
        return !isStopping && isHeldFor(engine.configuration().timeout().plus(SPARE));
    }

    /** Why it failed; an empty text: it was taken. */
    private String sent(Notification notification) throws IOException {
        int status = receiver.send(notification);
        return status >= OK && status < BEYOND_OK
                ? ""
                : KnownSubscriptions.ANSWERS + status + (status / 100 == 3 ? ", and redirects are not followed" : "");
    }

    private synchronized void taken(Backlog.Entry entry) {
        if (tally.isAway()) {
            backlog.retryAll();
        }
        tally.countTaken();
        backlog.taken(entry);
    }

    private synchronized void failed(Backlog.Entry entry, String why) {
        long now = PlannedWake.now();
        tally.countFailed(why, now);
        backlog.failed(entry, now, System.currentTimeMillis());
    }

    private synchronized void untried(Backlog.Entry entry) {
        backlog.untried(entry);
        plan.in(LATER);
    }

    private synchronized void tell(@Nullable String what) {
        tally.tell(what);
    }

    /** Writes down how far it is, where that is worth it. */
    void writeDown(boolean anyway) {
        Progress now;
        Lease under;
        synchronized (this) {
            now = progress();
            if (written.has(now)) {
                return;
            }
            long early = anyway ? 0 : written.early();
            if (early > 0) {
                plan.in(early);
                return;
            }
            written.set(now);
            under = lease;
        }
        try {
            if (!engine.progress().set(under, now.toBson())) {
                LOG.info("{} is delivered by another server now", subscribed);
                isStopping = true;
            }
        } catch (RuntimeException notWritten) {
            unwritten();
            throw notWritten;
        }
    }

    private synchronized void unwritten() {
        written.forget();
    }

    private Progress progress() {
        long unreadSince = tally.unreadSince();
        long since = backlog.isEmpty() && unreadSince != 0 ? unreadSince : failingSince();
        return new Progress(
                subscribed.version(),
                backlog.done(),
                backlog.size(),
                oldest(),
                tally.taken(),
                tally.failed(),
                since == 0 ? null : Instant.ofEpochMilli(since),
                backlog.isEmpty() && unreadSince == 0 ? "" : tally.lastError(),
                Instant.now());
    }

    /** Of what was not read yet nobody knows when the oldest was committed, but that it was after everything that is done. */
    private @Nullable Instant oldest() {
        HistoryPosition oldest = backlog.oldest();
        if (oldest != null) {
            return oldest.from();
        }
        return settled.isAfter(backlog.read().from()) ? backlog.done().from() : null;
    }

    /** What failed before somebody else went on is still the same as long as nothing was taken; unless somebody wanted it tried again. */
    private long failingSince() {
        Instant since = before.failingSince();
        if (since == null
                || before.waiting() == 0
                || subscribed.from().isAfter(since)
                || !backlog.done().equals(before.done())
                || tally.taken() != before.taken()) {
            return backlog.failingSince();
        }
        return since.toEpochMilli();
    }

    /** Not for what is written down alone: it has to have failed here as well. */
    private void giveUpWhereDue() {
        long since;
        String why;
        synchronized (this) {
            since = backlog.failingSince() == 0 ? 0 : failingSince();
            why = tally.lastError();
        }
        Duration giveUpAfter = engine.configuration().giveUpAfter();
        if (since > 0 && System.currentTimeMillis() - since > giveUpAfter.toMillis()) {
            fail("nothing could be delivered of some resource since " + Instant.ofEpochMilli(since) + ": " + why);
        }
    }

    /** Ends it in error; whoever puts it to requested has it go on from where it is. */
    private void fail(String why) {
        if (isStopping) {
            return;
        }
        isStopping = true;
        LOG.warn("{} ends in error: {}", subscribed, why);
        try {
            engine.status().fail(subscribed, why);
        } catch (Refusal refused) {
            LOG.info("that {} ends in error is not written down: {}", subscribed, refused.getMessage());
        }
    }
}
