package miroir.server.paging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** The test vectors of RFC 5869, appendix A, as far as one block goes. */
class DerivedKeyTest {
    private static byte[] hex(String text) {
        return HexFormat.of().parseHex(text);
    }

    @Test
    void of_firstVector() {
        byte[] key =
                DerivedKey.of(hex("0b".repeat(22)), hex("000102030405060708090a0b0c"), hex("f0f1f2f3f4f5f6f7f8f9"), 32);

        assertThat(HexFormat.of().formatHex(key))
                .isEqualTo("3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf");
    }

    @Test
    void of_thirdVectorWithoutSaltAndPurpose() {
        byte[] key = DerivedKey.of(hex("0b".repeat(22)), new byte[0], new byte[0], 32);

        assertThat(HexFormat.of().formatHex(key))
                .isEqualTo("8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d");
    }

    @Test
    void of_moreThanOneBlockIsRefused() {
        assertThatThrownBy(() -> DerivedKey.of(new byte[32], new byte[0], new byte[0], 33))
                .hasMessageContaining("33 bytes");
    }
}
