package miroir.index.path;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import miroir.index.SearchParameterRegistry;
import miroir.index.registry.RegistryLoader;
import miroir.index.registry.ShippedSearch;
import miroir.index.structure.Structures;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * Every standard parameter, composites with their components included, selects what HAPI's FHIRPath engine selects, in
 * every example and in generated resources. {@code -Dmiroir.seed} generates others.
 */
@Tag("long")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PathDifferenceTest {
    private static final int ROUNDS = 10;

    /** Of some 4,700. */
    private static final int MOST_UNREAD = 100;

    private static final SearchParameterRegistry STANDARD =
            RegistryLoader.load(Structures.r4().resourceTypes(), List.of());

    private static final SearchParameterRegistry DIRECTORY =
            RegistryLoader.load(Structures.r4().resourceTypes(), ShippedSearch.files());

    @Test
    void select_examplesOfTheSpecification_agreesWithHapi() {
        PathComparison comparison = new PathComparison(STANDARD);
        assertThat(Examples.ofTheSpecification(comparison::compare)).isEqualTo(Examples.TOO_LONG);
        assertThat(comparison.disagreements).isEmpty();
        assertThat(comparison.unread).as("what HAPI cannot read").hasSizeLessThan(MOST_UNREAD);
        assertThat(comparison.resources).isGreaterThan(4_600);
        assertThat(comparison.values).isGreaterThan(80_000);
        assertThat(comparison.explained).isLessThan(10);
    }

    @Test
    void select_examplesOfTheDirectory_agreesWithHapi() {
        PathComparison comparison = new PathComparison(DIRECTORY);
        Examples.ofTheDirectory(comparison::compare);
        assertThat(comparison.disagreements).isEmpty();
        assertThat(comparison.unread).isEmpty();
        assertThat(comparison.resources).isGreaterThan(80);
    }

    @Test
    void select_generatedResources_agreesWithHapi() {
        long seed = Long.getLong("miroir.seed", 20260721);
        PathComparison comparison = new PathComparison(STANDARD);
        comparison.compareGenerated(seed, ROUNDS);
        assertThat(comparison.disagreements).as("seed %d", seed).isEmpty();
        assertThat(comparison.explained).as("seed %d", seed).isLessThan(ROUNDS);
        assertThat(comparison.resources).isGreaterThan(STANDARD.types().size() * ROUNDS * 9 / 10);
    }
}
