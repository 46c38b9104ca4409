package miroir.simulator.life;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import miroir.simulator.Directory;
import miroir.simulator.Kind;

/** How the directory came to be: most of it in one evening of April 2025, the rest in the nights that followed. */
final class FirstLoad {
    /** 2025-04-28T18:00:00+02:00. */
    private static final long BEGIN = 1_745_856_000_000L;

    private static final long EVENING = 5_400_000;
    private static final long NIGHT = 7_200_000;
    private static final long DAY = 86_400_000;
    private static final int NIGHTS = 240;
    /** 2025-12-25T20:00:00+01:00, when it is over. */
    static final long END = BEGIN + (NIGHTS + 1) * DAY + NIGHT;

    private FirstLoad() {}

    static Load of(long seed, Directory directory) {
        Map<Kind, Batch> batches = new EnumMap<>(Kind.class);
        for (Kind kind : Kind.values()) {
            long size = directory.size(kind);
            batches.put(
                    kind,
                    new Batch(
                            new Shuffle(size, seed + kind.type().hashCode()),
                            List.of(new Batch.Part(null, size)),
                            new long[0],
                            place -> millis(place, size),
                            0));
        }
        return Load.of(-1, BEGIN, END, batches);
    }

    private static long millis(long place, long size) {
        long evening = size * 4 / 5;
        if (place < evening) {
            return BEGIN + place * EVENING / evening;
        }
        // In units of one night's share: whole part and rest say which night and when in it.
        double nights = (double) (place - evening) * NIGHTS / (size - evening);
        long night = (long) nights;
        return BEGIN + (night + 1) * DAY + (long) ((nights - night) * NIGHT);
    }
}
