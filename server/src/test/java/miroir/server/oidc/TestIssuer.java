package miroir.server.oidc;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** An issuer of tokens on loopback, who can be away, and have other keys. */
public final class TestIssuer implements AutoCloseable {
    static final String AUDIENCE = "https://miroir.example/fhir";

    private static final RSAKey FIRST = key("first");

    final AtomicInteger keysRead = new AtomicInteger();
    final RSAKey key = FIRST;
    volatile List<RSAKey> keys = List.of(key);
    volatile boolean away;
    volatile String says;
    private final HttpServer server;

    public TestIssuer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        says = url();
        server.createContext(
                "/.well-known/openid-configuration",
                exchange -> answer(exchange, """
                {"issuer": "%s", "jwks_uri": "%s/keys", "token_endpoint": "%s/token",
                 "authorization_endpoint": "%s/authorize", "grant_types_supported": ["client_credentials"],
                 "token_endpoint_auth_methods_supported": ["private_key_jwt"],
                 "code_challenge_methods_supported": ["S256"]}""".formatted(says, url(), url(), url())));
        server.createContext("/keys", exchange -> {
            keysRead.incrementAndGet();
            answer(exchange, new JWKSet(List.copyOf(keys)).toString());
        });
        server.createContext("/moved", exchange -> {
            exchange.getResponseHeaders().add("Location", url() + "/keys");
            exchange.sendResponseHeaders(302, -1);
            exchange.close();
        });
        server.createContext(
                "/huge", exchange -> answer(exchange, "{\"keys\": [], \"x\": \"" + "x".repeat(1 << 20) + "\"}"));
        server.start();
    }

    private void answer(HttpExchange exchange, String json) throws IOException {
        byte[] body = json.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(away ? 502 : 200, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    /** Its address, which is its name. */
    public String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** A section for {@code access.issuers}. */
    public String yaml(String more) {
        return "{name: test, issuer: \"" + url() + "\", audience: \"" + AUDIENCE + "\"" + more + "}";
    }

    static RSAKey key(String id) {
        try {
            return new RSAKeyGenerator(2048).keyID(id).generate();
        } catch (JOSEException e) {
            throw new AssertionError(e);
        }
    }

    /** What a good token says at that moment. */
    JWTClaimsSet.Builder claims(Instant now, String scope) {
        return new JWTClaimsSet.Builder()
                .issuer(url())
                .audience(AUDIENCE)
                .subject("pharmacy")
                .claim("client_id", "pharmacy")
                .claim("scope", scope)
                .issueTime(Date.from(now))
                .expirationTime(Date.from(now.plusSeconds(600)));
    }

    /** A good token of now. */
    public String token(String scope) throws JOSEException {
        return signed(claims(Instant.now(), scope).build());
    }

    String signed(JWTClaimsSet claims) throws JOSEException {
        return signed(header().build(), claims, key);
    }

    JWSHeader.Builder header() {
        return new JWSHeader.Builder(JWSAlgorithm.RS256)
                .type(new JOSEObjectType("at+jwt"))
                .keyID(key.getKeyID());
    }

    static String signed(JWSHeader header, JWTClaimsSet claims, RSAKey with) throws JOSEException {
        SignedJWT token = new SignedJWT(header, claims);
        token.sign(new RSASSASigner(with));
        return token.serialize();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
