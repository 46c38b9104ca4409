package miroir.index.terminology;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class LabelWordsTest {

    @ParameterizedTest
    @CsvSource(
            value = {
                "médecin; Médecin; whole",
                "dentiste; Chirurgien-Dentiste; whole",
                "dentistes; Chirurgien-Dentiste; whole",
                "sages-femmes; Sage-Femme; whole",
                "urgences; Médecine d'urgence (SM); whole",
                "medecine generale; Qualifié en Médecine générale (SM); whole",
                "générale médecine; Médecine générale (SM); whole",
                "kinésithérapeute; Masseur-Kinésithérapeute; whole",
                "médecine de la douleur; Médecine de la douleur et Médecine palliative (DNQ); whole",
                "cardiologue; Cardiologie et Maladies vasculaires (SM); alike",
                "psychiatre; Psychiatrie (SM); alike",
                "pédiatres; Pédiatrie (SM); alike",
                "infirmière; Infirmier; alike",
                "pharmacienne; Pharmacien; alike",
                "anesthésiste; Anesthésie-réanimation (SM); alike",
                "chirurgien; Chirurgie générale (SM); alike",
                "généraliste; Médecine générale (SM); alike",
                "cardio; Cardiologie et Maladies vasculaires (SM); alike",
                "médecin; Médecine du travail (SM); alike",
                "cardiologue; Neurologie (SM); no",
                "neurologue; Neurochirurgie (SM); no",
                "ie; Cardiologie; no",
                "cardiologie pédiatrique; Cardiologie; no",
                "de; Médecine de la douleur; no",
                "'!'; Médecin; no"
            },
            delimiter = ';')
    void of_wordsOfPeople_meanTheLabel(String words, String label, String how) {
        LabelWords asked = LabelWords.of(words);
        LabelWords of = LabelWords.of(label);

        assertThat(asked.areIn(of)).isEqualTo(how.equals("whole"));
        assertThat(asked.areIn(of) || asked.areLike(of)).isEqualTo(!how.equals("no"));
    }
}
