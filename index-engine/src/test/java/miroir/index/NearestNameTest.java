package miroir.index;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class NearestNameTest {
    private static final List<String> KNOWN = List.of("name", "given", "family", "identifier", "identifier-type");

    @Test
    void of_findsAMisspelling() {
        assertThat(NearestName.of("famliy", KNOWN)).contains("family");
        assertThat(NearestName.of("Identifer", KNOWN)).contains("identifier");
        assertThat(NearestName.of("IDENTIFIER-TYPE", KNOWN)).contains("identifier-type");
        assertThat(NearestName.of("nom", KNOWN)).isEmpty();
        assertThat(NearestName.of("birthdate", KNOWN)).isEmpty();
        assertThat(NearestName.of("", KNOWN)).isEmpty();
    }

    @Test
    void hint_namesTheGuessAndWhatIsAllowed() {
        assertThat(NearestName.hint("givne", List.of("given", "name")))
                .isEqualTo("did you mean \"given\"? Allowed are given, name");
        assertThat(NearestName.hint("x", List.of("given", "name"))).isEqualTo("allowed are given, name");
    }
}
