package miroir.simulator.life;

import java.util.stream.LongStream;
import miroir.simulator.Directory;
import miroir.simulator.Kind;

/** Which practitioners are not there from the beginning, and in which night they arrive with all that is theirs. */
final class Births {
    private static final int UNBORN_PER_HUNDRED = 4;
    private static final long THOUSAND = 1000;

    private final Shuffle shuffle;
    private final long unborn;
    private final long perThousandNights;

    Births(long seed, long practitioners, double perNight) {
        this.shuffle = new Shuffle(practitioners, seed + 99);
        this.unborn = practitioners * UNBORN_PER_HUNDRED / 100;
        this.perThousandNights = Math.max(1, Math.round(perNight * THOUSAND));
    }

    /** -1 for what is there from the beginning. */
    long nightOf(Kind kind, long number) {
        long practitioner = Directory.practitionerBehind(kind, number);
        long place = practitioner < 0 ? unborn : shuffle.placeOf(practitioner);
        return place < unborn ? place * THOUSAND / perThousandNights : -1;
    }

    /** Those of the kind who arrive in that night, in ascending order. */
    long[] bornIn(long night, Kind kind) {
        return LongStream.range(firstOf(night), firstOf(night + 1))
                .map(shuffle::numberAt)
                .flatMap(practitioner -> LongStream.of(Directory.resourcesBehind(kind, practitioner)))
                .sorted()
                .toArray();
    }

    private long firstOf(long night) {
        return Math.min(unborn, (night * perThousandNights + THOUSAND - 1) / THOUSAND);
    }
}
