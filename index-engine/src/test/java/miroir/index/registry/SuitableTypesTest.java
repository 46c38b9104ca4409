package miroir.index.registry;

import static org.assertj.core.api.Assertions.assertThat;

import miroir.index.path.PathCompiler;
import miroir.index.structure.Structures;
import org.junit.jupiter.api.Test;

final class SuitableTypesTest {
    @Test
    void standardParameters_areUnderstoodAndCanFindSomething() {
        assertThat(StandardParameters.of(Structures.r4().resourceTypes())).allSatisfy(parameter -> {
            assertThat(PathCompiler.check(parameter)).as(parameter.toString()).isNull();
            assertThat(SuitableTypes.suits(parameter))
                    .as(() -> SuitableTypes.explain(parameter))
                    .isTrue();
        });
    }
}
