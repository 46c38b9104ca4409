package miroir.index.search;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import miroir.index.generated.Proves;
import miroir.index.store.MeetsCondition;
import miroir.index.value.DateInterval;
import org.bson.BsonArray;
import org.bson.BsonDocument;
import org.bson.BsonInt64;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every prefix over every pair of short intervals, against R4's sentences taken literally as sets of instants. */
class DateConditionsTest {
    private static final long FROM = 0;
    private static final long TO = 7;
    private static final long FAR = 20;

    @ParameterizedTest
    @EnumSource(Prefix.class)
    @Proves({"date eq", "date ne", "date gt", "date lt", "date ge", "date le", "date sa", "date eb", "date ap"})
    void ofInterval_saysWhatR4Says(Prefix prefix) {
        for (long start = FROM; start <= TO; start++) {
            for (long end = start; end <= TO; end++) {
                DateInterval asked = new DateInterval(start, end);
                Condition condition = new Condition.Element("d", DateConditions.ofInterval(prefix, asked));
                LongStream.rangeClosed(FROM, TO)
                        .forEach(s -> LongStream.rangeClosed(s, TO)
                                .forEach(e -> assertThat(MeetsCondition.test(stored(s, e), condition))
                                        .as("%s %s, stored [%d, %d]", prefix, asked, s, e)
                                        .isEqualTo(r4(prefix, instants(s, e), asked))));
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Prefix.class)
    @Proves("date of a Period, open ends too")
    void ofInterval_openEndsReachPastEverything(Prefix prefix) {
        DateInterval asked = new DateInterval(2, 4);
        Condition condition = new Condition.Element("d", DateConditions.ofInterval(prefix, asked));
        for (long bound = FROM; bound <= TO; bound++) {
            assertThat(MeetsCondition.test(stored(bound, DateInterval.OPEN_END), condition))
                    .as("%s, from %d on", prefix, bound)
                    .isEqualTo(r4(prefix, instants(bound, FAR), asked));
            assertThat(MeetsCondition.test(stored(DateInterval.OPEN_START, bound), condition))
                    .as("%s, until %d", prefix, bound)
                    .isEqualTo(r4(prefix, instants(-FAR, bound), asked));
        }
    }

    @ParameterizedTest
    @EnumSource(Prefix.class)
    @Proves("_lastUpdated, all prefixes")
    void ofInstant_isAnIntervalOfOneMillisecond(Prefix prefix) {
        for (long start = FROM; start <= TO; start++) {
            for (long end = start; end <= TO; end++) {
                DateInterval asked = new DateInterval(start, end);
                Condition condition = DateConditions.ofInstant("t", prefix, asked);
                for (long t = FROM; t <= TO; t++) {
                    assertThat(MeetsCondition.test(new BsonDocument("t", new BsonInt64(t)), condition))
                            .as("%s %s, stored %d", prefix, asked, t)
                            .isEqualTo(r4(prefix, Set.of(t), asked));
                }
            }
        }
    }

    private static BsonDocument stored(long s, long e) {
        BsonArray intervals = new BsonArray();
        intervals.add(new BsonDocument("s", new BsonInt64(s)).append("e", new BsonInt64(e)));
        return new BsonDocument("d", intervals);
    }

    private static Set<Long> instants(long from, long to) {
        return LongStream.rangeClosed(from, to).boxed().collect(Collectors.toSet());
    }

    private static boolean r4(Prefix prefix, Set<Long> target, DateInterval asked) {
        Set<Long> search = instants(asked.start(), asked.end());
        Set<Long> above = instants(asked.end() + 1, FAR);
        Set<Long> below = instants(-FAR, asked.start() - 1);
        return switch (prefix) {
            case EQ -> search.containsAll(target);
            case NE -> !search.containsAll(target);
            case GT -> overlap(above, target);
            case LT -> overlap(below, target);
            case GE -> overlap(above, target) || overlap(search, target);
            case LE -> overlap(below, target) || overlap(search, target);
            case SA -> !overlap(search, target) && above.containsAll(target);
            case EB -> !overlap(search, target) && below.containsAll(target);
            case AP -> overlap(search, target);
        };
    }

    private static boolean overlap(Set<Long> one, Set<Long> other) {
        return one.stream().anyMatch(other::contains);
    }
}
