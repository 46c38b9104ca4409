package miroir.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import miroir.index.IndexKey;
import miroir.index.SearchParameter;
import miroir.index.SearchParameterRegistry;
import miroir.index.SearchParameterType;
import org.junit.jupiter.api.Test;

final class TypeIndexesTest {
    @Test
    void ofSearches_eachType_hasTheFieldsThatItsConditionsUse() {
        assertThat(names(
                        parameter("a", SearchParameterType.TOKEN, true),
                        parameter("b", SearchParameterType.STRING, true),
                        parameter("c", SearchParameterType.REFERENCE, true),
                        parameter("d", SearchParameterType.QUANTITY, true),
                        parameter("e", SearchParameterType.URI, true),
                        parameter("f", SearchParameterType.SPECIAL, true)))
                .containsExactly(
                        "t_lastupdated_1_n_1",
                        "t_a-value_1_n_1",
                        "t_b-3g_1_n_1",
                        "t_c-reference_1_n_1",
                        "t_c-id_1_n_1",
                        "t_d.s_1_t_d.e_1",
                        "t_d.e_1_n_1",
                        "t_e_1_n_1");
    }

    /** MongoDB allows 64 with that of _id, and one is an operator's own. */
    @Test
    void ofTheStore_withAsManyAsParametersMayHave_areSixtyThree() {
        TypeIndexes none = new TypeIndexes(SearchParameterRegistry.of(List.of("Patient"), List.of()));
        int ofTheStore =
                1 + TypeIndexes.ofPositions().size() + none.ofCurrent("Patient").size();

        assertThat(ofTheStore).isEqualTo(8);
        assertThat(ofTheStore + IndexKey.AT_MOST).isEqualTo(63);
    }

    @Test
    void ofSearches_parameterNotIndexedOrBuiltIn_hasNone() {
        assertThat(names(
                        parameter("a", SearchParameterType.TOKEN, false),
                        parameter("_id", SearchParameterType.TOKEN, true),
                        parameter("_lastUpdated", SearchParameterType.DATE, true)))
                .containsExactly("t_lastupdated_1_n_1");
    }

    @Test
    void ofSearches_composite_isFoundByItsFirstComponent() {
        SearchParameter composite = new SearchParameter(
                "Observation",
                "code-value",
                SearchParameterType.COMPOSITE,
                "Observation",
                "code-value",
                true,
                false,
                "",
                "",
                List.of(),
                List.of(
                        new SearchParameter.Component("code", SearchParameterType.TOKEN, "code"),
                        new SearchParameter.Component("value", SearchParameterType.QUANTITY, "value")),
                "test");

        assertThat(names(composite)).containsExactly("t_lastupdated_1_n_1", "t_code-value-tuple.code-value_1_n_1");
    }

    @Test
    void ofSearches_twoParametersOnOneField_shareAnIndex() {
        SearchParameter one = parameter("phone", SearchParameterType.TOKEN, true);
        SearchParameter other = new SearchParameter(
                "Observation",
                "telecom",
                SearchParameterType.TOKEN,
                "",
                "phone",
                true,
                false,
                "",
                "",
                List.of(),
                List.of(),
                "test");

        assertThat(names(one, other)).containsExactly("t_lastupdated_1_n_1", "t_phone-value_1_n_1");
    }

    @Test
    void ofSearches_referenceToFewTypes_needsNoIndexOnIds() {
        SearchParameter reference = new SearchParameter(
                "Observation",
                "encounter",
                SearchParameterType.REFERENCE,
                "",
                "encounter",
                true,
                false,
                "",
                "",
                List.of("Encounter"),
                List.of(),
                "test");

        assertThat(names(reference)).containsExactly("t_lastupdated_1_n_1", "t_encounter-reference_1_n_1");
    }

    @Test
    void leftOut_moreThanThereIsRoomFor_namesThem() {
        TypeIndexes indexes = indexes(IntStream.range(0, 70)
                .mapToObj(i -> parameter("p" + i, SearchParameterType.TOKEN, true))
                .toArray(SearchParameter[]::new));

        assertThat(indexes.ofSearches("Observation")).hasSize(IndexKey.AT_MOST + 1);
        assertThat(TypeIndexes.ofPositions().size()
                        + indexes.ofCurrent("Observation").size())
                .as("MongoDB has room for 64, of which one is on ids and one is an operator's")
                .isEqualTo(62);
        assertThat(indexes.leftOut("Observation"))
                .hasSize(70 - IndexKey.AT_MOST)
                .startsWith("p55")
                .endsWith("p69");
        assertThat(indexes.on("Observation", "t_p69-value")).isNull();
    }

    private static List<String> names(SearchParameter... parameters) {
        return indexes(parameters).ofSearches("Observation").stream()
                .map(WantedIndex::name)
                .toList();
    }

    private static TypeIndexes indexes(SearchParameter... parameters) {
        return new TypeIndexes(SearchParameterRegistry.of(List.of("Observation"), List.of(parameters)));
    }

    private static SearchParameter parameter(String code, SearchParameterType type, boolean indexed) {
        return new SearchParameter(
                "Observation", code, type, "", code, indexed, false, "", "", List.of(), List.of(), "test");
    }
}
