package miroir.server.load;

import java.time.Instant;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import miroir.server.routing.Interaction;
import miroir.server.routing.Route;

/**
 * What a server was asked for since it started, or in the last week if that is shorter.
 *
 * <p>The problem: the page shows percentiles, errors, types and interactions of ten minutes as of a week; a server may get thousands of requests in a
 * second, and none of them may wait, or become slower by anything that can be measured.
 *
 * <p>The approach: a request adds to counters that are never set back, and does nothing else; there is no lock, and no moment at which a piece of time ends
 * for whoever counts. Every ten seconds a thread reads them all. What they are more than the last time is a piece of ten seconds, and pieces are put
 * together to minutes, quarters of hours, and twice an hour, each in a ring of as many as a chart shows.
 *
 * <p>The cost: some ten additions for a request, half a microsecond together. 300 pieces, of one or two kilobytes each where there are some types and
 * interactions, nothing where there are none: half a megabyte, and a few where all of R4's types are asked for. It does not grow with the number of requests.
 *
 * <p>A piece that is counted while others end it may have a request in its count and not yet in its times; that is in the next one then. To lock both
 * would cost every request what nobody can see.
 */
public final class Load {
    private static final int NOT_OFFERED = 501;

    private final LiveShare all = new LiveShare();
    private final LiveShare served = new LiveShare();
    private final LiveHistogram times = new LiveHistogram();
    private final LiveHistogram reads = new LiveHistogram();
    private final LiveHistogram database = new LiveHistogram();
    private final Map<Interaction, LiveShare> byInteraction = new EnumMap<>(Interaction.class);
    private final Map<String, LiveShare> byType = new ConcurrentHashMap<>();
    private final Map<LoadRange, LoadRing> rings = new EnumMap<>(LoadRange.class);
    private final Instant since;

    /** Guarded by this, as the rings are. */
    private LoadTally known = LoadTally.NOTHING;

    private Instant read;

    /** Nothing yet. */
    public Load(Instant now) {
        this.since = now;
        this.read = now;
        for (Interaction each : Interaction.values()) {
            byInteraction.put(each, new LiveShare());
        }
        for (LoadRange each : LoadRange.values()) {
            rings.put(each, new LoadRing(each));
        }
    }

    /**
     * A request that is over; of types there are as many as are served.
     *
     * @param ofDatabase how long it waited for the database; negative where it asked for nothing there
     */
    public void add(Route route, int status, long nanos, long ofDatabase) {
        all.add(status, nanos);
        times.add(nanos);
        if (ofDatabase >= 0) {
            database.add(ofDatabase);
        }
        addServed(route.interaction(), status, nanos);
        Objects.requireNonNull(byInteraction.get(route.interaction())).add(status, nanos);
        ofType(route.type()).add(status, nanos);
    }

    private void addServed(Interaction interaction, int status, long nanos) {
        if (interaction.isServed() && status != NOT_OFFERED) {
            served.add(status, nanos);
        }
        if (interaction == Interaction.READ || interaction == Interaction.SEARCH_TYPE) {
            reads.add(nanos);
        }
    }

    private LiveShare ofType(String type) {
        LiveShare known = byType.get(type);
        return known != null ? known : byType.computeIfAbsent(type, any -> new LiveShare());
    }

    /** Ends a piece of time. */
    synchronized void tick(Instant now, long heap) {
        if (!now.isAfter(read)) {
            // The clock was set back; what was counted is of the next piece.
            read = now;
            return;
        }
        LoadTally present = present();
        LoadSlot slot = new LoadSlot(read, now, present.since(known), heap);
        rings.values().forEach(ring -> ring.add(slot));
        known = present;
        read = now;
    }

    private LoadTally present() {
        Map<String, Share> interactions = new HashMap<>();
        byInteraction.forEach((each, share) -> interactions.put(each.code(), share.present()));
        Map<String, Share> types = new HashMap<>();
        byType.forEach((each, share) -> types.put(each, share.present()));
        return new LoadTally(
                all.present(),
                served.present(),
                times.present(),
                reads.present(),
                database.present(),
                interactions,
                types);
    }

    /** The pieces of a range until now, the oldest first. */
    public synchronized List<LoadSlot> slots(LoadRange range) {
        LoadRing ring = rings.get(range);
        return ring == null ? List.of() : ring.before(read);
    }

    /** Until when it was read. */
    public synchronized Instant until() {
        return read;
    }

    /** Since when it is counted. */
    public Instant since() {
        return since;
    }
}
