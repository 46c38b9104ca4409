package miroir.server.directory;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OneErrorTest {
    @ParameterizedTest
    @CsvSource({
        "martin, marin",
        "martin, martiin",
        "martin, mertin",
        "martin, matrin",
        "martin, artin",
        "martin, martins",
        "martin, amrtin",
        "martin, martni",
        "d'angelo, dangelo",
        "le goff, legoff",
    })
    void separates_whatOneErrorMakes(String one, String other) {
        assertThat(OneError.separates(one, other)).isTrue();
        assertThat(OneError.separates(other, one)).isTrue();
        assertThat(OneError.around(one)).contains(other);
    }

    @ParameterizedTest
    @CsvSource({"martin, martin", "martin, martinez", "martin, mrtain", "martin, mratni", "abc, cab", "jean, jeanne"})
    void separates_nothingElse(String one, String other) {
        assertThat(OneError.separates(one, other)).isFalse();
        assertThat(OneError.around(one)).doesNotContain(other);
    }

    @Test
    void around_isExactlyWhatIsSeparated() {
        Random random = new Random(7);
        for (int i = 0; i < 2_000; i++) {
            String one = word(random);
            String other = word(random);
            assertThat(OneError.around(one).contains(other))
                    .as("%s, %s", one, other)
                    .isEqualTo(OneError.separates(one, other));
        }
    }

    /** Of two letters, so that some are alike. */
    private static String word(Random random) {
        return random.ints(1 + random.nextInt(5), 'a', 'c')
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }
}
