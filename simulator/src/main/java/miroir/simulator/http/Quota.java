package miroir.simulator.http;

import java.util.function.LongSupplier;

/** So many calls in each second, as the gateway counts them. Thread-safe. */
final class Quota {
    private static final long SECOND = 1_000_000_000L;

    private final int perSecond;
    private final LongSupplier nanos;
    private long begin;
    private int taken;

    Quota(int perSecond, LongSupplier nanos) {
        this.perSecond = perSecond;
        this.nanos = nanos;
        this.begin = nanos.getAsLong();
    }

    synchronized boolean take() {
        long now = nanos.getAsLong();
        if (now - begin >= SECOND) {
            begin = now;
            taken = 0;
        }
        return perSecond == 0 || ++taken <= perSecond;
    }
}
