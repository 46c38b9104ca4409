package miroir.server.load;

import java.util.concurrent.atomic.LongAdder;

/** Requests of a kind, counted by many threads; never set back. */
final class LiveShare {
    private static final int CLIENT_ERRORS = 400;
    private static final int SERVER_ERRORS = 500;

    private final LongAdder requests = new LongAdder();
    private final LongAdder clientErrors = new LongAdder();
    private final LongAdder serverErrors = new LongAdder();
    private final LongAdder nanos = new LongAdder();

    void add(int status, long taken) {
        requests.increment();
        nanos.add(taken);
        if (status >= SERVER_ERRORS) {
            serverErrors.increment();
        } else if (status >= CLIENT_ERRORS) {
            clientErrors.increment();
        }
    }

    Share present() {
        return new Share(requests.sum(), clientErrors.sum(), serverErrors.sum(), nanos.sum());
    }
}
