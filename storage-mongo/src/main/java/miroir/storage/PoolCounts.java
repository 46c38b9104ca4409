package miroir.storage;

import com.mongodb.MongoClientSettings;
import com.mongodb.event.ConnectionCheckOutFailedEvent;
import com.mongodb.event.ConnectionCheckOutStartedEvent;
import com.mongodb.event.ConnectionCheckedInEvent;
import com.mongodb.event.ConnectionCheckedOutEvent;
import com.mongodb.event.ConnectionClosedEvent;
import com.mongodb.event.ConnectionCreatedEvent;
import com.mongodb.event.ConnectionPoolListener;
import java.util.concurrent.atomic.LongAdder;

/**
 * The connections that the driver has for one purpose, of all members of the database together. The driver makes these events whether somebody listens or not, so that to
 * count them costs two additions for a command; of commands it makes none unless somebody listens, and so nobody does.
 */
public final class PoolCounts {
    private final String name;
    private final int most;
    private final LongAdder open = new LongAdder();
    private final LongAdder used = new LongAdder();
    private final LongAdder waiting = new LongAdder();
    private final LongAdder refused = new LongAdder();

    private PoolCounts(String name, int most) {
        this.name = name;
        this.most = most;
    }

    /** Of a client with these settings. */
    static PoolCounts of(String name, MongoClientSettings settings) {
        return new PoolCounts(name, settings.getConnectionPoolSettings().getMaxSize());
    }

    /** The same settings for a client that is counted. */
    MongoClientSettings counting(MongoClientSettings settings) {
        return MongoClientSettings.builder(settings)
                .applyToConnectionPoolSettings(pool -> pool.addConnectionPoolListener(new Listener()))
                .build();
    }

    /** What they are for. */
    public String name() {
        return name;
    }

    /** How many there may be to one member. */
    public int most() {
        return most;
    }

    public long open() {
        return open.sum();
    }

    /** Those with which something is being done. */
    public long used() {
        return used.sum();
    }

    /** How many wait for one. */
    public long waiting() {
        return waiting.sum();
    }

    /** How many waited, and got none. */
    public long refused() {
        return refused.sum();
    }

    private final class Listener implements ConnectionPoolListener {
        @Override
        public void connectionCreated(ConnectionCreatedEvent event) {
            open.increment();
        }

        @Override
        public void connectionClosed(ConnectionClosedEvent event) {
            open.decrement();
        }

        @Override
        public void connectionCheckOutStarted(ConnectionCheckOutStartedEvent event) {
            waiting.increment();
        }

        @Override
        public void connectionCheckedOut(ConnectionCheckedOutEvent event) {
            waiting.decrement();
            used.increment();
        }

        @Override
        public void connectionCheckOutFailed(ConnectionCheckOutFailedEvent event) {
            waiting.decrement();
            refused.increment();
        }

        @Override
        public void connectionCheckedIn(ConnectionCheckedInEvent event) {
            used.decrement();
        }
    }
}
