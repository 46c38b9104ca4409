package miroir.kills;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import miroir.index.json.ReadLimits;
import miroir.index.json.ResourceReader;
import miroir.index.json.ResourceWriter;
import miroir.index.json.Utf8Buffer;
import miroir.index.structure.Structures;
import miroir.simulator.Kind;
import miroir.simulator.fault.Fault;
import miroir.simulator.fault.FaultRule;
import miroir.simulator.http.Simulator;
import miroir.simulator.http.SimulatorSettings;
import miroir.simulator.life.Event;
import miroir.sync.upstream.Oddities;
import miroir.sync.upstream.TolerantReader;
import org.bson.BsonDocument;
import org.bson.RawBsonDocument;
import org.bson.codecs.BsonDocumentCodec;

/** A simulated directory to which things happen, and which remembers every content that it ever had. */
final class LivingDirectory implements AutoCloseable {
    static final List<Kind> KINDS = List.of(Kind.ORGANIZATION, Kind.PRACTITIONER_ROLE);

    /** What a later call, a later window or a later run makes good. */
    private static final List<Fault> FAULTS = List.of(
            Fault.TOO_MANY_REQUESTS,
            Fault.BAD_GATEWAY,
            Fault.GATEWAY_TIMEOUT,
            Fault.CUT,
            Fault.TRUNCATED,
            Fault.WRONG_CONTENT_TYPE,
            Fault.LINK_TOO_OLD,
            Fault.LINK_NOT_FOUND,
            Fault.DUPLICATE_PAGE,
            Fault.MISSING_PAGE,
            Fault.EARLY_END,
            Fault.WRONG_TOTAL,
            Fault.NO_TOTAL,
            Fault.WRONG_RESOURCE);

    private static final int FAULTS_AT_ONCE = 4;
    private static final double HIGHEST_RATE = 0.03;

    private final Simulator simulator;
    private final TolerantReader reader =
            new TolerantReader(new ResourceReader(Structures.r4(), ReadLimits.standard()), new Oddities());
    private final Set<String> contents = new HashSet<>();
    private List<String> ids = List.of();

    LivingDirectory(long seed, int size) {
        this.simulator = Simulator.start(
                SimulatorSettings.standard().withSeed(seed).withSize(size).withPace(20));
        remember();
    }

    Simulator simulator() {
        return simulator;
    }

    /** How often it was asked something: the daemons' progress. */
    long asked() {
        return simulator.journal().count();
    }

    /** From now on nothing goes wrong any more. */
    void calm() {
        simulator.faults().clear();
    }

    /** Other things go wrong than before. */
    void changeFaults(Random random) {
        simulator.faults().clear();
        for (int i = 0; i < FAULTS_AT_ONCE; i++) {
            Fault fault = FAULTS.get(random.nextInt(FAULTS.size()));
            simulator.faults().add(FaultRule.atRate(fault, random.nextDouble() * HIGHEST_RATE));
        }
    }

    /** Something happens, at times a day passes. */
    void live(Random random) {
        Kind kind = KINDS.get(random.nextInt(KINDS.size()));
        switch (random.nextInt(8)) {
            case 0, 1 -> simulator.happen(kind, Event.CHANGE, 0.1);
            case 2 -> simulator.happen(kind, Event.DEACTIVATE, 0.02);
            case 3 -> simulator.happen(kind, Event.VANISH, 0.02);
            case 4 -> simulator.happen(kind, Event.RENUMBER, 0.02);
            case 5 -> simulator.happen(kind, Event.BUMP, 0.3);
            default -> simulator.clock().advance(Duration.ofDays(1));
        }
        remember();
    }

    /** Half of everything changes. */
    void changeMuch() {
        simulator.happen(KINDS.get(0), Event.CHANGE, 0.5);
        simulator.happen(KINDS.get(1), Event.CHANGE, 0.5);
        remember();
    }

    /** An instant, as its Date header would say it, that is later than everything that happened. */
    Instant later() {
        simulator.clock().advance(Duration.ofSeconds(2));
        return simulator.clock().now().truncatedTo(ChronoUnit.SECONDS);
    }

    /** {@code Type/id} of what is there. */
    synchronized String any(Random random) {
        return ids.get(random.nextInt(ids.size()));
    }

    private void remember() {
        Set<String> now = new HashSet<>();
        for (Kind kind : KINDS) {
            simulator.current(kind).forEach(resource -> {
                contents.add(content(reader.read(json(resource).getBytes(UTF_8))));
                now.add(kind.type() + "/" + resource.getString("id").getValue());
            });
        }
        setIds(List.copyOf(now));
    }

    private synchronized void setIds(List<String> now) {
        ids = now;
    }

    /** Whether a resource ever was like this. */
    boolean everHad(BsonDocument resource) {
        return contents.contains(content(resource));
    }

    /** As FHIR writes it. */
    static String json(BsonDocument resource) {
        Utf8Buffer json = new Utf8Buffer(4_096);
        ResourceWriter.write(new RawBsonDocument(resource, new BsonDocumentCodec()), json, false);
        return new String(json.toByteArray(), UTF_8);
    }

    /** What makes a version: all but its number and its instant. */
    private static String content(BsonDocument resource) {
        BsonDocument copy = BsonDocument.parse(resource.toJson());
        copy.getDocument("meta").remove("versionId");
        copy.getDocument("meta").remove("lastUpdated");
        return copy.toJson();
    }

    /** What went wrong so far, as JSON. */
    String figures() {
        StringBuilder figures = new StringBuilder();
        for (Map.Entry<Fault, Long> each : simulator.faults().happened().entrySet()) {
            figures.append(figures.isEmpty() ? "" : ", ")
                    .append(String.format(
                            Locale.ROOT, "\"%s\": %d", each.getKey().text(), each.getValue()));
        }
        return "{" + figures + "}";
    }

    @Override
    public void close() {
        simulator.close();
    }
}
