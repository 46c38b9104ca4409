package miroir.simulator.life;

import java.util.ArrayList;
import java.util.List;
import miroir.simulator.Kind;

/**
 * How much happens in a night, as observed of the real directory where it was: 12,000 of two million roles change, 600
 * of two million organizations, and at times five of a hundred are written anew without change.
 *
 * @param pace times as much
 */
record Rates(double pace) {
    private static final double BIRTHS = 0.00013;
    private static final double BUMPS = 0.0001;
    private static final double DEACTIVATIONS = 0.0002;
    private static final double NEW_IDS = 0.00002;
    private static final double MASS_BUMP = 0.05;
    private static final int NIGHTS_PER_MASS_BUMP = 20;

    double births(long size) {
        return BIRTHS * pace * size;
    }

    List<Batch.Part> parts(long seed, Kind kind, long size, int night) {
        List<Batch.Part> parts = new ArrayList<>();
        boolean mass =
                Math.floorMod(Shuffle.mix(seed + night * 31L + kind.type().hashCode()), NIGHTS_PER_MASS_BUMP) == 0;
        long left = size;
        left = add(parts, Event.CHANGE, count(changes(kind) * pace * size, night), left);
        left = add(parts, Event.DEACTIVATE, count(DEACTIVATIONS * pace * size, night), left);
        left = add(parts, Event.RENUMBER, count(NEW_IDS * pace * size, night), left);
        add(parts, Event.BUMP, count(BUMPS * pace * size, night) + (mass ? (long) (MASS_BUMP * size) : 0), left);
        return parts;
    }

    private static double changes(Kind kind) {
        return switch (kind) {
            case PRACTITIONER_ROLE -> 0.006;
            case PRACTITIONER -> 0.001;
            case ORGANIZATION -> 0.0003;
            case HEALTHCARE_SERVICE, DEVICE -> 0.0005;
        };
    }

    /** What is less than one a night is one every few nights. */
    private static long count(double perNight, int night) {
        return (long) (perNight * (night + 1)) - (long) (perNight * night);
    }

    private static long add(List<Batch.Part> parts, Event event, long count, long left) {
        long taken = Math.min(count, left);
        parts.add(new Batch.Part(event, taken));
        return left - taken;
    }
}
