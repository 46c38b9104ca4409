package miroir.storage;

import static miroir.index.search.Condition.Comparison.AT_LEAST;
import static miroir.index.search.Condition.Comparison.AT_MOST;
import static miroir.index.search.Condition.Comparison.GREATER;
import static miroir.index.search.Condition.Comparison.LESS;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import miroir.index.search.Condition;
import org.bson.BsonDecimal128;
import org.bson.BsonInt64;
import org.bson.BsonNumber;
import org.bson.types.Decimal128;
import org.junit.jupiter.api.Test;

final class IntervalBoundsTest {
    private static final long SEED = Long.getLong("miroir.seed", System.nanoTime());
    private static final List<Condition.Comparison> COMPARISONS = List.of(Condition.Comparison.values());

    @Test
    void of_boundOnOneEnd_saysWhatFollowsForTheOther() {
        assertThat(IntervalBounds.of(range("s", AT_LEAST, 5)))
                .isEqualTo(new IntervalBounds(bound(AT_LEAST, 5), null, bound(AT_LEAST, 5), null));
        assertThat(IntervalBounds.of(range("e", LESS, 5)))
                .isEqualTo(new IntervalBounds(null, bound(LESS, 5), null, bound(LESS, 5)));
        assertThat(IntervalBounds.of(range("e", GREATER, 5)))
                .isEqualTo(new IntervalBounds(null, null, bound(GREATER, 5), null));
    }

    @Test
    void of_alternatives_keepsTheWeakest() {
        IntervalBounds le = IntervalBounds.of(new Condition.Or(List.of(range("s", LESS, 5), range("e", AT_MOST, 9))));

        assertThat(le).isEqualTo(new IntervalBounds(null, bound(AT_MOST, 9), null, null));
        assertThat(IntervalBounds.of(new Condition.Or(List.of(range("s", LESS, 5), range("e", GREATER, 9)))))
                .isEqualTo(new IntervalBounds(null, null, null, null));
    }

    @Test
    void of_conjunction_keepsTheStrongest() {
        assertThat(IntervalBounds.of(new Condition.And(List.of(range("s", AT_LEAST, 5), range("s", GREATER, 5)))))
                .isEqualTo(new IntervalBounds(bound(GREATER, 5), null, bound(GREATER, 5), null));
    }

    @Test
    void of_decimals_areComparedAsNumbers() {
        Condition.Bound small = new Condition.Bound(AT_LEAST, new BsonDecimal128(Decimal128.parse("9.5")));
        Condition.Bound large = new Condition.Bound(AT_LEAST, new BsonDecimal128(Decimal128.parse("10")));

        assertThat(IntervalBounds.of(new Condition.Or(List.of(
                                new Condition.Range("e", List.of(large)), new Condition.Range("e", List.of(small)))))
                        .endLow())
                .isEqualTo(small);
    }

    @Test
    void of_anyTest_losesNoInterval() {
        Random random = new Random(SEED);
        for (int i = 0; i < 2_000; i++) {
            Condition test = test(random, 3);
            IntervalBounds bounds = IntervalBounds.of(test);
            for (long s = 0; s < 6; s++) {
                for (long e = s; e < 6; e++) {
                    if (meets(test, s, e)) {
                        assertThat(meets(bounds.onBoth(), s, e) && meets(bounds.onEnd(), s, e))
                                .as("[%d, %d] meets %s but not %s, seed %d", s, e, test, bounds, SEED)
                                .isTrue();
                    }
                }
            }
        }
    }

    private static Condition test(Random random, int depth) {
        int form = random.nextInt(depth > 0 ? 4 : 2);
        if (form < 2) {
            Condition.Comparison comparison = COMPARISONS.get(random.nextInt(COMPARISONS.size()));
            return range(form == 0 ? "s" : "e", comparison, random.nextInt(6));
        }
        List<Condition> parts = List.of(test(random, depth - 1), test(random, depth - 1));
        return form == 2 ? new Condition.And(parts) : new Condition.Or(parts);
    }

    private static boolean meets(Condition test, long s, long e) {
        if (test instanceof Condition.And and) {
            return and.parts().stream().allMatch(part -> meets(part, s, e));
        }
        if (test instanceof Condition.Or or) {
            return or.parts().stream().anyMatch(part -> meets(part, s, e));
        }
        Condition.Range range = (Condition.Range) test;
        return range.bounds().stream().allMatch(bound -> within(range.field().equals("s") ? s : e, bound));
    }

    private static boolean within(long value, Condition.Bound bound) {
        long limit = ((BsonNumber) bound.value()).longValue();
        return switch (bound.comparison()) {
            case LESS -> value < limit;
            case AT_MOST -> value <= limit;
            case AT_LEAST -> value >= limit;
            case GREATER -> value > limit;
        };
    }

    private static Condition range(String field, Condition.Comparison comparison, long value) {
        return new Condition.Range(field, List.of(bound(comparison, value)));
    }

    private static Condition.Bound bound(Condition.Comparison comparison, long value) {
        return new Condition.Bound(comparison, new BsonInt64(value));
    }
}
