package miroir.server.access;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;
import miroir.index.store.KeptAccess;
import miroir.index.store.KeptAccess.Kept;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The register of access, as it was some seconds ago at most.
 *
 * <p>The problem: every request asks who may do what, on every server, and what is taken away must be gone everywhere within five seconds; also on a
 * server that stood still meanwhile, or was cut off from the database.
 *
 * <p>The approach: a thread asks the database every second what has changed, which costs one look into a small index. An answer is good for
 * three seconds from before it was asked for. A request that comes later asks by itself, and is refused where that fails: nobody is
 * let in by what may not be true any more.
 */
public final class AccessRegister implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(AccessRegister.class);
    private static final Duration POLL = Duration.ofSeconds(1);
    private static final Duration GOOD = Duration.ofSeconds(3);

    /** Clocks of databases differ, and what was written may be seen later than the clock says. */
    private static final Duration OVERLAP = Duration.ofMinutes(2);

    private static final int NOTE_EVERY = 10;

    private final KeptAccess kept;
    private final ReentrantLock turn = new ReentrantLock();
    private final Map<String, LongAdder> uses = new ConcurrentHashMap<>();
    private final Thread follower = new Thread(this::follow, "follow-access");
    private volatile @Nullable Look latest;
    private volatile boolean closed;

    /** Guarded by {@link #turn}. */
    private final Map<String, Kept> register = new HashMap<>();

    private Instant newest = Instant.EPOCH;

    /** What a look found; by the steady clock, which may stand still with the machine, and by the other, which may be set. */
    private record Look(AccessSnapshot found, long nanos, long millis) {
        boolean isGood() {
            return System.nanoTime() - nanos < GOOD.toNanos()
                    && Math.abs(System.currentTimeMillis() - millis) < GOOD.toMillis();
        }
    }

    private AccessRegister(KeptAccess kept) {
        this.kept = kept;
        follower.setDaemon(true);
    }

    /** Follows what is kept there, which need not be there yet. */
    public static AccessRegister follow(KeptAccess kept) {
        AccessRegister register = new AccessRegister(kept);
        register.follower.start();
        return register;
    }

    /** What it is. */
    AccessSnapshot present() {
        Look known = latest;
        return known != null && known.isGood() ? known.found() : look(true);
    }

    /** What it is after a change of ours. */
    AccessSnapshot afterChange() {
        return look(false);
    }

    KeptAccess kept() {
        return kept;
    }

    /** Notes that a token was used. */
    void used(IssuedToken token) {
        uses.computeIfAbsent(token.id(), id -> new LongAdder()).increment();
    }

    /** Of many who come at once one asks. */
    private AccessSnapshot look(boolean unlessGood) {
        turn.lock();
        try {
            Look known = latest;
            if (unlessGood && known != null && known.isGood()) {
                return known.found();
            }
            long nanos = System.nanoTime();
            long millis = System.currentTimeMillis();
            boolean changed = false;
            for (Kept each : kept.changedSince(newest.minus(OVERLAP))) {
                changed |= take(each);
            }
            AccessSnapshot found = known == null || changed ? new AccessSnapshot(register.values()) : known.found();
            latest = new Look(found, nanos, millis);
            return found;
        } finally {
            turn.unlock();
        }
    }

    private boolean take(Kept each) {
        Kept before = register.get(each.id());
        if (before != null
                && before.version() == each.version()
                && before.changed().equals(each.changed())) {
            return false;
        }
        register.put(each.id(), each);
        if (each.changed().isAfter(newest)) {
            newest = each.changed();
        }
        return true;
    }

    private void follow() {
        for (int i = 1; !closed; i++) {
            try {
                TimeUnit.NANOSECONDS.sleep(POLL.toNanos());
                look(false);
                if (i % NOTE_EVERY == 0) {
                    noteUses();
                }
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException e) {
                // Whoever asks meanwhile asks the database, and is told the same.
                LOG.debug("the register of access is followed a little later", e);
            }
        }
    }

    private void noteUses() {
        Map<String, Long> calls = new HashMap<>();
        uses.forEach((token, count) -> {
            long since = count.sumThenReset();
            if (since > 0) {
                calls.put(token, since);
            } else {
                uses.remove(token, count);
            }
        });
        if (!calls.isEmpty()) {
            kept.noteUses(calls);
        }
    }

    @Override
    public void close() {
        closed = true;
        follower.interrupt();
        try {
            follower.join(POLL.toMillis());
            noteUses();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            LOG.debug("the last uses of tokens were not noted", e);
        }
        kept.close();
    }
}
