package miroir.sync.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProxyAddressTest {

    @Test
    void parse_anyWayToWriteIt_isTheSame() {
        ProxyAddress plain = new ProxyAddress("p.example", 3128, "", "");

        assertThat(ProxyAddress.parse("p.example:3128")).isEqualTo(plain);
        assertThat(ProxyAddress.parse("http://p.example:3128/")).isEqualTo(plain);
        assertThat(ProxyAddress.parse("http://u:a%40b+c@p.example:3128"))
                .isEqualTo(new ProxyAddress("p.example", 3128, "u", "a@b+c"))
                .hasToString("p.example:3128");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "nowhere",
                "u:s3cr3t@p.example",
                "https://u:s3cr3t@p:1",
                "u:s3cr3t@p.example:70000",
                "u:s3cr3t@:1"
            })
    void parse_anythingElse_isRefusedWithoutBeingShown(String text) {
        assertThatThrownBy(() -> ProxyAddress.parse(text))
                .hasMessageContaining("not a host and a port")
                .hasMessageNotContaining("s3cr3t");
    }
}
