package miroir.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import miroir.index.SearchParameter;
import miroir.index.SearchParameterRegistry;
import miroir.index.registry.RegistryLoader;
import miroir.index.registry.ShippedSearch;
import miroir.index.structure.Structures;
import org.junit.jupiter.api.Test;

final class ReferringParameterTest {

    /** MongoDB has room for 64 indexes. */
    @Test
    void everyType_hasItWithAnIndex_besideWhatIsShipped() {
        Set<String> types = Structures.r4().resourceTypes();
        SearchParameterRegistry registry =
                RegistryLoader.load(types, new ReferringParameter(ShippedSearch::files, types).get());

        assertThat(types).allSatisfy(type -> {
            SearchParameter parameter = registry.find(type, ReferringParameter.NAME);
            assertThat(parameter != null && parameter.indexed()).as(type).isTrue();
            assertThat(registry.leftOut(type)).as(type).isEmpty();
        });
    }
}
