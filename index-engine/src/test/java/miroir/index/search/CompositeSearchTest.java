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

/** Composites from JSON to the ids that a query finds. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CompositeSearchTest {
    private static final String LOINC = "http://loinc.org";

    private final SearchedStore store = new SearchedStore("Observation", "Group", "ValueSet", "DocumentReference");

    @BeforeAll
    void fill() {
        store.put("Observation", "pressure", """
                {"resourceType":"Observation","id":"pressure","status":"final","code":{"text":"pressure"},"component":[
                 {"code":{"coding":[{"system":"http://loinc.org","code":"8480-6"}]},"valueQuantity":{"value":107,"unit":"mmHg"}},
                 {"code":{"coding":[{"system":"http://loinc.org","code":"8462-4"}]},"valueQuantity":{"value":60,"unit":"mmHg"}}]}""");
        store.put("Observation", "weight", """
                {"resourceType":"Observation","id":"weight","status":"final","effectiveDateTime":"2024-02-03",
                 "code":{"coding":[{"system":"http://loinc.org","code":"29463-7"},{"system":"s","code":"a$b,c|d"}]},
                 "valueQuantity":{"value":72.5,"system":"http://unitsofmeasure.org","code":"kg"}}""");
        store.put("Observation", "words", """
                {"resourceType":"Observation","id":"words","status":"final","code":{"coding":[{"code":"w"}]},"valueString":"Très bien"}""");
        store.put("Observation", "day", """
                {"resourceType":"Observation","id":"day","status":"final","code":{"coding":[{"code":"d"}]},"valueDateTime":"2024-02-03"}""");
        store.put("DocumentReference", "doc", """
                {"resourceType":"DocumentReference","id":"doc","status":"current","content":[{"attachment":{"url":"http://x"}}],
                 "relatesTo":[{"code":"replaces","target":{"reference":"DocumentReference/old"}},
                              {"code":"appends","target":{"reference":"DocumentReference/other"}}]}""");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "Observation; component-code-value-quantity=http://loinc.org|8480-6$gt100; pressure",
                "Observation; component-code-value-quantity=8480-6$lt100; ''",
                "Observation; component-code-value-quantity=8462-4$lt100; pressure",
                "Observation; component-code-value-quantity=8480-6$lt100,8462-4$60; pressure",
                "Observation; component-code-value-quantity=8480-6$107||mmHg; pressure",
                "Observation; component-code-value-quantity=8480-6$107||kg; ''",
                "Observation; combo-code-value-quantity=29463-7$72.5; weight",
                "Observation; code-value-quantity=a\\$b\\,c\\|d$72.5|http://unitsofmeasure.org|kg; weight",
                "Observation; code-value-quantity=29463-7$ap70&code-value-quantity=29463-7$gt80; ''",
                "Observation; code-value-date=d$2024-02; day",
                "Observation; code-value-date=d$lt2024; ''",
                "Observation; code-value-string=w$tres; words",
                "Observation; code-value-string=w$bien; ''",
                "Observation; code-value-quantity:missing=true; pressure words day",
                "Observation; code-value-quantity:missing=false; weight",
                "DocumentReference; relationship=DocumentReference/old$replaces; doc",
                "DocumentReference; relationship=old$replaces; doc",
                "DocumentReference; relationship=DocumentReference/old$appends; ''",
            })
    @Proves({
        "composite",
        "composite, parts of one element",
        "composite, alternatives",
        "composite, prefixes and escapes in its parts",
        "composite :missing"
    })
    void find_byComposite(String type, String query, String ids) {
        assertThat(store.find(type, query.replace("|", "%7C").replace("\\", "%5C")))
                .isEqualTo(ids.isEmpty() ? List.of() : List.of(ids.split(" ")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "code-value-quantity=29463-7",
                "code-value-quantity=29463-7$",
                "code-value-quantity=$72",
                "code-value-quantity=a$b$c",
                "code-value-quantity=a$b",
                "code-value-quantity=a$72,",
                "code-value-quantity=",
                "code-value-quantity:exact=a$72",
            })
    void find_byWhatIsNoComposite_isRefused(String query) {
        assertThatThrownBy(() -> store.find("Observation", query))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("code-value-quantity");
    }

    @ParameterizedTest
    @ValueSource(strings = {LOINC + "|29463-7$72.5", "29463-7$72.5"})
    void self_ofAComposite_findsTheSame(String value) {
        String query = QueryParameter.encode(List.of(new QueryParameter("code-value-quantity", value)));

        assertThat(store.find("Observation", query)).containsExactly("weight");
    }
}
