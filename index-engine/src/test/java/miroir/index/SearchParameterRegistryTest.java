package miroir.index;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SearchParameterRegistryTest {

    @Test
    void of_moreIndexesThanThereIsRoomFor_leavesTheLastOut() {
        List<SearchParameter> parameters = new ArrayList<>(IntStream.range(0, IndexKey.AT_MOST - 1)
                .mapToObj(i -> parameter("p" + i, SearchParameterType.TOKEN))
                .toList());
        parameters.add(parameter("needs-two", SearchParameterType.DATE));
        parameters.add(parameter("needs-one", SearchParameterType.TOKEN));
        parameters.add(parameter("too-late", SearchParameterType.TOKEN));
        SearchParameterRegistry registry = SearchParameterRegistry.of(List.of("Device"), parameters);

        assertThat(registry.leftOut("Device")).containsExactly("needs-two", "too-late");
        assertThat(indexed(registry, "needs-two")).isFalse();
        assertThat(indexed(registry, "needs-one")).isTrue();
        assertThat(registry.of("Device").stream()
                        .filter(SearchParameter::indexed)
                        .flatMap(parameter -> IndexKey.of(parameter).stream()))
                .hasSize(IndexKey.AT_MOST);
    }

    @Test
    void of_parameterThatNoIndexHelps_isNotIndexed() {
        SearchParameterRegistry registry = SearchParameterRegistry.of(
                List.of("Device"),
                List.of(parameter("near", SearchParameterType.SPECIAL), parameter("url", SearchParameterType.URI)));

        assertThat(indexed(registry, "near")).isFalse();
        assertThat(indexed(registry, "url")).isTrue();
        assertThat(registry.leftOut("Device")).as("no room would help it").isEmpty();
    }

    @Test
    void of_whatTheStoreKeepsItself_isIndexedWhateverIsSaid() {
        SearchParameter id = parameter("_id", SearchParameterType.TOKEN).with(false, false);
        SearchParameterRegistry registry = SearchParameterRegistry.of(List.of("Device"), List.of(id));

        assertThat(indexed(registry, "_id")).isTrue();
        assertThat(IndexKey.of(id)).isEmpty();
    }

    @Test
    void keys_ofTypes_sayWhetherTheyKeepTheOrder() {
        assertThat(IndexKey.of(parameter("a", SearchParameterType.TOKEN)))
                .isEqualTo(List.of(new IndexKey(List.of("t_a-value"), true)));
        assertThat(IndexKey.of(parameter("a", SearchParameterType.QUANTITY)))
                .containsExactly(new IndexKey(List.of("t_a.s", "t_a.e"), false), new IndexKey(List.of("t_a.e"), true));
    }

    private static boolean indexed(SearchParameterRegistry registry, String code) {
        return Objects.requireNonNull(registry.find("Device", code)).indexed();
    }

    private static SearchParameter parameter(String code, SearchParameterType type) {
        return new SearchParameter("Device", code, type, "", code, true, false, "", "", List.of(), List.of(), "test");
    }
}
