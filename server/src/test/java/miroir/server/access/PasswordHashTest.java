package miroir.server.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import miroir.index.Refusal;
import org.junit.jupiter.api.Test;

final class PasswordHashTest {
    @Test
    void of_isSaltedAndVerifiable() {
        String one = PasswordHash.of("éléphant à lunettes");
        String other = PasswordHash.of("éléphant à lunettes");

        assertThat(one).startsWith("$argon2id$v=19$m=19456,t=2,p=1$").isNotEqualTo(other);
        assertThat(PasswordHash.isOf("éléphant à lunettes", one)).isTrue();
        assertThat(PasswordHash.isOf("éléphant à lunettes ", one)).isFalse();
        assertThat(PasswordHash.isOf("e\u0301le\u0301phant a\u0300 lunettes", one))
                .isTrue();
        assertThat(PasswordHash.isOf("", one)).isFalse();
        assertThat(PasswordHash.isOf("x".repeat(100_000), one)).isFalse();
    }

    @Test
    void isOf_whatIsNoHash_isFalse() {
        assertThat(PasswordHash.isOf("secret", "")).isFalse();
        assertThat(PasswordHash.isOf("secret", "secret")).isFalse();
        assertThat(PasswordHash.isOf("secret", PasswordHash.NOBODYS)).isFalse();
        assertThat(PasswordHash.isOf("secret", "$argon2id$v=19$m=19456,t=2,p=1$a$b"))
                .isFalse();
        assertThat(PasswordHash.isOf("secret", "$argon2id$v=19$m=1,t=0,p=1$c2FsdA$aGFzaA"))
                .isFalse();
        assertThat(PasswordHash.isOf("secret", "$argon2id$v=19$m=99999999,t=2,p=1$c2FsdA$aGFzaA"))
                .isFalse();
    }

    @Test
    void of_shortOrEndless_isRefused() {
        assertThatThrownBy(() -> PasswordHash.of("eleven char"))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("12 to 200");
        assertThatThrownBy(() -> PasswordHash.of("x".repeat(201))).isInstanceOf(Refusal.class);
    }
}
