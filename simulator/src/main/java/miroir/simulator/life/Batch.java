package miroir.simulator.life;

import java.util.Arrays;
import java.util.List;
import java.util.function.LongUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What one load does to the resources of one kind: the first so many of a shuffle are affected, in the order of their
 * places, and each place has its instant. Who is born in it comes last.
 */
final class Batch {
    private static final int LATE_ONE_IN = 10;

    /** So many of them. */
    record Part(@Nullable Event event, long count) {}

    private final Shuffle shuffle;
    private final List<Part> parts;
    private final long[] born;
    private final long shuffled;
    private final LongUnaryOperator millis;
    private final long lateness;

    /**
     * @param born in ascending order
     * @param millis the instant of a place: it never decreases
     * @param lateness some can be seen up to so many milliseconds after that
     */
    Batch(Shuffle shuffle, List<Part> parts, long[] born, LongUnaryOperator millis, long lateness) {
        this.shuffle = shuffle;
        this.parts = List.copyOf(parts);
        this.born = born;
        this.shuffled = parts.stream().mapToLong(Part::count).sum();
        this.millis = millis;
        this.lateness = lateness;
    }

    long size() {
        return shuffled + born.length;
    }

    long numberAt(long place) {
        return place < shuffled ? shuffle.numberAt(place) : born[(int) (place - shuffled)];
    }

    /** Where the number is among those affected; -1 where it is not. */
    long placeOf(long number) {
        long place = shuffle.placeOf(number);
        return place < shuffled ? place : -1;
    }

    /** Where it is born; -1 where it is not. */
    long birthPlaceOf(long number) {
        int at = Arrays.binarySearch(born, number);
        return at < 0 ? -1 : shuffled + at;
    }

    @Nullable
    Event eventAt(long place) {
        long left = place;
        for (Part part : parts) {
            if (left < part.count()) {
                return part.event();
            }
            left -= part.count();
        }
        return null;
    }

    boolean renumbers() {
        return parts.stream()
                .anyMatch(part -> part.count() > 0
                        && (part.event() == Event.RENUMBER || part.event() == Event.RELOAD_RENUMBERED));
    }

    long millis(long place) {
        return millis.applyAsLong(place);
    }

    /** From when on what is at the place can be seen: writers finish in another order than they begin. */
    long visibleFrom(long place) {
        long random = Shuffle.mix(place + 17) >>> 1;
        return millis(place) + (random % LATE_ONE_IN == 0 ? random / LATE_ONE_IN % (lateness + 1) : 0);
    }

    /** The first place whose instant is not before this one. */
    long placeFrom(long instant) {
        long low = 0;
        long high = size();
        while (low < high) {
            long middle = (low + high) >>> 1;
            if (millis(middle) < instant) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }
}
