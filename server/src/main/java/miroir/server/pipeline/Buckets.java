package miroir.server.pipeline;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * The {@link Bucket} of each of those who ask, of whom there may be any number.
 *
 * <p>The problem: somebody who has a network of IPv6 has billions of addresses. Neither may he fill the memory, nor push out what is known of others,
 * who would begin anew with a full bucket, nor keep those who come for the first time from being served.
 *
 * <p>The approach: a bucket that is full again says nothing and is forgotten as soon as there are too many. Each request keeps its bucket from being
 * full for the time in which one request comes back, so however many buckets somebody uses, with {@code n} requests a second no more than {@code n / rate}
 * are not full: at 200 a second, 20,000 buckets would need four million requests a second. Where the rate is so low that it happens all the same, nobody is pushed
 * out. Who comes for the first time then shares one of a thousand buckets that are always there with his wider network. So whoever
 * fills the table is left with one bucket for what else he has, and meets one newcomer in a thousand; which one he cannot know, since the bucket is
 * chosen by a number that nobody knows.
 *
 * <p>The cost: one look-up in a map without locks; when there are too many, one walk over them in a tenth of a second at most.
 *
 * <p>Forgetting the oldest, as caches do, would be what an attacker wants. Sharing buckets by hash from the beginning would need neither map nor
 * walk, and would have two clients share one for as long as the server runs.
 */
final class Buckets {
    private static final int SHARED = 1024;
    private static final long BETWEEN_WALKS = TimeUnit.MILLISECONDS.toNanos(100);

    private final int most;
    private final UnaryOperator<String> wider;
    private final Map<String, Bucket> known = new ConcurrentHashMap<>();
    private final Bucket[] shared = Stream.generate(Bucket::new).limit(SHARED).toArray(Bucket[]::new);
    private final int secret = ThreadLocalRandom.current().nextInt() | 1;
    private final AtomicLong nextWalk = new AtomicLong();

    /**
     * None yet.
     *
     * @param most so many have one of their own
     * @param wider by whom somebody is counted when there are too many
     */
    Buckets(int most, UnaryOperator<String> wider) {
        this.most = most;
        this.wider = wider;
    }

    Bucket of(String who, long now) {
        Bucket bucket = known.get(who);
        return bucket == null ? first(who, now) : bucket;
    }

    /** How many have one of their own. */
    int size() {
        return known.size();
    }

    /** Of many who come first at the same moment some may be too many, as many as there are threads. */
    private Bucket first(String who, long now) {
        if (known.size() >= most) {
            forgetFull(now);
        }
        return known.size() >= most ? shared[slot(wider.apply(who))] : known.computeIfAbsent(who, name -> new Bucket());
    }

    /** Whoever has got such a bucket at this very moment takes one request more than he might. */
    private void forgetFull(long now) {
        long next = nextWalk.get();
        if (now >= next && nextWalk.compareAndSet(next, now + BETWEEN_WALKS)) {
            known.values().removeIf(bucket -> bucket.isFull(now));
        }
    }

    private int slot(String who) {
        int hash = secret;
        for (int i = 0; i < who.length(); i++) {
            hash = hash * secret + who.charAt(i);
        }
        return ((hash ^ (hash >>> 16)) * secret) >>> (Integer.SIZE - Integer.numberOfTrailingZeros(SHARED));
    }
}
