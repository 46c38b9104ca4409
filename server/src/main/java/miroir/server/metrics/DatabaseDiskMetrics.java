package miroir.server.metrics;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import miroir.storage.DiskSpace;
import org.jspecify.annotations.Nullable;

/** The disk that the database is on, where it says; not a number where it does not, or has not said anything for a minute. */
public final class DatabaseDiskMetrics {
    private final KnownLately<Optional<DiskSpace>> known;
    private volatile @Nullable DiskSpace last;

    public DatabaseDiskMetrics(Supplier<Optional<DiskSpace>> disk, MeterRegistry meters) {
        this.known = new KnownLately<>("metrics-database-disk", disk);
        gauge(meters, "free", "what is free of the disk that the database is on, where it says", DiskSpace::free);
        gauge(meters, "total", "the size of that disk", DiskSpace::total);
    }

    private void gauge(MeterRegistry meters, String name, String description, ToDoubleFunction<DiskSpace> read) {
        Gauge.builder("miroir.database.disk." + name, this, all -> all.read(read))
                .description(description)
                .baseUnit("bytes")
                .register(meters);
    }

    private double read(ToDoubleFunction<DiskSpace> value) {
        DiskSpace present = last;
        return present == null ? Double.NaN : value.applyAsDouble(present);
    }

    /** Called before it is told. */
    public void refresh() {
        Optional<DiskSpace> present = known.get();
        last = present == null || !known.isFresh() ? null : present.orElse(null);
    }
}
