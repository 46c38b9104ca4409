package miroir.server.oidc;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import miroir.server.access.Bearer;
import miroir.server.access.KnownTokens;
import miroir.server.access.Permission;
import miroir.server.configuration.ServerConfiguration;

/** Tokens whose signature is right, whatever they say, and who reads them. */
public final class SignedClaims {
    private static final Instant NOW = Instant.parse("2026-11-28T12:00:00Z");

    /** What a token says that is taken. */
    public static final String GOOD =
            "{\"iss\":\"https://issuer.example\",\"aud\":[\"miroir\"],\"sub\":\"a\",\"client_id\":\"pharmacy\","
                    + "\"iat\":" + NOW.getEpochSecond() + ",\"nbf\":" + NOW.getEpochSecond() + ",\"exp\":"
                    + NOW.plusSeconds(600).getEpochSecond()
                    + ",\"scope\":\"openid system/Organization.rs?address-postalcode=75001\",\"realm\":{\"roles\":[\"a\",\"b\"]}}";

    private final ECKey key;
    private final TrustedIssuers issuers;

    public SignedClaims() {
        try {
            key = new ECKeyGenerator(Curve.P_256).keyID("one").generate();
            Path keys = Files.createTempFile("keys", ".json");
            Files.writeString(keys, new JWKSet(key.toPublicJWK()).toString());
            ServerConfiguration configuration = ServerConfiguration.read(
                    "server.yaml",
                    "access: {issuers: [{name: test, issuer: 'https://issuer.example', audience: miroir, roles: realm.roles, jwks: 'file:"
                            + keys + "'}]}",
                    Map.<String, String>of()::get);
            issuers =
                    new TrustedIssuers(configuration.access().issuers(), KnownTokens.none(), InstantSource.fixed(NOW));
            find(signed(GOOD.getBytes(StandardCharsets.UTF_8)));
            Files.delete(keys);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A token that says this. */
    public String signed(byte[] claims) {
        try {
            JWSObject token = new JWSObject(
                    new JWSHeader.Builder(JWSAlgorithm.ES256).keyID("one").build(), new Payload(claims));
            token.sign(new ECDSASigner(key));
            return token.serialize();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Whose it is. */
    public Bearer find(String token) {
        return issuers.find(token);
    }

    /** What scopes allow. */
    public static List<Permission> permissions(String scopes) {
        return SmartScopes.permissions(List.of(scopes.split(" ", -1)));
    }
}
