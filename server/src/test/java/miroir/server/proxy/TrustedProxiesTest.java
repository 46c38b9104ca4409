package miroir.server.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import miroir.index.Refusal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The gateway is 10.0.0.1, another one is 10.0.0.2, and the client 203.0.113.9. */
final class TrustedProxiesTest {
    private static final TrustedProxies PROXIES = new TrustedProxies(
            Stream.of("10.0.0.0/8", "fd00::/8").map(Network::of).toList(), List.of(ForwardedHeader.values()), "http");

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', nullValues = "-", textBlock = """
            for=203.0.113.9                                               | 203.0.113.9  | http://here.example
            For=203.0.113.9;PROTO=https;Host=a.example                    | 203.0.113.9  | https://a.example
            for="203.0.113.9:4711";proto="https";host="a.example:8443"    | 203.0.113.9  | https://a.example:8443
            for="[2001:db8::7]"                                           | 2001:db8::7  | http://here.example
            for="[2001:db8::7]:4711"; by=_gateway                         | 2001:db8::7  | http://here.example
            for=198.51.100.1, for=203.0.113.9                             | 203.0.113.9  | http://here.example
            for=203.0.113.9;proto=https;host=a.example, for=10.0.0.2      | 203.0.113.9  | https://a.example
            for=203.0.113.9;host=a.example, for=10.0.0.2;proto=https;host=inner.example | 203.0.113.9 | https://a.example
            for=1.1.1.1;proto=https;host=x.example, for=203.0.113.9       | 203.0.113.9  | http://here.example
            for=unknown;proto=https                                       | 10.0.0.1     | https://here.example
            for=_hidden;proto=https, for=10.0.0.2                         | 10.0.0.2     | https://here.example
            for=1.1.1.1, for=unknown                                      | 10.0.0.1     | http://here.example
            for=1.1.1.1, proto=https                                      | 10.0.0.1     | https://here.example
            for="a\\"b, ;c", for=203.0.113.9                              | 203.0.113.9  | http://here.example
            for=nonsense, for=203.0.113.9;ext="x,y;z"                     | 203.0.113.9  | http://here.example
            for=10.0.0.3, for=10.0.0.2                                    | 10.0.0.3     | http://here.example
            ,, for=203.0.113.9;;proto=https                               | 203.0.113.9  | https://here.example
            for=203.0.113.9;proto=https;                                  | 203.0.113.9  | https://here.example
            for=203.0.113.9;proto=https ,                                 | 10.0.0.1     | http://here.example
            for=203.0.113.9,, for=10.0.0.2                                | 10.0.0.2     | http://here.example
            for=1.1.1.1, for=UNKNOWN                                      | 10.0.0.1     | http://here.example
            ,                                                             | 10.0.0.1     | http://here.example
            for="[2001:0db8:0000:0000:0000:0000:0000:0007]"               | 2001:db8::7  | http://here.example
            for="[2001:db8:1234:5678:9abc:def0:1234:567]:1"               | 2001:db8:1234:5678:9abc:def0:1234:567 | http://here.example
            for="[2001:db8:0:0:1:0:0:0]"                                  | 2001:db8:0:0:1:: | http://here.example
            """)
    void forwarded_ofATrustedGateway_isFollowedToTheFirstThatIsNotTrusted(
            String forwarded, String client, String origin) {
        Reached reached = reached("10.0.0.1", "Forwarded", forwarded);

        assertThat(reached.client()).isEqualTo(client);
        assertThat(reached.origin()).isEqualTo(origin);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "nonsense",
                "for",
                "for=",
                "for=\"203.0.113.9",
                "for=203.0.113.9 proto=https",
                "for=203.0.113.9;for=203.0.113.8",
                "for=[2001:db8::7]",
                "for=\"2001:db8::7:x\"",
                "for=300.1.1.1",
                "for=gateway.example",
                "for=203.0.113.9;proto=ftp",
                "for=203.0.113.9;host=\"a.example/x\"",
                "for=203.0.113.9;host=\"a@b\"",
                "for=203.0.113.9;host=\"\"",
                "for=203.0.113.9;host=\"a.example:0\"",
                "for=203.0.113.9;host=\"a.example:65536\"",
                "for=\"203.0.113.9:99999\"",
                // A client that opens a quote before a gateway adds its element.
                "for=1.1.1.1;x=\", for=203.0.113.9",
                "for=1.1.1.1;x=\", for=\"[2001:db8::7]\"",
            })
    void forwarded_thatIsNonsense_isRefused(String forwarded) {
        assertThatThrownBy(() -> reached("10.0.0.1", "Forwarded", forwarded))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("Forwarded");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            X-Forwarded-For: 203.0.113.9                                                | 203.0.113.9 | http://here.example
            X-Forwarded-For: 198.51.100.1, nonsense, 203.0.113.9                        | 203.0.113.9 | http://here.example
            X-Forwarded-For: 203.0.113.9, 10.0.0.2                                      | 203.0.113.9 | http://here.example
            X-Forwarded-For: 203.0.113.9:4711                                           | 203.0.113.9 | http://here.example
            X-Forwarded-For: fd00::5, 10.0.0.2                                          | fd00::5     | http://here.example
            X-Forwarded-For: unknown                                                    | 10.0.0.1    | http://here.example
            X-Forwarded-For: 203.0.113.9; X-Forwarded-For: 10.0.0.2                     | 203.0.113.9 | http://here.example
            X-Forwarded-Proto: https                                                    | 10.0.0.1    | https://here.example
            X-Forwarded-Proto: HTTPS; X-Forwarded-For: 203.0.113.9, 10.0.0.2            | 203.0.113.9 | https://here.example
            X-Forwarded-Proto: https, http; X-Forwarded-For: 203.0.113.9, 10.0.0.2      | 203.0.113.9 | https://here.example
            X-Forwarded-Proto: https, http; X-Forwarded-For: 203.0.113.9                | 203.0.113.9 | http://here.example
            X-Forwarded-Host: A.example                                                 | 10.0.0.1    | http://a.example
            X-Forwarded-Host: evil.example, a.example; X-Forwarded-For: 203.0.113.9     | 203.0.113.9 | http://a.example
            X-Forwarded-Host: a.example; X-Forwarded-Port: 8443; X-Forwarded-Proto: https | 10.0.0.1  | https://a.example:8443
            X-Forwarded-Host: a.example; X-Forwarded-Port: 443; X-Forwarded-Proto: https | 10.0.0.1   | https://a.example
            X-Forwarded-Host: a.example:8443; X-Forwarded-Port: 443                     | 10.0.0.1    | http://a.example:8443
            X-Forwarded-Host: [::1]; X-Forwarded-Port: 81                               | 10.0.0.1    | http://[::1]:81
            X-Forwarded-Port: 8080                                                      | 10.0.0.1    | http://here.example:8080
            X-Forwarded-Proto:                                                          | 10.0.0.1    | http://here.example
            X-Forwarded-For: 1.1.1.1,                                                   | 10.0.0.1    | http://here.example
            X-Forwarded-For: 1.1.1.1; X-Forwarded-For:                                  | 10.0.0.1    | http://here.example
            X-Forwarded-For: 1.1.1.1,, 10.0.0.2                                         | 10.0.0.2    | http://here.example
            X-Forwarded-For: , ; X-Forwarded-Proto: https                               | 10.0.0.1    | https://here.example
            X-Forwarded-For: 203.0.113.9; X-Forwarded-Host: evil.example,               | 203.0.113.9 | http://here.example
            """)
    void xForwarded_ofATrustedGateway_isReadFromItsEnd(String headers, String client, String origin) {
        Reached reached = reached("10.0.0.1", pairs(headers));

        assertThat(reached.client()).isEqualTo(client);
        assertThat(reached.origin()).isEqualTo(origin);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "X-Forwarded-For: nonsense",
                "X-Forwarded-For: gateway.example",
                "X-Forwarded-For: 203.0.113.9, 10.0.0.2.1",
                "X-Forwarded-Proto: ftp",
                "X-Forwarded-Host: a.example/x",
                "X-Forwarded-Port: 0",
                "X-Forwarded-Port: 70000",
                "X-Forwarded-Port: -1",
                "X-Forwarded-Prefix: api",
                "X-Forwarded-Prefix: //evil.example",
                "X-Forwarded-Prefix: /a/../b",
                "X-Forwarded-Prefix: /a?b",
                "X-Forwarded-Prefix: https://evil.example"
            })
    void xForwarded_thatIsNonsense_isRefused(String headers) {
        assertThatThrownBy(() -> reached("10.0.0.1", pairs(headers)))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("X-Forwarded");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            X-Forwarded-Prefix: /api                                              | /api
            X-Forwarded-Prefix: /api/                                             | /api
            X-Forwarded-Prefix: /                                                 | ``
            X-Forwarded-Prefix: /a, /b; X-Forwarded-For: 203.0.113.9, 10.0.0.2    | /a/b
            X-Forwarded-Prefix: /a, /b; X-Forwarded-For: 203.0.113.9              | /b
            """)
    void prefix_isWhatTrustedGatewaysTookAway(String headers, String prefix) {
        assertThat(reached("10.0.0.1", pairs(headers)).prefix()).isEqualTo(prefix);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            for=203.0.113.9;proto=https;host=a.example        | a.example
            for=203.0.113.9;proto=https;host="a.example:443"  | a.example:443
            """)
    void bothKinds_thatAgree_areOne(String forwarded, String host) {
        Reached reached = reached(
                "10.0.0.1",
                "Forwarded",
                forwarded,
                "X-Forwarded-For",
                "203.0.113.9",
                "X-Forwarded-Proto",
                "https",
                "X-Forwarded-Host",
                "a.example",
                "X-Forwarded-Prefix",
                "/api");

        assertThat(reached).isEqualTo(new Reached("203.0.113.9", true, "https", host, "/api"));
    }

    @Test
    void portAndPrefix_forWhichForwardedHasNoWords_comeBesideIt() {
        Reached reached = reached(
                "10.0.0.1",
                "Forwarded",
                "for=203.0.113.9;proto=https;host=a.example",
                "X-Forwarded-Port",
                "8443",
                "X-Forwarded-Prefix",
                "/api");

        assertThat(reached).isEqualTo(new Reached("203.0.113.9", true, "https", "a.example:8443", "/api"));
    }

    /** A client adds the kind that the gateway does not know of, and says what the gateway is silent about. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            for=1.1.1.1                     | X-Forwarded-For: 203.0.113.9                           | X-Forwarded-For   | 203.0.113.9
            for=203.0.113.9;proto=http      | X-Forwarded-For: 203.0.113.9; X-Forwarded-Proto: https | X-Forwarded-Proto | https
            for=203.0.113.9;host=x.example  | X-Forwarded-For: 203.0.113.9; X-Forwarded-Host: a.example | X-Forwarded-Host | a.example
            host="localhost:6666"           | X-Forwarded-For: 203.0.113.9; X-Forwarded-Proto: https | X-Forwarded-For   | 203.0.113.9
            for=203.0.113.9;proto=https;host="localhost:6666" | X-Forwarded-For: 203.0.113.9; X-Forwarded-Proto: https | X-Forwarded-Host | nothing
            for=unknown;proto=https         | X-Forwarded-For: 1.2.3.4                               | X-Forwarded-For   | 1.2.3.4
            for=unknown;proto=https         | X-Forwarded-Proto: http                                | X-Forwarded-Proto | http
            for=203.0.113.9;proto=https     | X-Forwarded-For: 203.0.113.9                           | X-Forwarded-Proto | nothing
            """)
    void bothKinds_thatDoNotSayTheSame_areRefused(String forwarded, String others, String guilty, String value) {
        assertThatThrownBy(() -> reached("10.0.0.1", pairs("Forwarded: " + forwarded + "; " + others)))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining(guilty)
                .hasMessageContaining(value + ")");
    }

    /** A gateway that does not write a header passes it on as the client sent it. */
    @Test
    void headers_thatTheGatewayIsNotKnownToWrite_areNotEvenRead() {
        TrustedProxies usual = new TrustedProxies(List.of(Network.of("10.0.0.1")), ForwardedHeader.USUAL, "http");
        String[] headers = {
            "X-Forwarded-For", "203.0.113.9",
            "X-Forwarded-Proto", "https",
            "Forwarded", "for=\"",
            "X-Forwarded-Host", "evil.example",
            "X-Forwarded-Port", "nonsense",
            "X-Forwarded-Prefix", "//evil.example"
        };

        assertThat(usual.of(SaidOfARequest.from("10.0.0.1", headers)))
                .isEqualTo(new Reached("203.0.113.9", true, "https", "here.example", ""));
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.0.1,    X-Nothing, true",
        "203.0.113.9, X-Nothing, false",
        "203.0.113.9, Via,       true",
        "203.0.113.9, X-Forwarded-Port, true",
        "nonsense,    X-Nothing, false"
    })
    void requests_arePassedOnByTrustedGateways_andByWhoSaysSo(String peer, String header, boolean passedOn) {
        assertThat(PROXIES.passedOn(SaidOfARequest.from(peer, header, "x"))).isEqualTo(passedOn);
    }

    @ParameterizedTest
    @CsvSource({
        "203.0.113.9,                       203.0.113.9",
        "[0:0:0:0:0:0:0:1],                 ::1",
        "0:0:0:0:0:0:0:0,                   ::",
        "[fe80:0:0:0:0:0:0:1%eth0],         fe80::1",
        "2001:db8:1234:5678:9abc:def0:1234:567, 2001:db8:1234:5678:9abc:def0:1234:567",
        "2001:0DB8:0000:0000:0001:0000:0000:0001, 2001:db8::1:0:0:1",
        "[,                                 [",
        "a connection of some other kind,   a connection of some other kind",
        "11.0.0.1,                          11.0.0.1"
    })
    void headers_ofSomebodyElse_areNotEvenRead(String peer, String client) {
        Reached reached =
                reached(peer, "Forwarded", "for=\"", "X-Forwarded-For", "nonsense", "X-Forwarded-Host", "evil.example");

        assertThat(reached).isEqualTo(new Reached(client, false, "http", "here.example", ""));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[fd00:0:0:0:0:0:0:1]",
                "fd00:1234:5678:9abc:def0:1234:5678:9abc",
                "[fd00:1234:5678:9abc:def0:1234:5678:9ab%eth0]"
            })
    void peer_ofIpv6_canBeTrusted(String peer) {
        assertThat(reached(peer, "X-Forwarded-For", "203.0.113.9").client()).isEqualTo("203.0.113.9");
    }

    private static Reached reached(String peer, String... headers) {
        return PROXIES.of(SaidOfARequest.from(peer, headers));
    }

    private static String[] pairs(String headers) {
        return Arrays.stream(headers.split("; ", -1))
                .flatMap(header ->
                        Stream.of(header.substring(0, header.indexOf(':')), header.substring(header.indexOf(':') + 1)))
                .toArray(String[]::new);
    }
}
