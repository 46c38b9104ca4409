package miroir.index.search;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import miroir.index.SearchParameter;
import miroir.index.SearchParameterRegistry;
import miroir.index.generated.Proves;
import miroir.index.registry.RegistryLoader;
import miroir.index.store.MeetsCondition;
import miroir.index.value.StoredDecimal;
import org.bson.BsonArray;
import org.bson.BsonDocument;
import org.bson.BsonValue;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every prefix over every interval of twentieths, against R4's sentences taken literally as sets of numbers. */
class QuantityConditionsTest {
    private static final int FAR = 60;
    private static final SearchParameterRegistry REGISTRY = RegistryLoader.load(Set.of("RiskAssessment"), List.of());
    private static final SearchParameter PARAMETER =
            Objects.requireNonNull(REGISTRY.find("RiskAssessment", "probability"));

    /** In twentieths: the number, what it may mean (the end not included), and what it is approximately. */
    @ParameterizedTest
    @CsvSource({
        "1, 20, 10, 30, 10, 30",
        "1.0, 20, 19, 21, 18, 22",
        "1e0, 20, 10, 30, 10, 30",
        "10e-1, 20, 19, 21, 18, 22",
        "-1, -20, -30, -10, -30, -10",
        "-1.0, -20, -21, -19, -22, -18",
        "0, 0, -10, 10, -10, 10",
        "-0.0, 0, -1, 1, -1, 1",
        "2.0, 40, 39, 41, 36, 44",
        "0e1, 0, -100, 100, -100, 100",
    })
    @Proves({
        "number, by its digits",
        "number eq",
        "number ne",
        "number gt",
        "number lt",
        "number ge",
        "number le",
        "number sa",
        "number eb",
        "number ap"
    })
    void condition_saysWhatR4Says(String text, int x, int from, int to, int roughlyFrom, int roughlyTo) {
        AskedNumber asked = AskedNumber.parse(text);
        for (Prefix prefix : Prefix.values()) {
            Condition condition =
                    QuantityConditions.of(new SearchExpression.Quantity(PARAMETER, prefix, asked, null, null));
            for (int s = -50; s <= 50; s++) {
                for (int e = s; e <= Math.min(50, s + 25); e++) {
                    assertThat(MeetsCondition.test(stored(s, e), condition))
                            .as("%s%s, stored [%d/20, %d/20]", prefix, text, s, e)
                            .isEqualTo(r4(
                                    prefix, numbers(s, e), x, numbers(from, to - 1), numbers(roughlyFrom, roughlyTo)));
                }
            }
        }
    }

    private static BsonDocument stored(int s, int e) {
        BsonDocument interval = new BsonDocument("s", twentieths(s)).append("e", twentieths(e));
        return new BsonDocument("t_probability", new BsonArray(List.of(interval)));
    }

    private static BsonValue twentieths(int count) {
        return StoredDecimal.of(BigDecimal.valueOf(count * 5L, 2), RoundingMode.UNNECESSARY);
    }

    private static Set<Integer> numbers(int from, int to) {
        return IntStream.rangeClosed(from, to).boxed().collect(Collectors.toSet());
    }

    private static boolean r4(Prefix prefix, Set<Integer> target, int x, Set<Integer> search, Set<Integer> roughly) {
        Set<Integer> above = numbers(x + 1, FAR);
        Set<Integer> below = numbers(-FAR, x - 1);
        return switch (prefix) {
            case EQ -> search.containsAll(target);
            case NE -> !search.containsAll(target);
            case GT -> overlap(above, target);
            case LT -> overlap(below, target);
            case GE -> overlap(above, target) || target.contains(x);
            case LE -> overlap(below, target) || target.contains(x);
            case SA -> above.containsAll(target);
            case EB -> below.containsAll(target);
            case AP -> overlap(roughly, target);
        };
    }

    private static boolean overlap(Set<Integer> one, Set<Integer> other) {
        return one.stream().anyMatch(other::contains);
    }
}
