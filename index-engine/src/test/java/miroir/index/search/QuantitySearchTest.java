package miroir.index.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import miroir.index.Refusal;
import miroir.index.generated.Proves;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Numbers and quantities from JSON to the ids that a query finds. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class QuantitySearchTest {
    private static final String UCUM = "\"system\":\"http://unitsofmeasure.org\"";

    private final SearchedStore store =
            new SearchedStore("RiskAssessment", "Observation", "MolecularSequence", "Condition");

    @BeforeAll
    void fill() {
        for (String value : List.of("99.5", "100", "100.4", "100.5", "100.00", "99.499", "50", "149.9", "150", "110")) {
            risk(value, "{\"probabilityDecimal\":" + value + "}");
        }
        risk("range", "{\"probabilityRange\":{\"low\":{\"value\":2},\"high\":{\"value\":3}}}");
        risk("from", "{\"probabilityRange\":{\"low\":{\"value\":-7}}}");
        risk("two", "{\"probabilityDecimal\":-1},{\"probabilityDecimal\":0}");
        risk("none", "{}");
        observation("mg", "{\"value\":5.4,\"unit\":\"milligram\"," + UCUM + ",\"code\":\"mg\"}");
        observation("mg2", "{\"value\":5.40,\"unit\":\"mg\"}");
        observation("g", "{\"value\":5.4," + UCUM + ",\"code\":\"g\"}");
        observation("less", "{\"value\":60,\"comparator\":\"<\",\"unit\":\"a|b\"}");
        observation("more", "{\"value\":60,\"comparator\":\">\"}");
        observation("least", "{\"value\":60,\"comparator\":\">=\"}");
        store.put("Observation", "none", """
                {"resourceType":"Observation","id":"none","status":"final","code":{"text":"x"}}""");
        store.put("MolecularSequence", "s", """
                {"resourceType":"MolecularSequence","id":"s","coordinateSystem":0,"variant":[{"start":128,"end":130},{"start":7}]}""");
    }

    private void risk(String id, String prediction) {
        store.put("RiskAssessment", id, """
                {"resourceType":"RiskAssessment","id":"%s","status":"final","subject":{"reference":"Patient/1"},"prediction":[%s]}""".formatted(
                        id, prediction.equals("{}") ? "{\"rationale\":\"x\"}" : prediction));
    }

    private void observation(String id, String quantity) {
        store.put("Observation", id, """
                {"resourceType":"Observation","id":"%s","status":"final","code":{"text":"x"},"valueQuantity":%s}""".formatted(id, quantity));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "100; 99.5 100 100.4 100.00",
                "eq100; 99.5 100 100.4 100.00",
                "0100; 99.5 100 100.4 100.00",
                "100.00; 100 100.00",
                "100.5; 100.5",
                "1.00e2; 99.5 100 100.4 100.00",
                "1.0E2; 99.5 100 100.4 100.5 100.00 99.499",
                "1e2; 99.5 100 100.4 100.5 100.00 99.499 50 149.9 110",
                "10e+1; 99.5 100 100.4 100.5 100.00 99.499",
                "0; two",
                "-0; two",
                "-1; two",
                "-1.0; two",
                "-0.4; ''",
                "2; ''",
                "3e0; ''",
                "gt100; 100.4 100.5 149.9 150 110 from",
                "ge100; 100 100.4 100.5 100.00 149.9 150 110 from",
                "ge100.4; 100.4 100.5 149.9 150 110 from",
                "lt50; range from two",
                "le50; 50 range from two",
                "sa110; 149.9 150",
                "sa2; 99.5 100 100.4 100.5 100.00 99.499 50 149.9 150 110",
                "sa1.999; 99.5 100 100.4 100.5 100.00 99.499 50 149.9 150 110 range",
                "gt3&lt50; from",
                "ge3&lt50; range from",
                "eb3; two",
                "eb3.01; range two",
                "ne1e2; 150 range from two",
                "ap100; 99.5 100 100.4 100.5 100.00 99.499 110 from",
                "ap2; range from",
                "ap-1; from two",
                "ap0; from two",
                "100.4,150.0; 100.4 150",
            })
    @Proves({
        "number, by its digits",
        "number with an exponent",
        "number eq",
        "number ne",
        "number gt",
        "number lt",
        "number ge",
        "number le",
        "number sa",
        "number eb",
        "number ap"
    })
    void search_number_findsThese(String value, String expected) {
        assertThat(store.find(
                        "RiskAssessment",
                        "probability=" + value.replace("&", "&probability=").replace("+", "%2B")))
                .isEqualTo(words(expected));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "RiskAssessment; probability:missing=true; none",
                "RiskAssessment; probability:missing=false&probability=ge110; 149.9 150 110 from",
                "Observation; value-quantity:missing=true; none",
                "Observation; value-quantity:missing=false&value-quantity=5.4; mg mg2 g",
            })
    @Proves({"number :missing", "quantity :missing"})
    void search_missing_findsThese(String type, String query, String expected) {
        assertThat(store.find(type, query)).isEqualTo(words(expected));
    }

    // R4: against integers, zeros behind the point do not matter, and other digits there find nothing.
    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "variant-start=128; s",
                "variant-start=128.00; s",
                "variant-start=128.1; ''",
                "variant-start=7.0; s",
                "variant-start=gt7&variant-start=lt128; s",
                "variant-end=ne130; ''",
                "variant-start=ne128; s",
            })
    @Proves("number, integers exactly")
    void search_integer_isExact(String query, String expected) {
        assertThat(store.find("MolecularSequence", query)).isEqualTo(words(expected));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "5.4; mg mg2 g",
                "5.40; mg mg2 g",
                "5.4|http://unitsofmeasure.org|mg; mg",
                "5.40e0|http://unitsofmeasure.org|g; g",
                "5.4|http://unitsofmeasure.org|; mg g",
                "5.4||mg; mg mg2",
                "5.4||milligram; mg",
                "5.4|http://unitsofmeasure.org|milligram; ''",
                "5.4|http://other|mg; ''",
                "0.0054|http://unitsofmeasure.org|g; ''",
                "ne6||mg; mg mg2",
                "ne5.4||mg; ''",
                "lt60||a\\|b; less",
                "60; ''",
                "lt60; mg mg2 g less",
                "le60; mg mg2 g less least",
                "gt60; more least",
                "ge60; more least",
                "sa60; more",
                "sa59.9; more least",
                "eb60; mg mg2 g less",
                "ap1000; more least",
            })
    @Proves({
        "quantity, number only",
        "quantity, number|system|code",
        "quantity, number||unit",
        "quantity, comparator of the stored value",
        "quantity, units converted",
        "quantity eq",
        "quantity ne",
        "quantity gt",
        "quantity lt",
        "quantity ge",
        "quantity le",
        "quantity sa",
        "quantity eb",
        "quantity ap"
    })
    void search_quantity_findsThese(String value, String expected) {
        assertThat(store.find("Observation", "value-quantity=" + value.replace("|", "%7C")))
                .isEqualTo(words(expected));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "x",
                "gt",
                "gt 5",
                "xx5",
                "GT5",
                "+5",
                ".5",
                "5.",
                "1e",
                "1e 2",
                "1e99999",
                "1e9999999999",
                "NaN",
                "Infinity",
                "0x10",
                "1_000",
                "１",
                "5|mg",
                "5||",
                "5|a|b|c",
                "|s|c",
                "12345678901234567890123456789012345",
                "0.000000000000000000000000000000000000000000000000000000000000000001",
            })
    void parse_whatIsNoQuantity_isRefused(String value) {
        assertThatThrownBy(() -> store.find(
                        "Observation",
                        "value-quantity="
                                + value.replace("|", "%7C").replace("+", "%2B").replace(" ", "%20")))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining(value.isEmpty() ? "empty" : "allowed are")
                .extracting(e -> ((Refusal) e).reason())
                .isEqualTo(Refusal.Reason.INVALID);
    }

    private static List<String> words(String text) {
        return text.isEmpty() ? List.of() : List.of(text.split(" ", -1));
    }
}
