package miroir.benchmarks;

import java.time.Instant;
import java.time.ZoneId;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import miroir.index.extract.ExtractionSettings;
import miroir.index.extract.FieldExtractor;
import miroir.index.json.ReadLimits;
import miroir.index.json.ResourceReader;
import miroir.index.json.ResourceWriter;
import miroir.index.json.StructureCheck;
import miroir.index.json.Utf8Buffer;
import miroir.index.registry.RegistryLoader;
import miroir.index.registry.ShippedSearch;
import miroir.index.store.ResourceKey;
import miroir.index.structure.Structures;
import miroir.simulator.Directory;
import miroir.simulator.Kind;
import org.bson.BsonDocument;
import org.bson.RawBsonDocument;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What reading, checking and writing one practitioner of about 3.5 kB costs, and making its search fields. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class JsonBenchmark {
    private static final int TYPICAL = 3500;

    private final ResourceReader reader = new ResourceReader(Structures.r4(), ReadLimits.standard());
    private final StructureCheck check = new StructureCheck(Structures.r4());
    private final Utf8Buffer buffer = new Utf8Buffer(1 << 14);
    private final FieldExtractor extractor = new FieldExtractor(
            RegistryLoader.load(Set.of("Practitioner"), ShippedSearch.files()),
            new ExtractionSettings(ZoneId.of("Europe/Paris"), Set.of()));
    private RawBsonDocument resource = RawBsonDocument.parse("{}");
    private byte[] json = new byte[0];

    /** Takes the first practitioner that is as large as they are on average in the directory. */
    @Setup
    public void choose() {
        Directory directory = new Directory(1, 1000);
        for (long i = 0; json.length < TYPICAL; i++) {
            json = directory.json(Kind.PRACTITIONER, i);
            resource = directory.resource(Kind.PRACTITIONER, i);
        }
    }

    /** JSON to BSON, structure check included. */
    @Benchmark
    public RawBsonDocument read() {
        return reader.read(json);
    }

    /** The structure check alone. */
    @Benchmark
    public RawBsonDocument check() {
        check.check(resource);
        return resource;
    }

    /** The search fields, by the shipped configuration. */
    @Benchmark
    public BsonDocument extract() {
        return extractor.extract(
                new ResourceKey("Practitioner", resource.getString("id").getValue()), Instant.EPOCH, resource);
    }

    /** BSON to JSON. */
    @Benchmark
    public Utf8Buffer write() {
        buffer.clear();
        ResourceWriter.write(resource, buffer, false);
        return buffer;
    }
}
