package miroir.index.value;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashSet;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class WordStartsTest {
    private static final String LETTER = "𝒳";

    @Test
    void of_text_hasItFromEachWordOn() {
        assertThat(WordStarts.of("jean pierre de l'isle"))
                .containsExactly("jean pierre de l'isle", "pierre de l'isle", "de l'isle", "l'isle");
        assertThat(WordStarts.of("la la")).containsExactly("la la", "la");
        assertThat(WordStarts.of("x")).containsExactly("x");
        assertThat(WordStarts.of("")).isEmpty();
    }

    @Test
    void of_longText_isCutAsWhatIsLookedUp() {
        String word = "a".repeat(39);
        assertThat(WordStarts.of(word + "bcd")).containsExactly(word + "b");
        assertThat(WordStarts.cut(word + "bcd")).isEqualTo(word + "b");
        assertThat(WordStarts.cut(word)).isEqualTo(word);
    }

    @Test
    void cut_letterOfTwoCharacters_staysWhole() {
        String word = "a".repeat(39) + LETTER + "z";
        assertThat(WordStarts.cut(word)).isEqualTo("a".repeat(39));
        assertThat(WordStarts.of(word)).containsExactly("a".repeat(39));
        assertThat(WordStarts.cut("a".repeat(38) + LETTER + "z")).isEqualTo("a".repeat(38) + LETTER);
    }

    @Test
    void addAll_thousandsOfWords_keepsTheFirstAndTheBeginningOfEachText() {
        String many = IntStream.range(0, 5_000).mapToObj(i -> "w" + i).collect(Collectors.joining(" "));
        Set<String> starts = new LinkedHashSet<>();
        WordStarts.addAll(many, starts);
        WordStarts.addAll("another text", starts);
        assertThat(starts).hasSize(1_001).contains("another text").doesNotContain("text");
        assertThat(starts).allMatch(each -> each.length() <= 40);
    }
}
