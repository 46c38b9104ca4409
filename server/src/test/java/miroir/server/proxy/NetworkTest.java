package miroir.server.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class NetworkTest {

    @ParameterizedTest
    @CsvSource({
        "10.0.0.0/8,       10.255.0.1,           true",
        "10.0.0.0/8,       11.0.0.0,             false",
        "192.0.2.128/25,   192.0.2.128,          true",
        "192.0.2.128/25,   192.0.2.127,          false",
        "192.0.2.7,        192.0.2.7,            true",
        "192.0.2.7,        192.0.2.6,            false",
        "0.0.0.0/1,        2001:db8::1,          false",
        "2001:0db8:0000:0000:0000:0000:0000:0001, 2001:db8::1, true",
        "2001:db8:1234:5678:9abc:def0:1234:567, 2001:db8:1234:5678:9abc:def0:1234:567, true",
        "0000:0000:0000:0000:0000:ffff:127.0.0.1, 127.0.0.1, true",
        "::1,              0:0:0:0:0:0:0:1,      true",
        "2001:db8::/33,    2001:db8:7fff::1,     true",
        "2001:db8::/33,    2001:db8:8000::1,     false",
        "127.0.0.1,        ::ffff:127.0.0.1,     true",
    })
    void contains_decidesByThePrefix(String network, String address, boolean contained) {
        assertThat(Network.of(network).contains(Addresses.read(address).orElseThrow()))
                .isEqualTo(contained);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "gateway",
                "10",
                "10.0.0",
                "10.0.0.256",
                "010.0.0.1",
                "10.0.0.0/",
                "10.0.0.0/33",
                "10.0.0.0/-1",
                "10.0.0.0/+8",
                "10.0.0.0/08",
                "0.0.0.0/0",
                "::/0",
                "10.0.0.1/8",
                "10.0.0.0/8/8",
                "::1/129",
                ":::1",
                "1::2::3",
                "fe80::1%eth0",
                "[::1]",
                "0x7f.0.0.1"
            })
    void of_whatIsNoNetwork_throws(String text) {
        assertThatThrownBy(() -> Network.of(text)).isInstanceOf(IllegalArgumentException.class);
    }
}
