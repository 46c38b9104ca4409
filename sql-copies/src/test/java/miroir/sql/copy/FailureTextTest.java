package miroir.sql.copy;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

class FailureTextTest {
    private static PSQLException postgres(String state, String message) {
        return new PSQLException(
                new ServerErrorMessage("SERROR\0C" + state + "\0M" + message + "\0WCOPY person, line 1: secret\0"));
    }

    @Test
    void of_postgres_isWhatHappened_withoutTheLine() {
        assertThat(FailureText.of(postgres("42501", "permission denied for schema x")))
                .isEqualTo("permission denied for schema x (SQLSTATE 42501)");
    }

    @Test
    void of_aValueThatIsNotTaken_isNotTheValue() {
        assertThat(FailureText.of(postgres("22P02", "invalid input syntax for type bigint: \"secret\"")))
                .contains("22P02")
                .doesNotContain("secret");
    }

    @Test
    void of_whatNobodyExpected_isWhatItIsCalled() {
        assertThat(FailureText.of(new IllegalStateException("secret")))
                .startsWith("IllegalStateException")
                .doesNotContain("secret");
        assertThat(FailureText.of(new SQLException("disk full"))).isEqualTo("disk full");
    }
}
