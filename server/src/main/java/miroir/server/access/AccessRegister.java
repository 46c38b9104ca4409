package miroir.server.access;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import miroir.index.Refusal;
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
 * <p>The approach: a thread asks the database every second for the stamps of all that is there, and for what has another one than before. An answer is good for
 * three seconds from before it was asked for. A request that comes later asks by itself, and is refused where that fails: nobody is
 * let in by what may not be true any more. Who comes within a second after a failure is told the same, so that many do not wait one after the other.
 *
 * <p>The cost: some dozen bytes a second for each consumer and role.
 */
public final class AccessRegister implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(AccessRegister.class);
    private static final Duration POLL = Duration.ofSeconds(1);
    private static final Duration GOOD = Duration.ofSeconds(3);

    private static final Duration LONGEST_WAIT = Duration.ofSeconds(5);

    private static final int NOTE_EVERY = 10;

    private final KeptAccess kept;
    private final ReentrantLock turn = new ReentrantLock();

    /** By token, how many calls are over that are not noted yet; none where one has begun. */
    private final Map<String, Long> uses = new ConcurrentHashMap<>();

    private final Thread follower = new Thread(this::follow, "follow-access");
    private final Object telling = new Object();
    private volatile @Nullable Look latest;
    private volatile boolean closed;

    /** Guarded by {@link #telling}, so that what is told last is what was found last. */
    private Consumer<AccessSnapshot> told = snapshot -> {};

    /** Guarded by {@link #turn}. */
    private Map<String, Kept> register = Map.of();

    private long failedAt;
    private @Nullable Refusal failure;

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

    /** Tells what it is, as far as that is known already, and again whenever that changes; before a change is over, on this server. */
    void tell(Consumer<AccessSnapshot> whom) {
        synchronized (telling) {
            told = whom;
            Look known = latest;
            if (known != null) {
                whom.accept(known.found());
            }
        }
    }

    /** What it is. */
    AccessSnapshot present() {
        Look known = latest;
        return known != null && known.isGood() ? known.found() : look(true);
    }

    /** How often a consumer may ask, by what was known last: for who was found in the register before. */
    int quota(String consumer) {
        Look known = latest;
        return known == null ? 0 : known.found().quota(consumer);
    }

    /** Whether somebody had a token of that hash, by what was known last: nobody is let in by that, and nobody waits for it. */
    boolean knew(String hash) {
        Look known = latest;
        return known != null && known.found().holder(hash).isPresent();
    }

    /** What it is now, and not some seconds ago. */
    AccessSnapshot newest() {
        return look(false);
    }

    KeptAccess kept() {
        return kept;
    }

    /** Notes that a token is used: it is looked up again and again while a request lasts, which is no call more. */
    void used(IssuedToken token) {
        uses.putIfAbsent(token.id(), 0L);
    }

    /** Notes that a request is over. */
    void called(String token) {
        uses.merge(token, 1L, Long::sum);
    }

    /** Of many who come at once one asks. */
    private AccessSnapshot look(boolean unlessGood) {
        takeTurn();
        try {
            Look known = latest;
            if (unlessGood && known != null && known.isGood()) {
                return known.found();
            }
            Refusal before = failure;
            if (unlessGood && before != null && System.nanoTime() - failedAt < POLL.toNanos()) {
                throw before;
            }
            return look(known);
        } catch (Refusal refused) {
            failure = refused;
            failedAt = System.nanoTime();
            throw refused;
        } finally {
            turn.unlock();
        }
    }

    /** What is new counts once all of it is there. */
    private AccessSnapshot look(@Nullable Look known) {
        long nanos = System.nanoTime();
        long millis = System.currentTimeMillis();
        Map<String, String> stamps = kept.stamps();
        Map<String, Kept> next = new HashMap<>();
        register.forEach((id, each) -> {
            if (each.stamp().equals(stamps.get(id))) {
                next.put(id, each);
            }
        });
        List<String> others =
                stamps.keySet().stream().filter(id -> !next.containsKey(id)).toList();
        if (!others.isEmpty()) {
            kept.read(others).forEach(each -> next.put(each.id(), each));
        }
        AccessSnapshot found =
                known != null && next.equals(register) ? known.found() : new AccessSnapshot(next.values());
        register = next;
        synchronized (telling) {
            latest = new Look(found, nanos, millis);
            if (known == null || !known.found().equals(found)) {
                told.accept(found);
            }
        }
        failure = null;
        return found;
    }

    private void takeTurn() {
        try {
            if (!turn.tryLock(LONGEST_WAIT.toNanos(), TimeUnit.NANOSECONDS)) {
                throw new Refusal(
                        Refusal.Reason.NOT_READY,
                        "who may do what cannot be found out at the moment: others wait for it");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Refusal(Refusal.Reason.NOT_READY, "the server stops");
        }
    }

    /** The first look is at once: what is set in the console counts from the start. */
    private void follow() {
        for (int i = 0; !closed; i++) {
            try {
                if (i > 0) {
                    TimeUnit.NANOSECONDS.sleep(POLL.toNanos());
                }
                look(false);
                if (i % NOTE_EVERY == NOTE_EVERY - 1) {
                    noteUses();
                }
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException e) {
                // Whoever asks meanwhile asks the database, and is told the same.
                LOG.warn("the register of access is followed a little later: {}", e.toString());
            }
        }
    }

    /** Of what is counted meanwhile nothing is lost: it is for the next time. */
    void noteUses() {
        Map<String, Long> calls = new HashMap<>();
        for (String token : List.copyOf(uses.keySet())) {
            Long since = uses.remove(token);
            if (since != null) {
                calls.put(token, since);
            }
        }
        if (!calls.isEmpty() && !kept.noteUses(calls)) {
            calls.forEach((token, since) -> uses.merge(token, since, Long::sum));
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
