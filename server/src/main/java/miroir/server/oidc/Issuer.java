package miroir.server.oidc;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSelector;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.DefaultJOSEObjectTypeVerifier;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.nimbusds.jwt.proc.BadJWTException;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.ParseException;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import miroir.index.Refusal;
import miroir.server.configuration.IssuerConfiguration;
import org.jspecify.annotations.Nullable;

/** One of those whose tokens count: his keys, and what he says of himself. */
final class Issuer {
    private static final DefaultJOSEObjectTypeVerifier<SecurityContext> TYPES = new DefaultJOSEObjectTypeVerifier<>(
            new JOSEObjectType("at+jwt"), new JOSEObjectType("application/at+jwt"), JOSEObjectType.JWT, null);

    private final IssuerConfiguration configuration;
    private final GetDocument documents;
    private final Set<JWSAlgorithm> algorithms;
    private final Fetched<Discovery> discovery;
    private final Fetched<JWKSet> keys;
    private final DefaultJWTProcessor<SecurityContext> processor = new DefaultJWTProcessor<>();

    Issuer(IssuerConfiguration configuration, GetDocument documents, InstantSource clock) {
        this.configuration = configuration;
        this.documents = documents;
        this.algorithms =
                configuration.algorithms().stream().map(JWSAlgorithm::parse).collect(Collectors.toSet());
        this.discovery = new Fetched<>(
                "what the issuer " + configuration.name() + " says of itself (openid-configuration)",
                this::readDiscovery,
                configuration.outage(),
                clock);
        this.keys = new Fetched<>(
                "what keys the issuer " + configuration.name() + " has", this::readKeys, configuration.outage(), clock);
        processor.setJWSKeySelector(new JWSVerificationKeySelector<>(algorithms, this::keys));
        processor.setJWSTypeVerifier(TYPES);
        processor.setJWTClaimsSetVerifier(new CheckClaims(configuration, clock));
    }

    IssuerConfiguration configuration() {
        return configuration;
    }

    /** What it says of itself. */
    Discovery discovery() {
        return discovery.present();
    }

    /** What it says of itself, as far as that is known by now; nobody waits for it. */
    Optional<Discovery> knownDiscovery() {
        return discovery.known();
    }

    /** What a token says that this issuer has signed; refused where it has not, or where it is not for this server. */
    JWTClaimsSet verified(SignedJWT token) {
        try {
            checkHeader(token.getHeader());
            return processor.process(token, null);
        } catch (BadJWTException e) {
            throw refused(String.valueOf(e.getMessage()));
        } catch (BadJOSEException | JOSEException e) {
            throw refused("it is not signed with a key of the issuer, or is of another type than at+jwt and JWT");
        }
    }

    /** A key that a token brings along, or says where to get, is never looked at: whoever made the token chose it. */
    private void checkHeader(JWSHeader header) throws BadJWTException {
        if (!algorithms.contains(header.getAlgorithm())) {
            throw new BadJWTException(
                    "it is signed by " + Refusal.shown(header.getAlgorithm().getName()) + "; allowed are "
                            + String.join(", ", configuration.algorithms()));
        }
        Set<String> critical = header.getCriticalParams();
        if (critical != null && !critical.isEmpty()) {
            throw new BadJWTException("it has to be understood in ways that are not known here (crit)");
        }
    }

    private Refusal refused(String why) {
        return new Refusal(
                Refusal.Reason.TOKEN_REFUSED,
                "the token of the issuer " + configuration.name() + " is refused: " + why);
    }

    private List<JWK> keys(JWKSelector wanted, @Nullable SecurityContext context) {
        JWKSet known = keys.present();
        List<JWK> found = wanted.select(known);
        return found.isEmpty() ? wanted.select(keys.after(known)) : found;
    }

    private Discovery readDiscovery() throws IOException, InterruptedException {
        String issuer = configuration.issuer();
        return Discovery.of(documents.at(Discovery.address(issuer), mayBeHttp()), issuer);
    }

    private JWKSet readKeys() throws IOException, InterruptedException {
        try {
            return JWKSet.parse(textOfKeys()).toPublicJWKSet();
        } catch (ParseException e) {
            throw new IOException("they are no JWKS: " + e.getMessage(), e);
        }
    }

    /** An issuer elsewhere is trusted with roles, and not with requests to what listens on this machine. */
    private boolean mayBeHttp() {
        return configuration.issuer().startsWith("http:");
    }

    private String textOfKeys() throws IOException, InterruptedException {
        Optional<String> file = configuration.keysFile();
        if (file.isPresent()) {
            return Files.readString(Path.of(file.get()));
        }
        String url = configuration.keys();
        if (url != null) {
            return documents.at(url, true);
        }
        String said = discovery
                .present()
                .text("jwks_uri")
                .orElseThrow(() -> new IOException("the issuer does not say where its keys are (jwks_uri)"));
        return documents.at(said, mayBeHttp());
    }
}
