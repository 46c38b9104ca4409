package miroir.benchmarks;

import java.lang.management.ManagementFactory;

/** What the figures were measured on, by what matters for comparing them. */
record Machine(int cores, String java, String database, double loadBefore) {
    static Machine here(String database) {
        double load = ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
        return new Machine(
                Runtime.getRuntime().availableProcessors(), Runtime.version().toString(), database, load);
    }
}
