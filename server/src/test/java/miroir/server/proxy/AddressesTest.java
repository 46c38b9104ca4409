package miroir.server.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class AddressesTest {
    @ParameterizedTest
    @CsvSource({
        "192.0.2.7,               192.0.2.7,              192.0",
        "2001:db8:1:2:3:4:5:6,    2001:db8:1:2::/64,      2001:db8",
        "2001:db8:1:2::7,         2001:db8:1:2::/64,      2001:db8",
        "2001:db8::7,             2001:db8:0:0::/64,      2001:db8",
        "2001::2:3:4:5:6,         2001:0:0:2::/64,        2001:0",
        "2001::3:3:4:5:6,         2001:0:0:3::/64,        2001:0",
        "::1,                     0:0:0:0::/64,           0:0",
        "1:2:3:4::,               1:2:3:4::/64,           1:2",
        "unknown,                 unknown,                unknown",
        "1:2:3:4:5:6:7:8:9,       1:2:3:4::/64,           1:2"
    })
    void network_isWhatAClientHas_andWiderWhatAProviderHas(String address, String network, String wider) {
        assertThat(Addresses.network(address)).isEqualTo(network);
        assertThat(Addresses.wider(network)).isEqualTo(wider);
    }
}
