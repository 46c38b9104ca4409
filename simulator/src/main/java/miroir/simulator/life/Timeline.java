package miroir.simulator.life;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import miroir.simulator.Directory;
import miroir.simulator.Kind;

/**
 * All that ever happened to the directory.
 *
 * <p>A directory of ten million resources that lives for months would need a database to remember who changed when.
 * But who changes is made up as well, so it can be made up in a way that is known without being remembered. Time is a
 * list of loads, one a night, and each affects the first so many numbers of a {@link Shuffle} of its own. Then
 *
 * <ul>
 *   <li>where a resource stands is found by asking every load whether the resource is among its numbers: a
 *       multiplication and a remainder for each night of its life, whatever the size of the directory;
 *   <li>what changed in a span of time is found by walking the places of the loads in that span, and leaving out who
 *       was touched again later: the cost is that of what changed, whatever the size of the directory;
 *   <li>walking all loads from the first one gives each resource once, at the place where it was written last. That is
 *       how the real directory pages: by the order of insertion of what is stored.
 * </ul>
 *
 * <p>Nothing is kept but the loads themselves, of a few hundred bytes each. Thread-safe.
 */
final class Timeline {
    private static final ZoneId PARIS = ZoneId.of("Europe/Paris");
    private static final int NIGHTLY_HOUR = 3;
    private static final long NIGHTLY_MILLIS = 7_200_000;

    private final long seed;
    private final Directory directory;
    private final Rates rates;
    private final Births births;
    private final LocalDate begin;
    private final long lateness;
    private volatile List<Load> loads;

    /**
     * @param begin the day of the first nightly load
     * @param lateness see {@link Batch}
     */
    Timeline(long seed, Directory directory, double pace, LocalDate begin, Duration lateness) {
        this.seed = seed;
        this.directory = directory;
        this.rates = new Rates(pace);
        this.births =
                new Births(seed, directory.size(Kind.PRACTITIONER), rates.births(directory.size(Kind.PRACTITIONER)));
        this.begin = begin;
        this.lateness = lateness.toMillis();
        this.loads = List.of(FirstLoad.of(seed, directory));
    }

    Births births() {
        return births;
    }

    /** All loads that began until then, and perhaps later ones. */
    List<Load> until(long millis) {
        if (nominal(nights()) <= millis) {
            grow(millis);
        }
        return loads;
    }

    private synchronized void grow(long millis) {
        int night = nights();
        while (nominal(night) <= millis) {
            append(night(night));
            night++;
        }
    }

    /** Lets something happen to a share of some kinds, at the earliest at this instant; returns when it is over. */
    synchronized Instant happen(List<Kind> kinds, Event event, double share, long millis) {
        grow(millis);
        long at = Math.max(millis, loads.get(loads.size() - 1).end());
        Map<Kind, Batch> batches = new EnumMap<>(Kind.class);
        long end = at + 1;
        for (Kind kind : kinds) {
            long count = Math.round(share * directory.size(kind));
            batches.put(kind, batch(kind, List.of(new Batch.Part(event, count)), new long[0], at, count));
            end = Math.max(end, at + count + 1);
        }
        append(Load.of(-1, at, end, batches));
        return Instant.ofEpochMilli(end);
    }

    private void append(Load load) {
        List<Load> longer = new ArrayList<>(loads);
        longer.add(load);
        loads = List.copyOf(longer);
    }

    private int nights() {
        List<Load> now = loads;
        for (int i = now.size() - 1; i > 0; i--) {
            if (now.get(i).night() >= 0) {
                return now.get(i).night() + 1;
            }
        }
        return 0;
    }

    private long nominal(int night) {
        return begin.plusDays(night)
                .atTime(NIGHTLY_HOUR, 0)
                .atZone(PARIS)
                .toInstant()
                .toEpochMilli();
    }

    private Load night(int night) {
        long at = Math.max(nominal(night), loads.get(loads.size() - 1).end());
        Map<Kind, Batch> batches = new EnumMap<>(Kind.class);
        for (Kind kind : Kind.values()) {
            long[] born = births.bornIn(night, kind);
            List<Batch.Part> parts = rates.parts(seed, kind, directory.size(kind), night);
            batches.put(kind, batch(kind, parts, born, at, NIGHTLY_MILLIS));
        }
        return Load.of(night, at, at + NIGHTLY_MILLIS, batches);
    }

    private Batch batch(Kind kind, List<Batch.Part> parts, long[] born, long at, long duration) {
        long key = Shuffle.mix(seed + 1_000_003L * loads.size()) + kind.type().hashCode();
        long size = born.length + parts.stream().mapToLong(Batch.Part::count).sum();
        return new Batch(
                new Shuffle(directory.size(kind), key),
                parts,
                born,
                place -> at + place * duration / Math.max(1, size),
                lateness);
    }
}
