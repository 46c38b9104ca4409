package miroir.storage;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MongoVersionTest {
    @ParameterizedTest
    @ValueSource(strings = {"6.0.5", "7.0.0-rc1", "8.2", "10.0.1"})
    void check_newEnough_isFine(String version) {
        assertThatCode(() -> new MongoVersion(version).check()).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(strings = {"5.0.31", "5.3.0", "4.4.18"})
    void check_tooOld_isRefusedByItsVersion(String version) {
        assertThatThrownBy(() -> new MongoVersion(version).check())
                .hasMessageContaining(version)
                .hasMessageContaining("6.0 or newer");
    }
}
