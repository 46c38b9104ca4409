package miroir.server.oidc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.util.Base64;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import miroir.index.Refusal;
import miroir.server.access.Bearer;
import miroir.server.access.KnownTokens;
import miroir.server.access.Right;
import miroir.server.configuration.ServerConfiguration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which tokens of an issuer count, and what of him is asked for how often; with an issuer on loopback. */
final class TrustedIssuersIT {
    private static final String READS = "system/Practitioner.r";

    private final Instant start = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    private Instant now = start;
    private TestIssuer issuer;
    private TrustedIssuers issuers;

    @BeforeEach
    void start() throws Exception {
        issuer = new TestIssuer();
        issuers = trusting("");
    }

    @AfterEach
    void stop() {
        issuer.close();
    }

    private TrustedIssuers trusting(String more) {
        ServerConfiguration configuration = ServerConfiguration.read(
                "test.yaml", "access: {issuers: [" + issuer.yaml(more) + "]}", Map.<String, String>of()::get);
        return new TrustedIssuers(configuration.access().issuers(), KnownTokens.none(), () -> now);
    }

    private String token(UnaryOperator<JWTClaimsSet.Builder> change) throws Exception {
        return issuer.signed(change.apply(issuer.claims(now, READS)).build());
    }

    private void assertRefused(String token, String why) {
        assertRefused(issuers, token, why);
    }

    private static void assertRefused(TrustedIssuers by, String token, String why) {
        assertThatThrownBy(() -> by.find(token)).isInstanceOfSatisfying(Refusal.class, refusal -> {
            assertThat(refusal.reason()).isEqualTo(Refusal.Reason.TOKEN_REFUSED);
            assertThat(refusal.getMessage()).contains(why).doesNotContain(token);
        });
    }

    private void assertNotReady(String token) {
        assertThatThrownBy(() -> issuers.find(token))
                .isInstanceOfSatisfying(
                        Refusal.class, refusal -> assertThat(refusal.reason()).isEqualTo(Refusal.Reason.NOT_READY));
    }

    @Test
    void find_aGoodToken_isWhoeverItIsOfWithItsScopes() throws Exception {
        Bearer known = issuers.find(token(claims -> claims));

        assertThat(known.name()).isEqualTo("oidc/test/pharmacy");
        assertThat(known.grants().has(Right.READ, "Practitioner")).isTrue();
        assertThat(known.grants().has(Right.SEARCH, "Practitioner")).isFalse();
        assertThat(known.grants().has(Right.READ, "Organization")).isFalse();
    }

    @Test
    void find_withMorePermissionsThanARoleMayHave_isRefused() throws Exception {
        String scopes = IntStream.range(0, 101)
                .mapToObj(number -> "system/Organization.rs?name=n" + number)
                .collect(Collectors.joining(" "));

        assertRefused(token(claims -> claims.claim("scope", scopes)), "101 permissions; allowed are 100");
    }

    @Test
    void token_isDearUntilItIsKnown() throws Exception {
        String token = token(claims -> claims);

        assertThat(issuers.isDear(token)).isTrue();
        issuers.find(token);
        assertThat(issuers.isDear(token)).isFalse();
        assertThat(issuers.isDear("miroir_consumer_x")).isFalse();
    }

    @Test
    void quotasAndTurns_areOfTheApplication_whoeverUsesIt() throws Exception {
        String counted = issuers.find(token(claims -> claims)).counted();

        assertThat(counted).isEqualTo("consumer/oidc.test.pharmacy");
        assertThat(issuers.find(token(claims -> claims.subject("zoe").claim("scope", "user/*.rs")))
                        .counted())
                .isEqualTo(counted);
    }

    @Test
    void find_ofSomebodyWhoUsesAnApplication_namesBoth() throws Exception {
        assertThat(issuers.find(token(claims -> claims.subject("Zoé").claim("scope", "user/*.rs")))
                        .name())
                .matches("oidc/test/pharmacy/zo-_[0-9a-f]{12}");
        assertThat(issuers.find(token(claims -> claims.subject("8f-service-account")))
                        .name())
                .isEqualTo("oidc/test/pharmacy");
        assertThat(issuers.find(token(claims -> claims.claim("client_id", null).claim("azp", "till")))
                        .name())
                .isEqualTo("oidc/test/till");
        assertRefused(token(claims -> claims.claim("client_id", null).subject(null)), "whose it is");
    }

    @Test
    void find_twiceTheSameToken_isVerifiedOnceAndEndsWithIt() throws Exception {
        String token = token(claims -> claims.expirationTime(Date.from(now.plusSeconds(20))));

        assertThat(issuers.find(token).grants()).isSameAs(issuers.find(token).grants());
        now = now.plusSeconds(49);
        assertThat(issuers.find(token).name()).isEqualTo("oidc/test/pharmacy");
        now = now.plusSeconds(2);
        assertRefused(token, "expired");
    }

