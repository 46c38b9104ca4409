package miroir.index.path;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import miroir.index.SearchParameterRegistry;
import miroir.index.registry.RegistryLoader;
import miroir.index.structure.Structures;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The generated part of {@link PathDifferenceTest} at full size, and what it counted. */
@Tag("soak")
class GeneratedPathsIT {
    private static final int ROUNDS = 1_000;

    @Test
    void select_generatedResources_agreesWithHapi() throws IOException {
        SearchParameterRegistry standard = RegistryLoader.load(Structures.r4().resourceTypes(), List.of());
        PathComparison comparison = new PathComparison(standard);
        comparison.compareGenerated(Long.getLong("miroir.seed", 1), ROUNDS);
        String figures = "{\"resources\": %d, \"values\": %d, \"explained\": %d, \"unexplained\": %d, \"unread\": %d}"
                .formatted(
                        comparison.resources,
                        comparison.values,
                        comparison.explained,
                        comparison.disagreements.size(),
                        comparison.unread.size());
        String result = System.getProperty("miroir.soak.result");
        if (result != null) {
            Files.writeString(Path.of(result), figures);
        }
        assertThat(comparison.disagreements).isEmpty();
        assertThat(comparison.explained).isLessThan(ROUNDS);
        assertThat(comparison.resources).isGreaterThan(standard.types().size() * ROUNDS * 9 / 10);
    }
}
