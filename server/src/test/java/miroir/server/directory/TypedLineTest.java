package miroir.server.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import miroir.index.Refusal;
import miroir.index.search.QueryParameter;
import miroir.server.directory.TypedLine.Reading;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class TypedLineTest {
    private static String said(Reading reading) {
        return reading.parts().stream()
                .map(part -> part.name() + "=" + part.value())
                .collect(Collectors.joining("; "));
    }

    private static List<String> readings(String typed) {
        return TypedLine.readings(typed).stream().map(TypedLineTest::said).toList();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "Martin 13005 | name=Martin; postalcode=13005",
                "13005 Martin | name=Martin; postalcode=13005",
                "13005, 13006 Martin | name=Martin; postalcode=13005,13006",
                "Martin (13) | name=Martin; department=13",
                "Martin (2a) | name=Martin; department=2a",
                "Martin dept 974 | name=Martin; department=974",
                "Martin département 13 | name=Martin; department=13",
                "Martin dép. 13 | name=Martin; department=13",
                "Martin 13 | name=Martin 13",
                "Martin dept | name=Martin dept",
                "10101201234 | identifier=10101201234",
                "martin jean@medecin.mssante.fr | name=martin; mss=jean@medecin.mssante.fr",
                "@medecin.mssante.fr | mss=@medecin.mssante.fr",
                "Martin \"Clinique Saint-Joseph\" | name=Martin; organization=Clinique Saint-Joseph",
                "« Clinique du Parc » Martin | name=Martin; organization=Clinique du Parc",
                "“Clinique du Parc” 69003 | organization=Clinique du Parc; postalcode=69003",
                "Martin \"unclosed | name=Martin unclosed",
                "Élodie LEFÈVRE | name=Élodie LEFÈVRE",
                "Dr J.-P. d'Ormesson | name=Dr J.-P. d'Ormesson",
                "Martin ; – · / ! | name=Martin",
                "123456 Martin | name=123456 Martin"
            })
    void line_certainParts_areTakenForWhatTheyAre(String typed, String first) {
        assertThat(readings(typed).get(0)).isEqualTo(first);
    }

    @Test
    void line_blanksOfAnyKind_separateWords() {
        assertThat(readings(" \t Martin\u00a0\u202f13005\n").get(0)).isEqualTo("name=Martin; postalcode=13005");
    }

    @Test
    void line_oneWord_isANameFirst() {
        assertThat(readings("Marseille"))
                .containsExactly("name=Marseille", "city=Marseille", "specialty=Marseille", "organization=Marseille");
    }

    @Test
    void line_twoWords_areReadInTheOrderOfLikelihood() {
        assertThat(readings("Martin Brest 29200"))
                .containsExactly(
                        "name=Martin Brest; postalcode=29200",
                        "name=Martin; city=Brest; postalcode=29200",
                        "name=Martin; specialty=Brest; postalcode=29200",
                        "specialty=Martin; name=Brest; postalcode=29200",
                        "specialty=Martin; city=Brest; postalcode=29200",
                        "city=Martin; name=Brest; postalcode=29200",
                        "city=Martin Brest; postalcode=29200",
                        "specialty=Martin Brest; postalcode=29200",
                        "organization=Martin Brest; postalcode=29200",
                        "name=Martin; organization=Brest; postalcode=29200");
    }

    /** Who says La Rochelle does not mean Rochelle, and who says Le Goff does not mean Le. */
    @Test
    void line_particles_stayWithWhatFollows() {
        assertThat(readings("Martin La Rochelle"))
                .contains("name=Martin; city=La Rochelle")
                .noneMatch(reading -> reading.contains("city=Rochelle"));
        assertThat(readings("Le Goff Brest"))
                .contains("name=Le Goff; city=Brest")
                .noneMatch(reading -> reading.startsWith("name=Le;"));
    }

    @Test
    void line_longTown_isFoundWithoutItsParts() {
        assertThat(readings("Martin Aix en Provence"))
                .contains("name=Martin; city=Aix en Provence", "specialty=Martin; city=Aix en Provence")
                .noneMatch(reading -> reading.contains("city=Provence") || reading.contains("city=en "));
        assertThat(readings("Jean Martin Saint Rémy de Provence"))
                .contains("name=Jean Martin; city=Saint Rémy de Provence");
    }

    @Test
    void line_whatIsQuoted_isNoOtherReading() {
        assertThat(readings("Martin \"Clinique\""))
                .allMatch(reading -> reading.endsWith("organization=Clinique"))
                .contains("name=Martin; organization=Clinique", "city=Martin; organization=Clinique");
    }

    @Test
    void line_withNothingToLookFor_isRefused() {
        for (String typed : new String[] {"", "   ", "\"\"", "« »", "- – ·", "()"}) {
            assertThatThrownBy(() -> TypedLine.readings(typed))
                    .isInstanceOf(Refusal.class)
                    .hasMessageContaining("no letter and no number");
        }
    }

    @Test
    void line_tooLong_isRefusedWithWhatIsAllowed() {
        assertThatThrownBy(() -> TypedLine.readings("x".repeat(201)))
                .isInstanceOf(Refusal.class)
                .hasMessage("q has 201 characters; allowed are at most 200");
        assertThatThrownBy(() -> TypedLine.readings("a b c d e f g h i"))
                .hasMessageContaining("9 words")
                .hasMessageContaining("at most 8");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"a\" \"b\"", "a@b.fr c@d.fr"})
    void line_saysTwiceWhatCanBeSaidOnce_isRefused(String typed) {
        assertThatThrownBy(() -> TypedLine.readings(typed))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("two");
    }

    /** Whatever is typed is refused as such, or read in few ways, none of which says a thing twice or nothing. */
    @Test
    void line_anyText_isReadOrRefused() {
        long seed = Long.getLong("miroir.seed", 20_261_129L);
        Random random = new Random(seed);
        String letters = "aZéœ'’-.,;:\"«»“”()@ \t\u00a0\n0123456789|\\$&=<>\0\uD83D\uDE00\uD800de la en";
        for (int i = 0; i < 20_000; i++) {
            StringBuilder typed = new StringBuilder();
            for (int length = random.nextInt(60); length > 0; length--) {
                typed.append(letters.charAt(random.nextInt(letters.length())));
            }
            try {
                List<Reading> readings = TypedLine.readings(typed.toString());
                assertThat(readings).as("%s, seed %d", typed, seed).isNotEmpty().doesNotHaveDuplicates();
                assertThat(readings.size()).isLessThanOrEqualTo(TypedLine.MOST);
                for (Reading reading : readings) {
                    assertThat(reading.parts())
                            .isNotEmpty()
                            .noneMatch(part -> part.value().isBlank());
                    assertThat(reading.parts()).extracting(QueryParameter::name).doesNotHaveDuplicates();
                }
            } catch (Refusal refused) {
                assertThat(refused.reason()).isEqualTo(Refusal.Reason.INVALID);
            }
        }
    }

    @Test
    void line_ofMostWords_hasMostReadingsAtMost() {
        assertThat(TypedLine.readings("a b c d e f g h")).hasSizeLessThanOrEqualTo(TypedLine.MOST);
    }
}
