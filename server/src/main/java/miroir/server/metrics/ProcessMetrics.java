package miroir.server.metrics;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import java.io.File;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;

/** The process: memory, collections, threads, processors, files, how long it has run, and the disk that it stands on. */
public final class ProcessMetrics {
    private static final double MILLIS = 1_000;

    private ProcessMetrics() {}

    /** Shows it; all of it is read when somebody asks, and nothing listens. */
    public static void show(MeterRegistry meters) {
        new JvmMemoryMetrics().bindTo(meters);
        new JvmThreadMetrics().bindTo(meters);
        new ProcessorMetrics().bindTo(meters);
        new FileDescriptorMetrics().bindTo(meters);
        new UptimeMetrics().bindTo(meters);
        ManagementFactory.getGarbageCollectorMXBeans().forEach(each -> show(each, meters));
        File here = new File("").getAbsoluteFile();
        Gauge.builder("miroir.disk.free", here, File::getUsableSpace)
                .description("what is free of the disk that the server runs on")
                .baseUnit("bytes")
                .register(meters);
        Gauge.builder("miroir.disk.total", here, File::getTotalSpace)
                .description("the size of the disk that the server runs on")
                .baseUnit("bytes")
                .register(meters);
    }

    /** Micrometer's own follows every collection by a listener, and has other metrics for each collector. */
    private static void show(GarbageCollectorMXBean collector, MeterRegistry meters) {
        FunctionCounter.builder("jvm.gc.collections", collector, GarbageCollectorMXBean::getCollectionCount)
                .description("collections of garbage")
                .tag("collector", collector.getName())
                .register(meters);
        FunctionCounter.builder("jvm.gc.time", collector, each -> each.getCollectionTime() / MILLIS)
                .description("time that they took, not all of which nothing else was done in")
                .baseUnit("seconds")
                .tag("collector", collector.getName())
                .register(meters);
    }
}
