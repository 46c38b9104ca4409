package miroir.index.terminology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import miroir.index.Refusal;
import miroir.index.store.Deadline;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Expressions of filters, against what Java's say of the same texts. */
class ExpressionTest {
    private static final int EXPRESSIONS = 3000;

    private final long seed = Long.getLong("miroir.seed", new Random().nextLong());
    private final Random random = new Random(seed);

    private static boolean matches(String expression, String text) {
        return ReadExpression.of(expression).matches(text, new Effort(Deadline.in(Duration.ofMinutes(1))));
    }

    @Test
    void matches_randomExpressions_asJavaDoes() {
        System.out.println("seed " + seed + " (repeat with -Dmiroir.seed=" + seed + ")");
        int matched = 0;
        for (int i = 0; i < EXPRESSIONS; i++) {
            String expression = either(3);
            if (expression.length() > 60) {
                continue;
            }
            for (int j = 0; j < 8; j++) {
                String text = random.ints(random.nextInt(5), 0, 3)
                        .mapToObj(letter -> "ab\u00e9".substring(letter, letter + 1))
                        .collect(Collectors.joining());
                boolean expected = Pattern.matches(expression, text);
                assertThat(matches(expression, text))
                        .as("seed %d, %s on \"%s\"", seed, expression, text)
                        .isEqualTo(expected);
                matched += expected ? 1 : 0;
            }
        }
        assertThat(matched).as("seed %d", seed).isGreaterThan(EXPRESSIONS / 10);
    }

    private String either(int depth) {
        return IntStream.range(0, 1 + random.nextInt(4) / 3 + random.nextInt(4) / 3)
                .mapToObj(i -> sequence(depth))
                .collect(Collectors.joining("|"));
    }

    private String sequence(int depth) {
        return IntStream.range(0, random.nextInt(4))
                .mapToObj(i -> repeated(one(depth)))
                .collect(Collectors.joining());
    }

    /** Java forgets some ways where groups are counted, so they are not. */
    private String repeated(String one) {
        List<String> times = List.of("", "", "", "*", "+", "?", "{2}", "{0}", "{1,}", "{0,2}");
        return one + times.get(random.nextInt(one.endsWith(")") ? 6 : times.size()));
    }

    private String one(int depth) {
        return switch (random.nextInt(depth == 0 ? 7 : 10)) {
            case 0, 1 -> "a";
            case 2 -> "\u00e9";
            case 3 -> ".";
            case 4 -> "[^a]";
            case 5 -> "\\w";
            case 6 -> "b";
            default -> (random.nextBoolean() ? "(" : "(?:") + either(depth - 1) + ")";
        };
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {
                "[A-Z]{2}-\\d+ AB-12 true",
                "[A-Z]{2}-\\d+ ABC-12 false",
                "^ab$ ab true",
                "(a|^b)+$ bab false",
                "(a|^b)+$ baa true",
                "(a|bc){2} abc true",
                "(a|bc){2,3} abca true",
                "(a|bc){2,3} abcaa false",
                "(a|bc){3,} aabca true",
                "(a|bc){0} a false",
                "[a-c&&[^b]]x cx true",
                "[a-c&&[^b]]x bx false",
                "\\p{Lu}\\.[\\]x] A.] true",
                "\\(\\) () true",
                ". \uD83D\uDE00 true",
                "\uD83D\uDE00+ \uD83D\uDE00\uD83D\uDE00 true"
            })
    void matches_classesAndEscapes_asJavaDoes(String expression, String text, boolean matches) {
        assertThat(matches(expression, text)).isEqualTo(matches);
        assertThat(Pattern.matches(expression, text)).isEqualTo(matches);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "(",
                ")",
                "a)",
                "*",
                "a**",
                "a*?",
                "a++",
                "[",
                "[]",
                "[a",
                "\\",
                "\\1",
                "\\Qa\\E",
                "\\b",
                "(?i)a",
                "(?=a)",
                "(?<a>b)",
                "a{2,1}",
                "a{",
                "{2}",
                "a{1234567890}",
                "\\p{Nothing}"
            })
    void of_whatIsNotOffered_isRefused(String expression) {
        assertThatThrownBy(() -> ReadExpression.of(expression)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"(.*a)*b", "(((a?){99}){99}){99}b", ".*.*.*"})
    void matches_moreStepsThanAreLeft_isRefused(String expression) {
        Effort effort = new Effort(Deadline.in(Duration.ofMinutes(1)));
        effort.takeSteps(20_000_000 - 10_000);

        assertThatThrownBy(() -> ReadExpression.of(expression).matches("a".repeat(5000), effort))
                .isInstanceOfSatisfying(
                        Refusal.class, refusal -> assertThat(refusal.reason()).isEqualTo(Refusal.Reason.TOO_COSTLY));
    }

    @Test
    void of_longest_isReadHoweverDeep() {
        assertThat(matches("(".repeat(99) + "aa" + ")".repeat(99), "aa")).isTrue();
        assertThatThrownBy(() -> ReadExpression.of("a".repeat(201))).hasMessageContaining("allowed are 200");
    }
}
