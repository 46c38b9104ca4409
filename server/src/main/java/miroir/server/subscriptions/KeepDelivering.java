package miroir.server.subscriptions;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import miroir.index.Refusal;
import miroir.index.store.Deadline;
import miroir.index.store.HistoryPosition;
import miroir.storage.WatchCommits;
import miroir.storage.ledger.Lease;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has every active subscription delivered by one of the servers of a database. One thread sees to it that this process has the subscriptions that nobody else
 * has, and drops those that are active no more; another one finds out up to where everything is settled whenever something may have been committed, once for
 * all subscriptions, and tells them.
 *
 * <p>That something was committed a change stream says, where there is one. It is looked for without one too, by a look at the newest version of each type, and for good where
 * there is none.
 */
final class KeepDelivering implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(KeepDelivering.class);
    private static final Duration ROUND = Duration.ofSeconds(1);
    private static final int RENEWED_PER_LEASE = 4;
    private static final Duration FORGOTTEN_EVERY = Duration.ofMinutes(5);
    private static final Duration UNTIL_SETTLED = Duration.ofMillis(100);
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /** What was committed at the same instant as the subscription, or with a clock that is a little late, is told as well. */
    private static final Duration OVERLAP = Duration.ofSeconds(1);

    private static final long SECONDS_TO_STOP = 3;

    /** While there is a stream, it is looked by itself so many times less often. */
    private static final int SELDOM = 10;

    private final Engine engine;
    private final FindSubscriptions find;
    private final Set<String> types;
    private final String self = UUID.randomUUID().toString();
    private final Map<String, DeliverSubscription> held = new ConcurrentHashMap<>();
    private final Thread rounds = new Thread(this::goRounds, "subscriptions");
    private final Thread looks = new Thread(this::look, "subscriptions-look");
    private final Semaphore rung = new Semaphore(0);
    private volatile boolean closed;
    private volatile @Nullable WatchCommits watch;

    /** Of {@link #looks} alone. */
    private Instant settled = Instant.EPOCH;

    /** Whether a look that somebody rang for failed. */
    private boolean isOwed;

    /** Of {@link #rounds} alone. */
    private long renewedAt;

    private long forgottenAt = System.nanoTime();
    private boolean isFailing;

    KeepDelivering(Engine engine, Set<String> types) {
        this.engine = engine;
        this.find = new FindSubscriptions(engine.store());
        this.types = Set.copyOf(types);
        rounds.setDaemon(true);
        looks.setDaemon(true);
    }

    KeepDelivering begin() {
        rounds.start();
        looks.start();
        return this;
    }

    private void goRounds() {
        while (!closed) {
            try {
                goRound();
                isFailing = false;
            } catch (Refusal e) {
                tell(e);
            } catch (RuntimeException e) {
                LOG.warn("subscriptions are looked after a little later", e);
            }
            try {
                TimeUnit.NANOSECONDS.sleep(ROUND.toNanos());
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private void tell(Refusal e) {
        if (!isFailing && !closed) {
            LOG.info("subscriptions are looked after a little later: {}", e.getMessage());
        }
        isFailing = true;
    }

    private void goRound() {
        // First of all: what is asked of the database after it may take longer than a lease.
        renewWhereDue();
        if (!engine.store().readiness().ready()) {
            return;
        }
        Map<String, Subscribed> active = active();
        dropOthers(active);
        take(active);
        engine.holds(held.size());
        forgetWhereDue();
    }

    /** What is more than may be active is not begun; the oldest are. */
    private Map<String, Subscribed> active() {
        Map<String, Subscribed> active = new LinkedHashMap<>();
        Instant now = Instant.now();
        int most = engine.configuration().maximum();
        for (Subscribed each : find.of(Status.ACTIVE, Integer.MAX_VALUE)) {
            Instant end = each.end();
            if (!engine.secrets().isAgreedTo(each)) {
                // From before this server looked at them, or copied from another one, where it is delivered.
                continue;
            }
            if (end != null && !end.isAfter(now)) {
                unlessChanged(() -> engine.status().end(each));
            } else if (active.size() == most) {
                unlessChanged(() ->
                        engine.status().fail(each, most + " subscriptions are active already (subscriptions.maximum)"));
            } else {
                active.put(each.id(), each);
            }
        }
        return active;
    }

    private static void unlessChanged(Runnable change) {
        try {
            change.run();
        } catch (Refusal refused) {
            // One of them is no reason to leave the others; it is tried again in the next round.
            LOG.debug("a subscription is not ended yet", refused);
        }
    }

    private void renewWhereDue() {
        if (System.nanoTime() - renewedAt < engine.lease().toNanos() / RENEWED_PER_LEASE) {
            return;
        }
        long begun = System.nanoTime();
        for (DeliverSubscription each : List.copyOf(held.values())) {
            long before = System.nanoTime();
            Optional<Lease> longer = engine.progress().keep(each.lease(), engine.lease());
            if (longer.isPresent()) {
                each.keep(longer.get(), before + engine.lease().toNanos());
            } else {
                LOG.info("{} is delivered by another server now", each.subscribed());
                each.close();
                held.remove(each.subscribed().id());
            }
        }
        renewedAt = begun;
    }

    /** What is active no more, or was changed, ends when nothing of it is under way, lest something older arrived after something newer. */
    private void dropOthers(Map<String, Subscribed> active) {
        for (DeliverSubscription each : List.copyOf(held.values())) {
            Subscribed now = active.get(each.subscribed().id());
            if (now != null && now.version() == each.subscribed().version() && !each.isStopping()) {
                continue;
            }
            each.stop();
            if (each.isQuiet()) {
                each.writeDown(true);
                each.close();
                engine.progress().giveBack(each.lease());
                held.remove(each.subscribed().id());
            }
        }
    }

    private void take(Map<String, Subscribed> active) {
        Set<String> wanted = new HashSet<>(active.keySet());
        wanted.removeAll(held.keySet());
        if (wanted.isEmpty()) {
            return;
        }
        Set<String> known = new HashSet<>();
        engine.progress()
                .all()
                .forEach(document -> known.add(document.getString("_id").getValue()));
        Set<String> free = Set.copyOf(engine.progress().free());
        for (String id : wanted) {
            if (free.contains(id) || !known.contains(id)) {
                Subscribed subscribed = active.get(id);
                if (subscribed != null) {
                    take(subscribed);
                }
            }
        }
    }

    private void take(Subscribed subscribed) {
        long before = System.nanoTime();
        Optional<Lease> lease = engine.progress().take(subscribed.id(), self, engine.lease());
        if (lease.isEmpty()) {
            return;
        }
        Progress progress = engine.progress()
                .find(subscribed.id())
                .map(Progress::of)
                .filter(known -> known.done() == null
                        || known.version() == 0
                        || !find.wasDeletedBetween(subscribed.id(), known.version(), subscribed.version()))
                .orElse(Progress.none());
        DeliverSubscription delivery = new DeliverSubscription(
                engine,
                subscribed,
                lease.get(),
                before + engine.lease().toNanos(),
                progress,
                start(subscribed, progress));
        held.put(subscribed.id(), delivery);
        LOG.info("{} is delivered from here", subscribed);
        watchCommits();
        rung.release();
    }

    /** Everything is told that was committed after it became active. Where that is written down already, nothing has to be looked for. */
    private HistoryPosition start(Subscribed subscribed, Progress progress) {
        Subscribed first = subscribed;
        while (progress.done() == null && first.version() > 1) {
            Subscribed before = find.version(first.id(), first.version() - 1).orElse(null);
            if (before == null || !before.isActive()) {
                break;
            }
            first = before;
        }
        return new HistoryPosition(first.from().minus(OVERLAP), "", "");
    }

    /** How far subscriptions are that are not there any more is of no interest to anybody. */
    private void forgetWhereDue() {
        if (System.nanoTime() - forgottenAt < FORGOTTEN_EVERY.toNanos()) {
            return;
        }
        forgottenAt = System.nanoTime();
        engine.progress().all().forEach(document -> {
            String id = document.getString("_id").getValue();
            if (!held.containsKey(id) && find.one(id).isEmpty()) {
                engine.progress().remove(id);
            }
        });
    }

    private void watchCommits() {
        if (watch == null) {
            watch = engine.store().watch(types, this::ring);
        }
    }

    private void ring(Set<String> some) {
        if (held.values().stream()
                .anyMatch(each -> some.contains(each.subscribed().type()))) {
            rung.release();
        }
    }

    private void look() {
        while (!closed) {
            try {
                Duration pause = engine.configuration().poll();
                WatchCommits known = watch;
                boolean isWatching = known != null && known.isWatching();
                boolean isRung =
                        rung.tryAcquire(pause.toMillis() * (isWatching && !isOwed ? SELDOM : 1), TimeUnit.MILLISECONDS);
                rung.drainPermits();
                boolean isDue = isRung || isOwed;
                isOwed = true;
                lookOnce(isDue);
                isOwed = false;
            } catch (InterruptedException e) {
                return;
            } catch (Refusal e) {
                LOG.debug("what was committed is looked for a little later", e);
            } catch (RuntimeException e) {
                LOG.warn("what was committed is looked for a little later", e);
            }
        }
    }

    private void lookOnce(boolean isRung) {
        List<DeliverSubscription> all = new ArrayList<>(held.values());
        if (all.isEmpty()) {
            return;
        }
        Deadline deadline = Deadline.in(PATIENCE);
        Set<String> wanted = new HashSet<>();
        all.forEach(each -> wanted.add(each.subscribed().type()));
        if (isRung || !engine.store().isUnchangedSince(ByServer.CALLER, wanted, settled, deadline)) {
            settled = engine.store().settled(ByServer.CALLER, UNTIL_SETTLED, deadline);
            all.forEach(each -> each.see(settled));
            if (!engine.store().isUnchangedSince(ByServer.CALLER, wanted, settled, deadline)) {
                // Others are still at it.
                rung.release();
            }
        }
    }

    /** What is under way is cut off, what is done is written down, and others go on at once. */
    @Override
    public void close() {
        closed = true;
        rounds.interrupt();
        looks.interrupt();
        WatchCommits known = watch;
        if (known != null) {
            known.close();
        }
        try {
            rounds.join(TimeUnit.SECONDS.toMillis(SECONDS_TO_STOP));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        held.values().forEach(DeliverSubscription::close);
        engine.close();
        for (DeliverSubscription each : held.values()) {
            try {
                each.writeDown(true);
                engine.progress().giveBack(each.lease());
            } catch (RuntimeException e) {
                LOG.debug("the lease of {} is left to expire", each.subscribed(), e);
            }
        }
    }
}
