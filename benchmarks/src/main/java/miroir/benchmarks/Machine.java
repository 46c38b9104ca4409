package miroir.benchmarks;

import java.lang.management.ManagementFactory;
import java.util.Locale;

/** What the figures were measured on, by what matters for comparing them. */
public record Machine(int cores, String java, String database, double loadBefore) {
    public static Machine here(String database) {
        double load = ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
        return new Machine(
                Runtime.getRuntime().availableProcessors(), Runtime.version().toString(), database, load);
    }

    /**
     * The lines with which the JSON of every report begins: of what it is, and what it was measured on.
     *
     * @param what of which there were so many
     */
    public String json(String date, String revision, String what, int count, int rounds) {
        return String.format(Locale.ROOT, """
                  "date": "%s",
                  "revision": "%s",
                  "%s": %d,
                  "rounds": %d,
                  "cores": %d,
                  "java": "%s",
                  "mongodb": "%s",
                  "loadBefore": %.1f,\
                """, date, revision, what, count, rounds, cores, java, database, loadBefore);
    }
}