    @Test
    void find_withOneThingWrong_isRefusedBecauseOfThat() throws Exception {
        assertRefused(token(claims -> claims.issuer("https://other.example")), "no issuer whose tokens count");
        assertRefused(token(claims -> claims.issuer(null)), "no issuer whose tokens count");
        assertRefused(token(claims -> claims.issuer(issuer.url() + "/")), "no issuer whose tokens count");
        assertRefused(token(claims -> claims.audience("https://other.example")), "aud");
        assertRefused(token(claims -> claims.audience((String) null)), "aud");
        assertRefused(token(claims -> claims.expirationTime(null)), "never expires");
        assertRefused(token(claims -> claims.expirationTime(Date.from(now.minusSeconds(31)))), "expired");
        assertRefused(token(claims -> claims.notBeforeTime(Date.from(now.plusSeconds(31)))), "not valid yet");
        assertRefused(token(claims -> claims.issueTime(Date.from(now.plusSeconds(31)))), "in the future");
        assertRefused(token(claims -> claims.claim("at_hash", "x")), "no access token");
        assertRefused(token(claims -> claims.claim("typ", "ID")), "no access token");
        assertRefused(token(claims -> claims.claim("events", Map.of())), "no access token");
        assertRefused(token(claims -> claims.claim("cnf", Map.of("jkt", "x"))), "bound to a key");
    }

    @Test
    void find_whereClocksDifferALittle_isGood() throws Exception {
        assertThat(issuers.find(token(claims -> claims.expirationTime(Date.from(now.minusSeconds(29)))
                        .notBeforeTime(Date.from(now.plusSeconds(29)))
                        .issueTime(Date.from(now.plusSeconds(29)))
                        .audience(List.of("other", TestIssuer.AUDIENCE))
                        .claim("typ", "Bearer"))))
                .isNotNull();
    }

    @Test
    void find_withAnotherHeader_isRefused() throws Exception {
        JWTClaimsSet claims = issuer.claims(now, READS).build();
        RSAKey own = TestIssuer.key(issuer.key.getKeyID());
        JWSHeader.Builder plain = issuer.header();

        assertRefused(new PlainJWT(claims).serialize(), "no signed JWT");
        assertRefused(TestIssuer.signed(plain.build(), claims, own), "not signed with a key of the issuer");
        for (JWSHeader brought : List.of(
                issuer.header().jwk(own.toPublicJWK()).build(),
                issuer.header().jwkURL(URI.create(issuer.url() + "/keys")).build(),
                issuer.header().x509CertURL(URI.create(issuer.url() + "/keys")).build(),
                issuer.header().x509CertChain(List.of(Base64.encode("x"))).build())) {
            assertRefused(TestIssuer.signed(brought, claims, own), "not signed with a key of the issuer");
        }
        assertRefused(
                TestIssuer.signed(issuer.header().keyID("unknown").build(), claims, issuer.key),
                "not signed with a key of the issuer");
        assertRefused(
                TestIssuer.signed(issuer.header().criticalParams(Set.of("x")).build(), claims, issuer.key), "crit");
        assertRefused(
                TestIssuer.signed(
                        issuer.header().type(new JOSEObjectType("logout+jwt")).build(), claims, issuer.key),
                "another type");
        assertThat(issuers.find(TestIssuer.signed(issuer.header().type(null).build(), claims, issuer.key)))
                .isNotNull();
        assertThat(issuers.find(TestIssuer.signed(
                        issuer.header().type(JOSEObjectType.JWT).build(), claims, issuer.key)))
                .isNotNull();
        assertThat(issuer.keysRead).hasValueLessThanOrEqualTo(1);
    }

