package miroir.server.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import miroir.index.Refusal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AskedNameTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Élodie LEFÈVRE        | elodie lefevre | '' | ''",
                "MARTIN, Jean          | martin jean    | '' | ''",
                "J. Dupont             | dupont         | j  | ''",
                "J.-P. Dupont          | dupont         | jp | ''",
                "Jean-Pierre Dupont    | jean pierre dupont | '' | ''",
                "Marie de la Tour      | marie tour     | '' | dela",
                "Dr Marie Curie        | marie curie    | '' | ''",
                "M                     | ''             | m  | ''",
                "de la                 | de la          | '' | ''",
                "Le Goff               | goff           | '' | le",
                "D'Angelo              | d'angelo       | '' | ''",
            })
    void of_tellsWordsFromTheRest(String typed, String words, String initials, String particles) {
        AskedName name = AskedName.of("name", typed);

        assertThat(String.join(
                        " ", name.words().stream().map(AskedName.Word::text).toList()))
                .isEqualTo(words);
        assertThat(String.join("", name.initials())).isEqualTo(initials);
        assertThat(String.join("", name.particles())).isEqualTo(particles);
    }

    @Test
    void word_behindParticles_mayBeWrittenAsOne() {
        AskedName.Word tour = AskedName.of("family", "de la Tour").words().get(0);

        assertThat(tour.spellings()).containsExactly("delatour", "latour");
        assertThat(tour.wholes()).containsExactly("tour", "de la tour");
    }

    @Test
    void word_withAnApostrophe_mayBeWrittenWithout() {
        assertThat(AskedName.of("family", "D’Angelo").words().get(0).spellings())
                .containsExactly("d angelo", "dangelo");
    }

    @ParameterizedTest
    @CsvSource({"'. , .', letter", "a b c d e f g h i, at most 8"})
    void of_whatIsNoName_isRefused(String typed, String said) {
        assertThatThrownBy(() -> AskedName.of("name", typed))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining(said);
    }

    @Test
    void of_veryLong_isRefused() {
        assertThatThrownBy(() -> AskedName.of("name", "x".repeat(101)))
                .isInstanceOf(Refusal.class)
                .hasMessage("name has 101 characters; allowed are at most 100");
    }
}
