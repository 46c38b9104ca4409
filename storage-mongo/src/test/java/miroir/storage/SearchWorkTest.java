package miroir.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class SearchWorkTest {
    private static final FieldsMarks.Progress NOTHING = new FieldsMarks.Progress(0, 0);

    @Test
    void of_noBuilds_isNone() {
        assertThat(SearchWork.of(Map.of(), NOTHING, List.of())).isEqualTo(new SearchWork(0, 0, 0, 0, 0, 0));
    }

    @Test
    void of_builds_isTheirSum() {
        List<IndexBuilds.Build> builds = List.of(new IndexBuilds.Build("a", 1, 3), new IndexBuilds.Build("b", 2, 5));
        assertThat(SearchWork.of(Map.of("Patient", List.of("x")), NOTHING, builds))
                .isEqualTo(new SearchWork(1, 0, 0, 2, 3, 8));
    }

    @Test
    void of_buildsThatNobodyMayAskFor_isNoNumber() {
        assertThat(SearchWork.of(Map.of(), NOTHING, null).builds()).isNaN();
    }
}
