package miroir.index.value;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class TrigramsTest {
    @Test
    void of_word_hasTheAnchoredGramsFirst() {
        assertThat(Trigrams.of("marie")).containsExactly("^m", "^ma", "mar", "ari", "rie");
    }

    @Test
    void of_repeatedGram_isKeptOnce() {
        assertThat(Trigrams.of("nananana")).containsExactly("^n", "^na", "nan", "ana");
    }

    @Test
    void of_shortTexts_keepsWhatThereIs() {
        assertThat(Trigrams.of("")).isEmpty();
        assertThat(Trigrams.of("a")).containsExactly("^a");
        assertThat(Trigrams.of("ab")).containsExactly("^a", "^ab");
    }

    @Test
    void of_lettersBeyondTheBasicPlane_areNotSplit() {
        assertThat(Trigrams.of("𝒳b𝒴c")).containsExactly("^𝒳", "^𝒳b", "𝒳b𝒴", "b𝒴c");
    }

    @Test
    void ofPrefix_byLength() {
        assertThat(Trigrams.ofPrefix("")).isEmpty();
        assertThat(Trigrams.ofPrefix("m")).containsExactly("^m");
        assertThat(Trigrams.ofPrefix("ma")).containsExactly("^ma");
        assertThat(Trigrams.ofPrefix("mar")).containsExactly("^ma", "mar");
    }

    @Test
    void ofInfix_byLength() {
        assertThat(Trigrams.ofInfix("")).isEmpty();
        assertThat(Trigrams.ofInfix("ar")).isEmpty();
        assertThat(Trigrams.ofInfix("ari")).containsExactly("ari");
        assertThat(Trigrams.ofInfix("arie")).containsExactly("ari", "rie");
    }

    @Test
    void needles_ofAnyText_askOnlyForStoredGrams() {
        Random random = new Random(31);
        for (int round = 0; round < 5_000; round++) {
            String text = word(random, 1 + random.nextInt(12));
            int from = random.nextInt(text.length());
            int to = from + 1 + random.nextInt(text.length() - from);
            assertThat(Trigrams.of(text)).containsAll(Trigrams.ofPrefix(text.substring(0, to)));
            assertThat(Trigrams.of(text)).containsAll(Trigrams.ofInfix(text.substring(from, to)));
        }
    }

    private static String word(Random random, int length) {
        StringBuilder word = new StringBuilder();
        for (int i = 0; i < length; i++) {
            word.append((char) ('a' + random.nextInt(4)));
        }
        return word.toString();
    }
}
