package miroir.server.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.http.HttpServletRequest;
import java.lang.reflect.Proxy;
import java.util.List;
import miroir.index.store.Pending;
import miroir.index.store.SearchInForce;
import miroir.server.TestServer;
import miroir.server.access.KnownTokens;
import miroir.server.access.RequestRules;
import miroir.server.access.Right;
import miroir.server.configuration.AccessConfiguration;
import miroir.server.proxy.ForwardedHeader;
import miroir.server.proxy.Network;
import miroir.server.proxy.Reached;
import miroir.server.proxy.TrustedProxies;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class AuthenticationTest {
    private static final Authentication WRITABLE = new Authentication(
            new AccessConfiguration(
                    AccessConfiguration.Mode.OPEN, false, true, null, RequestRules.none(), List.of(), List.of()),
            new TrustedProxies(List.of(Network.of("127.0.0.2"), Network.of("::1")), ForwardedHeader.USUAL, "http"),
            null,
            KnownTokens.none(),
            () -> new SearchInForce(1, TestServer.made(), Pending.nothing()));

    /** A gateway need not say that it is one. */
    @ParameterizedTest
    @CsvSource({
        "127.0.0.1,         Accept,            true",
        "127.0.0.1,         X-Forwarded-For,   false",
        "127.0.0.1,         X-Forwarded-Port,  false",
        "127.0.0.1,         Forwarded,         false",
        "127.0.0.1,         Via,               false",
        "127.0.0.2,         Accept,            false",
        "[0:0:0:0:0:0:0:1], Accept,            false",
        "203.0.113.9,       Accept,            false"
    })
    void writing_withoutAToken_isForThisMachineAndForNoGateway(String peer, String header, boolean allowed) {
        Rights rights = WRITABLE.of(Exchange.begin(request(peer, header), "test", Reached.unknown()));

        assertThat(rights.mayWrite()).isEqualTo(allowed);
        assertThat(rights.has(Right.READ, "Practitioner")).isTrue();
    }

    /** Says who sent it and that it has one header. */
    private static HttpServletRequest request(String peer, String header) {
        return (HttpServletRequest) Proxy.newProxyInstance(
                HttpServletRequest.class.getClassLoader(),
                new Class<?>[] {HttpServletRequest.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "setAttribute" -> null;
                    case "getRemoteAddr" -> peer;
                    case "getHeader" -> header.equals(arguments[0]) ? "x" : null;
                    default -> throw new UnsupportedOperationException(method.getName());
                });
    }
}
