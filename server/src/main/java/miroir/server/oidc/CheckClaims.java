package miroir.server.oidc;

import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.proc.BadJWTException;
import com.nimbusds.jwt.proc.JWTClaimsSetVerifier;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collections;
import java.util.Date;
import java.util.List;
import miroir.server.configuration.IssuerConfiguration;
import org.jspecify.annotations.Nullable;

/** Whether a token that is genuine is one for this server, and at this moment. */
final class CheckClaims implements JWTClaimsSetVerifier<SecurityContext> {
    /** Only tokens have them that tell an application who has logged in. */
    private static final List<String> OF_ID_TOKENS = List.of("at_hash", "c_hash");

    private final IssuerConfiguration issuer;
    private final InstantSource clock;

    CheckClaims(IssuerConfiguration issuer, InstantSource clock) {
        this.issuer = issuer;
        this.clock = clock;
    }

    @Override
    public void verify(JWTClaimsSet claims, @Nullable SecurityContext context) throws BadJWTException {
        require(issuer.issuer().equals(claims.getIssuer()), "it is of another issuer (iss)");
        require(
                !Collections.disjoint(issuer.audience(), claims.getAudience()),
                "it is not for this server: aud has to have one of " + issuer.audience());
        checkTimes(claims);
        require(
                OF_ID_TOKENS.stream().noneMatch(name -> claims.getClaim(name) != null)
                        && isBearer(claims.getClaim("typ")),
                "it is an ID token or another one that is no access token");
        require(claims.getClaim("events") == null, "it tells of an event, and is no access token");
        require(claims.getClaim("cnf") == null, "it is bound to a key (cnf), which is not supported here");
    }

    private void checkTimes(JWTClaimsSet claims) throws BadJWTException {
        Instant now = clock.instant();
        Date expires = claims.getExpirationTime();
        Date from = claims.getNotBeforeTime();
        Date issued = claims.getIssueTime();
        require(expires != null, "it never expires (exp)");
        require(expires != null && expires.toInstant().plus(issuer.leeway()).isAfter(now), "it expired (exp)");
        require(!isAhead(from, now), "it is not valid yet (nbf)");
        require(!isAhead(issued, now), "it was issued in the future (iat)");
    }

    private boolean isAhead(@Nullable Date moment, Instant now) {
        return moment != null && moment.toInstant().minus(issuer.leeway()).isAfter(now);
    }

    /** Some issuers say in a claim, and not in the header, what a token is. */
    private static boolean isBearer(@Nullable Object type) {
        return type == null || type.equals("Bearer");
    }

    private static void require(boolean holds, String otherwise) throws BadJWTException {
        if (!holds) {
            throw new BadJWTException(otherwise);
        }
    }
}
