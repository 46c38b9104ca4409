package miroir.index.registry;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import miroir.index.SearchParameter;
import miroir.index.SearchParameter.Component;
import miroir.index.SearchParameterRegistry;
import miroir.index.SearchParameterType;
import miroir.index.generated.GeneratedFile;
import miroir.index.generated.Proves;
import miroir.index.structure.Structures;
import org.junit.jupiter.api.Test;

final class StandardParametersTest {
    private final Set<String> all = Structures.r4().resourceTypes();
    private final SearchParameterRegistry registry = SearchParameterRegistry.of(all, StandardParameters.of(all));

    @Test
    void table_isWhatTheGeneratorMakes() {
        GeneratedFile.at("index-engine/src/main/resources/miroir/index/registry/standard-parameters.tsv")
                .assertIs(StandardParametersTable.generate());
    }

    @Test
    void everyType_hasTheCommonOnes() {
        assertThat(all)
                .allSatisfy(type -> assertThat(registry.of(type))
                        .extracting(SearchParameter::code)
                        .contains("_id", "_lastUpdated", "_tag", "_profile", "_security", "_source", "_language"));
    }

    /** R4 has 1,706 pairs of type and code: 1,697 on types, 8 on Resource, 1 on DomainResource. */
    @Test
    @Proves("every parameter of R4 is known")
    void count_isThatOfTheSpecification() {
        int withoutExpression = 3; // _text, _content, _query
        int withinBundles = 2; // composition, message
        int common = 9 - withoutExpression + 1; // and _language
        int total = all.stream().mapToInt(type -> registry.of(type).size()).sum();
        assertThat(total).isEqualTo(1_697 - withinBundles + common * all.size());
    }

    @Test
    void union_isSplitByType() {
        assertThat(find("Patient", "family").expression()).isEqualTo("Patient.name.family");
        assertThat(find("RiskAssessment", "date").expression()).isEqualTo("(RiskAssessment.occurrence as dateTime)");
        assertThat(find("InsurancePlan", "name").expression()).isEqualTo("InsurancePlan.name | InsurancePlan.alias");
        assertThat(find("Patient", "family").description()).isEqualTo("A portion of the family name of the patient");
    }

    @Test
    void commonExpression_startsAtTheType() {
        assertThat(find("Device", "_lastUpdated").expression()).isEqualTo("Device.meta.lastUpdated");
        assertThat(find("Device", "_lastUpdated").indexName()).isEqualTo("lastupdated");
    }

    @Test
    void composite_knowsItsComponents() {
        SearchParameter composite = find("Observation", "code-value-quantity");
        assertThat(composite.expression()).isEqualTo("Observation");
        assertThat(composite.components())
                .containsExactly(
                        new Component("code", SearchParameterType.TOKEN, "code"),
                        new Component("value-quantity", SearchParameterType.QUANTITY, "value.as(Quantity)"));
    }

    @Test
    void reference_knowsItsTargets() {
        assertThat(find("PractitionerRole", "practitioner").targets()).containsExactly("Practitioner");
        assertThat(find("Observation", "patient").targets()).containsExactly("Patient");
        assertThat(find("Observation", "focus").targets()).isEmpty();
        assertThat(find("Observation", "patient").definition())
                .isEqualTo("http://hl7.org/fhir/SearchParameter/clinical-patient");
    }

    @Test
    void otherTypes_areLeftOut() {
        List<SearchParameter> some = StandardParameters.of(Set.of("Device"));
        assertThat(some).extracting(SearchParameter::type).containsOnly("Device");
    }

    private SearchParameter find(String type, String code) {
        return requireNonNull(registry.find(type, code), type + "." + code);
    }
}
