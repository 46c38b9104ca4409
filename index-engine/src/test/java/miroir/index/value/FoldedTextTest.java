package miroir.index.value;

import static org.assertj.core.api.Assertions.assertThat;

import java.text.Normalizer;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FoldedTextTest {
    @ParameterizedTest
    @CsvSource(delimiter = '=', quoteCharacter = '"', textBlock = """
            Élodie=elodie
            É=e
            MÜLLER-LÜDENSCHEIDT=muller ludenscheidt
            SAINT ETIENNE=saint etienne
            Saint-Étienne=saint etienne
            L’Haÿ-les-Roses=l'hay les roses
            -les--bains- -=les bains
            Ørsted Łódź Þór Đorđe ﬁn ﬂeur aﬃche Ĳssel=orsted lodz thor dorde fin fleur affiche ijssel
            L’Hôte=l'hote
            D`Artagnan=d'artagnan
            Sœur Œdipe=soeur oedipe
            Cæsar ÆTHER=caesar aether
            Straße GROẞ=strasse gross
            Saint‐Denis – Nord − Sud=saint denis nord sud
            "  a \t b  c\n"=a b c
            co\u00adop=coop
            İstanbul=istanbul
            ΟΔΟΣ=οδοσ
            Ελλάς=ελλασ
            already folded=already folded
            trailing =trailing
            """)
    void fold_table(String text, String folded) {
        assertThat(FoldedText.fold(text)).isEqualTo(folded);
    }

    @Test
    void fold_whiteSpaceOnly_isEmpty() {
        assertThat(FoldedText.fold(" \u00a0\t\n ")).isEmpty();
        assertThat(FoldedText.fold("")).isEmpty();
    }

    @Test
    void fold_foldedAlready_returnsTheSameObject() {
        String text = "rue de l'eglise 12";
        assertThat(FoldedText.fold(text)).isSameAs(text);
    }

    @Test
    void fold_everyCodePoint_isIdempotentAndBlindToNormalisation() {
        for (int c = 1; c <= Character.MAX_CODE_POINT; c++) {
            if (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE) {
                continue;
            }
            String text = "a" + Character.toString(c) + "b";
            String folded = FoldedText.fold(text);
            if (!FoldedText.fold(folded).equals(folded)
                    || !FoldedText.fold(Normalizer.normalize(text, Normalizer.Form.NFC))
                            .equals(folded)) {
                assertThat(text).as("code point U+%04X folds to %s", c, folded).isNull();
            }
        }
    }

    @Test
    void fold_randomAscii_agreesWithTheUnicodePath() {
        Random random = new Random(20260721);
        for (int round = 0; round < 20_000; round++) {
            StringBuilder text = new StringBuilder();
            for (int i = random.nextInt(12); i > 0; i--) {
                text.append((char) (random.nextInt(4) == 0 ? ' ' : 1 + random.nextInt(127)));
            }
            String withMark = text + "\u0301";
            assertThat(FoldedText.fold(text.toString())).as("text %s", text).isEqualTo(FoldedText.fold(withMark));
        }
    }
}
