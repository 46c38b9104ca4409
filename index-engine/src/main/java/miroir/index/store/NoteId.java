package miroir.index.store;

import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Names a note, in the order of time: a UUID of version 7. That of what came of it stands right behind, so that whoever reads notes in order, by whatever
 * index, has the two together, and nobody can note two outcomes of one request.
 *
 * <p>It begins with the milliseconds since 1970 and a count of twelve bits, which together are larger than those of the note before by the same process; the
 * rest is random, but for the last bit, which is 1 for an outcome.
 */
public record NoteId(UUID uuid) {
    private static final int COUNT = 12;
    private static final int OTHERS = 16;
    private static final long VERSION = 0x7000;
    private static final long VARIANT = 0x8000_0000_0000_0000L;
    private static final long RANDOM = 0x3FFF_FFFF_FFFF_FFFEL;

    private static final AtomicLong LATEST = new AtomicLong();

    /** A new one. */
    public static NoteId make(Instant at) {
        long place = LATEST.updateAndGet(before -> Math.max(before + 1, at.toEpochMilli() << COUNT));
        return new NoteId(
                new UUID(high(place), VARIANT | (ThreadLocalRandom.current().nextLong() & RANDOM)));
    }

    /** The first that a note of that instant can have. */
    public static NoteId firstOf(Instant at) {
        long millis = Math.min(Math.max(at.toEpochMilli(), 0), (1L << 48) - 1);
        return new NoteId(new UUID(high(millis << COUNT), VARIANT));
    }

    private static long high(long place) {
        return (place >>> COUNT) << OTHERS | VERSION | (place & ((1 << COUNT) - 1));
    }

    /** That of what came of it. */
    public NoteId outcome() {
        return new NoteId(new UUID(uuid.getMostSignificantBits(), uuid.getLeastSignificantBits() | 1));
    }

    /** That of what was asked. */
    public NoteId asked() {
        return new NoteId(new UUID(uuid.getMostSignificantBits(), uuid.getLeastSignificantBits() & ~1L));
    }

    /** When that was. */
    public Instant at() {
        return Instant.ofEpochMilli(uuid.getMostSignificantBits() >>> OTHERS);
    }

    @Override
    public String toString() {
        return uuid.toString();
    }
}
