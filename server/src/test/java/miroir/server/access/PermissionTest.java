package miroir.server.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import miroir.index.Refusal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class PermissionTest {

    @Test
    void of_readsWhatItWrites() {
        Permission permission = Permission.of("search,read on Organization?address-postalcode=75001&active=true");

        assertThat(permission.toString())
                .isEqualTo("READ, SEARCH on Organization?address-postalcode=75001&active=true");
        assertThat(Permission.of(permission.toString())).isEqualTo(permission);
        assertThat(permission.isAbout(Right.READ, "Organization")).isTrue();
        assertThat(permission.isAbout(Right.UPDATE, "Organization")).isFalse();
        assertThat(permission.isAbout(Right.READ, "Device")).isFalse();
        assertThat(Permission.of("READ on *").isAbout(Right.READ, "Device")).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "READ",
                "READ on ",
                "READ on organization",
                "READ on Organization?",
                "LOOK on *",
                "READ,, SEARCH on *",
                " on *",
                "READ on * or Device",
                "READ on Device/1"
            })
    void of_whatIsNone_isRefused(String text) {
        assertThatThrownBy(() -> Permission.of(text)).isInstanceOf(Refusal.class);
    }

    @ParameterizedTest
    @CsvSource({"LOOK on *,LOOK", "READ on organisation,organisation"})
    void of_whatIsNone_namesIt(String text, String named) {
        assertThatThrownBy(() -> Permission.of(text)).hasMessageContaining(named);
    }
}
