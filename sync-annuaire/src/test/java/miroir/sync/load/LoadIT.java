package miroir.sync.load;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import miroir.storage.testing.LocalMongod;
import miroir.storage.testing.TestDatabase;
import miroir.storage.testing.TestMongod;
import org.bson.Document;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * A million resources of all types, loaded by a daemon with 256 MB of heap: all of them arrive, the last as fast as the first, and
 * reading them again is much faster and writes nothing. Speeds are held against each other in one run, never against a figure.
 */
@Tag("soak")
class LoadIT {
    private static final int SIZE = Integer.getInteger("miroir.load.size", 1_000_000);
    private static final String HEAP = "256m";

    /** The cache that {@code ./miroir start} gives the database: a third of the memory. */
    private static final String CACHE_GB = System.getProperty("miroir.load.cache", String.valueOf(thirdOfMemory()));

    private static final double STEADY = 0.8;
    private static final double FASTER = 3;

    /** How steady the load of one type is, each from empty indexes on, is written down; of the others there are too few. */
    private static final List<String> REPORTED = List.of("Organization", "Practitioner", "PractitionerRole");

    /** What the processes printed stays where something was wrong. */
    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path folder;

    @Test
    void once_aMillionAndTheSameAgain_isSteadyAndWritesNothingAgain() throws Exception {
        try (LocalMongod mongod = LocalMongod.startToMeasure(TestMongod.binary(), CACHE_GB);
                Loading loading = new Loading(
                        new TestDatabase(mongod.uri(), "load"), folder, SIZE, HEAP, Long.getLong("miroir.seed", 1))) {
            Pass first = loading.run("first");
            Map<String, Long> stored = loading.stored();
            Pass again = loading.run("again", "--full");
            List<Steadiness> tenths = Stream.concat(
                            Stream.of(Steadiness.ofAll(first.samples())),
                            REPORTED.stream().map(type -> Steadiness.of(type, first.samples())))
                    .toList();
            write(figures(stored, first, again, tenths));

            assertThat(first.status()).as(first.printed()).isZero();
            assertThat(again.status()).as(again.printed()).isZero();
            assertThat(stored).isEqualTo(loading.published()).isEqualTo(loading.stored());
            assertThat(loading.counted("created")).isEqualTo(sum(stored));
            assertThat(loading.counted("rejected")).isZero();
            assertThat(loading.laterVersions()).isZero();
            assertThat(tenths.get(0).ratio()).as("of the whole load").isGreaterThanOrEqualTo(STEADY);
            assertThat(first.seconds() / again.seconds()).isGreaterThanOrEqualTo(FASTER);
        }
    }

    private static long thirdOfMemory() {
        long bytes = ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getTotalMemorySize();
        return Math.max(1, bytes / 3 / (1 << 30));
    }

    private static Document figures(Map<String, Long> stored, Pass first, Pass again, List<Steadiness> tenths) {
        long resources = sum(stored);
        Document steadiness = new Document();
        tenths.forEach(each -> steadiness.append(each.of(), figures(each)));
        return new Document("resources", resources)
                .append("stored", new Document(Map.copyOf(stored)))
                .append("heap", HEAP)
                .append("cacheGB", CACHE_GB)
                .append("first", first.figures(resources))
                .append("again", again.figures(resources))
                .append("timesFaster", rounded(first.seconds() / again.seconds()))
                .append("steadiness", steadiness);
    }

    private static Document figures(Steadiness steadiness) {
        double tenth = steadiness.resources() / 10.0;
        return new Document("lastToFirst", rounded(steadiness.ratio()))
                .append("firstPerSecond", Math.round(tenth / steadiness.first().seconds()))
                .append("lastPerSecond", Math.round(tenth / steadiness.last().seconds()))
                .append("firstDaemonMicros", micros(steadiness.first().daemonCpu(), tenth))
                .append("lastDaemonMicros", micros(steadiness.last().daemonCpu(), tenth))
                .append("firstMongodMicros", micros(steadiness.first().databaseCpu(), tenth))
                .append("lastMongodMicros", micros(steadiness.last().databaseCpu(), tenth));
    }

    private static long sum(Map<String, Long> counts) {
        return counts.values().stream().mapToLong(Long::longValue).sum();
    }

    private static long micros(double seconds, double resources) {
        return Math.round(seconds * 1e6 / resources);
    }

    private static double rounded(double figure) {
        return Math.round(figure * 100) / 100.0;
    }

    private static void write(Document figures) throws Exception {
        String result = System.getProperty("miroir.soak.result");
        if (result != null) {
            Files.writeString(Path.of(result), figures.toJson());
        }
    }
}
