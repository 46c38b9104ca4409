package miroir.server.metrics;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import miroir.index.store.ResourceStore;
import miroir.storage.MongoResourceStore;
import miroir.storage.PoolCounts;

/** The connections to the database. */
public final class PoolMetrics {
    private PoolMetrics() {}

    /** Shows them; a store in memory has none. */
    public static void show(ResourceStore store, MeterRegistry meters) {
        if (store instanceof MongoResourceStore stored) {
            stored.pools().forEach(pool -> show(pool, meters));
        }
    }

    private static void show(PoolCounts pool, MeterRegistry meters) {
        Gauge.builder("miroir.database.connections.open", pool, PoolCounts::open)
                .description("connections to the database")
                .tag("pool", pool.name())
                .register(meters);
        Gauge.builder("miroir.database.connections.used", pool, PoolCounts::used)
                .description("connections with which something is being done")
                .tag("pool", pool.name())
                .register(meters);
        Gauge.builder("miroir.database.connections.waiting", pool, PoolCounts::waiting)
                .description("calls that wait for a connection")
                .tag("pool", pool.name())
                .register(meters);
        Gauge.builder("miroir.database.connections.most", pool, PoolCounts::most)
                .description("how many connections there may be to one member of the database")
                .tag("pool", pool.name())
                .register(meters);
        FunctionCounter.builder("miroir.database.connections.refused", pool, PoolCounts::refused)
                .description("calls that waited for a connection and got none")
                .tag("pool", pool.name())
                .register(meters);
    }
}
