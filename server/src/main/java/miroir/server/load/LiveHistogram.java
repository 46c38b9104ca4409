package miroir.server.load;

import java.util.concurrent.atomic.LongAdder;

/** A histogram that many threads add to; never set back. */
final class LiveHistogram {
    private final LongAdder[] buckets = new LongAdder[LogHistogram.BUCKETS];

    LiveHistogram() {
        for (int i = 0; i < buckets.length; i++) {
            buckets[i] = new LongAdder();
        }
    }

    void add(long nanos) {
        buckets[LogHistogram.bucket(nanos)].increment();
    }

    LogHistogram present() {
        long[] all = new long[buckets.length];
        for (int i = 0; i < all.length; i++) {
            all[i] = buckets[i].sum();
        }
        return LogHistogram.of(all);
    }
}
