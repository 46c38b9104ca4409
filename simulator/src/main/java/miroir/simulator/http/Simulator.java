package miroir.simulator.http;

import java.net.URI;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import miroir.simulator.Kind;
import miroir.simulator.fault.Faults;
import miroir.simulator.life.Event;
import miroir.simulator.life.SimulatedClock;
import miroir.simulator.life.Span;
import miroir.simulator.life.World;
import org.bson.RawBsonDocument;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

/** A running stand-in for the directory, on this machine only unless it is told otherwise. */
public final class Simulator implements AutoCloseable {
    private static final ZoneId PARIS = ZoneId.of("Europe/Paris");

    private final SimulatorSettings settings;
    private final World world;
    private final SimulatedClock clock;
    private final Faults faults;
    private final Journal journal = new Journal();
    private final Server jetty = new Server();
    private final ServerConnector connector;

    private Simulator(SimulatorSettings settings) {
        this.settings = settings;
        this.clock = new SimulatedClock(settings.source(), settings.start());
        this.world = new World(
                settings.seed(),
                settings.practitioners(),
                settings.pace(),
                settings.start().atZone(PARIS).toLocalDate().minusDays(settings.livedDays() - 1L),
                settings.lateness());
        this.faults = new Faults(settings.seed());
        HttpConfiguration http = new HttpConfiguration();
        http.setSendServerVersion(false);
        // The clock of the directory is not this machine's.
        http.setSendDateHeader(false);
        this.connector = new ServerConnector(jetty, new HttpConnectionFactory(http));
    }

    /** Starts; returns when requests are taken. */
    public static Simulator start(SimulatorSettings settings) {
        Simulator simulator = new Simulator(settings);
        simulator.start();
        return simulator;
    }

    private void start() {
        connector.setHost(settings.address());
        connector.setPort(settings.port());
        jetty.addConnector(connector);
        jetty.setHandler(new SimulatorHandler(
                new DirectoryApi(settings, world, clock, faults, journal), new Controls(this, settings)));
        try {
            jetty.start();
        } catch (Exception e) {
            throw new IllegalStateException("the simulator cannot listen on port " + settings.port(), e);
        }
    }

    /** Where the API is: {@code http://127.0.0.1:PORT/fhir/v2}, unless it listens elsewhere. */
    public URI base() {
        return URI.create("http://" + settings.address() + ":" + connector.getLocalPort() + "/fhir/v2");
    }

    /** Where it is controlled: {@code http://127.0.0.1:PORT/simulator}. */
    public URI controls() {
        return URI.create("http://" + settings.address() + ":" + connector.getLocalPort() + "/simulator");
    }

    public SimulatedClock clock() {
        return clock;
    }

    public Faults faults() {
        return faults;
    }

    /** What was asked and what was answered. */
    public Journal journal() {
        return journal;
    }

    /** Lets something happen now to a share of a kind; the clock is put forward to when it is over. */
    public void happen(Kind kind, Event event, double share) {
        happen(List.of(kind), event, share);
    }

    /** Loads everything anew upstream, with new ids or with the same. */
    public void reload(boolean renumbered) {
        happen(List.of(Kind.values()), renumbered ? Event.RELOAD_RENUMBERED : Event.RELOAD, 1);
    }

    void happen(List<Kind> kinds, Event event, double share) {
        Instant end = world.happen(kinds, event, share, clock.now());
        clock.advanceTo(end);
    }

    /** What a faultless and complete read of the kind would give now, stubs as well. */
    public Stream<RawBsonDocument> current(Kind kind) {
        return world.resources(kind, now());
    }

    /** What a read of this id would give now. */
    public Optional<RawBsonDocument> find(Kind kind, String id) {
        return world.find(kind, id, now()).map(world::resource);
    }

    /** How many of the kind there are now, stubs as well. */
    public long count(Kind kind) {
        return world.count(kind, Span.ALWAYS, now());
    }

    private long now() {
        return clock.now().toEpochMilli();
    }

    @Override
    public void close() {
        try {
            jetty.stop();
        } catch (Exception e) {
            throw new IllegalStateException("the simulator did not stop cleanly", e);
        }
    }
}