    @Test
    void find_signedWithThePublicKeyAsASecret_isRefused() throws Exception {
        SignedJWT token = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.HS256).keyID("first").build(),
                issuer.claims(now, READS).build());
        token.sign(new MACSigner(issuer.key.toRSAPublicKey().getEncoded()));

        assertRefused(token.serialize(), "signed by HS256");
    }

    @Test
    void find_withAnAlgorithmOfAnotherKind_isRefused() throws Exception {
        var curve = new ECKeyGenerator(Curve.P_256).keyID("first").generate();
        SignedJWT token = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.ES256).keyID("first").build(),
                issuer.claims(now, READS).build());
        token.sign(new ECDSASigner(curve));

        assertRefused(token.serialize(), "not signed with a key of the issuer");
        assertRefused(trusting(", algorithms: [PS256]"), token(claims -> claims), "signed by RS256; allowed are PS256");
    }

    @Test
    void find_whatIsNoToken_isRefused() throws Exception {
        String good = token(claims -> claims);
        String deep = new String(
                java.util.Base64.getUrlEncoder()
                        .withoutPadding()
                        .encode("[".repeat(5_000).getBytes(StandardCharsets.UTF_8)),
                StandardCharsets.UTF_8);

        for (String bad :
                List.of("a.b.c", "..", "a..", good + "x", "x" + good, deep + ".e30.e30", "e30.e30.e30", "e30.W10.x")) {
            assertThatThrownBy(() -> issuers.find(bad))
                    .as(bad)
                    .isInstanceOfSatisfying(
                            Refusal.class,
                            refusal -> assertThat(refusal.reason()).isEqualTo(Refusal.Reason.TOKEN_REFUSED));
        }
        assertRefused(token(claims -> claims.claim("much", "x".repeat(8_000))), "characters at most");
    }

    @Test
    void find_afterTheIssuerTookAnotherKey_isGoodWithoutARestart() throws Exception {
        issuers.find(token(claims -> claims));
        RSAKey next = TestIssuer.key("second");
        issuer.keys = List.of(next);
        now = now.plus(Fetched.PAUSE);
        JWTClaimsSet claims = issuer.claims(now, READS).build();

        assertThat(issuers.find(
                        TestIssuer.signed(issuer.header().keyID("second").build(), claims, next)))
                .isNotNull();
        assertRefused(token(same -> same.claim("n", 1)), "not signed with a key of the issuer");
    }

    @Test
    void find_withAKeyThatIsGone_endsWithinMinutes() throws Exception {
        String token = token(claims -> claims);
        issuers.find(token);
        issuer.keys = List.of(TestIssuer.key("second"));

        now = now.plus(Fetched.FRESH);
        assertRefused(token, "not signed with a key of the issuer");
    }

    @Test
    void find_whileTheIssuerIsAway_goesOnWithKnownKeysOnly() throws Exception {
        issuer.away = true;
        assertNotReady(token(claims -> claims));
        issuer.away = false;
        now = now.plus(Fetched.PAUSE_AFTER_FAILURE);
        assertThat(issuers.find(token(claims -> claims))).isNotNull();

        issuer.away = true;
        now = now.plus(Duration.ofMinutes(59));
        assertThat(issuers.find(token(claims -> claims))).isNotNull();
        JWTClaimsSet claims = issuer.claims(now, READS).build();
        assertNotReady(TestIssuer.signed(issuer.header().keyID("second").build(), claims, issuer.key));
        now = now.plus(Duration.ofMinutes(2));
        assertNotReady(token(same -> same));
        assertThatThrownBy(() -> issuers.find("miroir_other"))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("not known");

        issuer.away = false;
        now = now.plus(Fetched.PAUSE_AFTER_FAILURE);
        assertThat(issuers.find(token(same -> same))).isNotNull();
    }

    @Test
    void find_manyTokensWithUnknownKeys_asksTheIssuerOnceInThirtySeconds() throws Exception {
        JWTClaimsSet claims = issuer.claims(now, READS).build();
        for (int second = 0; second < 60; second++) {
            for (int i = 0; i < 3; i++) {
                assertRefused(
                        TestIssuer.signed(
                                issuer.header().keyID("k" + second + i).build(), claims, issuer.key),
                        "not signed with a key of the issuer");
            }
            now = now.plusSeconds(1);
        }
        assertThat(issuer.keysRead).hasValueLessThanOrEqualTo(2);
    }

    @Test
    void find_whereTheAnswerOfTheIssuerCannotBeTrusted_isNotReady() throws Exception {
        issuer.says = "https://other.example";
        assertNotReady(token(claims -> claims));
        for (String path : List.of("/moved", "/huge", "/nowhere")) {
            issuers = trusting(", jwks: \"" + issuer.url() + path + "\"");
            assertNotReady(token(claims -> claims));
        }
        assertThat(issuer.keysRead).hasValue(0);
    }

    @Test
    void find_withKeysInAFile_readsItAgain(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("keys.json");
        Files.writeString(file, new JWKSet(issuer.key.toPublicJWK()).toString());
        issuers = trusting(", jwks: \"file:" + file + "\"");
        issuer.away = true;
        assertThat(issuers.find(token(claims -> claims))).isNotNull();

        RSAKey next = TestIssuer.key("second");
        Files.writeString(file, new JWKSet(next.toPublicJWK()).toString());
        now = now.plus(Fetched.PAUSE);
        JWTClaimsSet claims = issuer.claims(now, READS).build();
        assertThat(issuers.find(
                        TestIssuer.signed(issuer.header().keyID("second").build(), claims, next)))
                .isNotNull();
    }

    @Test
    void find_withRolesThatAreAlwaysThere_allowsNothingByThem() throws Exception {
        issuers = trusting(", scopes: off, roles: realm_access.roles");
        Bearer known = issuers.find(token(
                claims -> claims.claim("realm_access", Map.of("roles", List.of("reader", "everything", "no-role")))));

        assertThat(known.grants().has(Right.HISTORY, "Organization")).isFalse();
        assertThat(known.grants().mayWrite()).isFalse();
    }
}
