package miroir.server.format;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PreferenceTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            return=minimal                                     | return=minimal
            RETURN=Minimal                                     | return=minimal
            return="OperationOutcome"                          | return=OperationOutcome
            return = operationoutcome                          | return=OperationOutcome
            handling=lenient, return=minimal                   | return=minimal
            handling=lenient & return=minimal                  | return=minimal
            return=minimal, return=representation              | return=minimal
            return=minimal & return=representation             | return=minimal
            return=minimal; level=2, wait=10                   | return=minimal
            wait=10; return=minimal                            | none
            note="a, return=minimal"                           | none
            note="a \\" , return=minimal", return=representation | return=representation
            return=everything                                  | none
            return=everything, return=minimal                  | none
            return                                             | none
            returned=minimal                                   | none
            respond-async                                      | none
            ``                                                 | none
            """)
    void of_headers_isTheFirstOfThatNameIfItIsKnown(String headers, String expected) {
        String found = Preference.of(
                        Arrays.asList(headers.split("&", -1)),
                        "return",
                        "minimal",
                        "representation",
                        "OperationOutcome")
                .map(Preference::toString)
                .orElse("none");

        assertThat(found).isEqualTo(expected);
    }
}
