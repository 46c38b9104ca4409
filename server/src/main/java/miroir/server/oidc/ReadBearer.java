package miroir.server.oidc;

import com.nimbusds.jwt.JWTClaimsSet;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import miroir.index.Refusal;
import miroir.server.access.Named;
import miroir.server.configuration.IssuerConfiguration;
import miroir.server.configuration.IssuerConfiguration.Scopes;
import org.jspecify.annotations.Nullable;

/**
 * Reads from the claims of a genuine token who shows it, and what for.
 *
 * <p>An application that asks for itself is {@code oidc/NAME/CLIENT}; one that asks for somebody who uses it is {@code oidc/NAME/CLIENT/SUBJECT}. In the register the application is the consumer
 * {@code oidc.NAME.CLIENT}, and whoever uses it {@code oidc.NAME._SUBJECT}. That it asks for
 * itself shows by a scope {@code system/…}, or by a subject that is missing or is the application.
 */
final class ReadBearer {
    private static final Duration LONGEST = Duration.ofSeconds(60);
    private static final String NO_CLIENT = "-";

    /** No application is called like that: their names begin with a letter or a figure. */
    private static final String PERSON = "_";

    private final IssuerConfiguration issuer;
    private final JWTClaimsSet claims;

    private ReadBearer(IssuerConfiguration issuer, JWTClaimsSet claims) {
        this.issuer = issuer;
        this.claims = claims;
    }

    static VerifiedToken of(IssuerConfiguration issuer, JWTClaimsSet claims, Instant now) {
        return new ReadBearer(issuer, claims).read(now);
    }

    private VerifiedToken read(Instant now) {
        List<String> scopes = scopes();
        String client = text("client_id").or(() -> text("azp")).orElse("");
        String subject = text("sub").orElse("");
        if (client.isEmpty() && subject.isEmpty()) {
            throw new Refusal(
                    Refusal.Reason.TOKEN_REFUSED,
                    "the token of the issuer " + issuer.name() + " does not say whose it is (client_id, azp or sub)");
        }
        boolean forItself = subject.isEmpty() || subject.equals(client) || isOfSystem(scopes);
        String application = client.isEmpty() ? NO_CLIENT : BearerName.of(client);
        String name = "oidc/" + issuer.name() + "/" + application;
        return new VerifiedToken(
                forItself && !client.isEmpty() ? name : name + "/" + BearerName.of(subject),
                client.isEmpty() ? "" : consumer(BearerName.of(client)),
                subject.isEmpty() ? "" : consumer(PERSON + BearerName.of(subject)),
                issuer.scopes() == Scopes.SMART ? SmartScopes.permissions(scopes) : List.of(),
                roles(),
                until(now));
    }

    private String consumer(String who) {
        return Named.OF_ISSUERS + issuer.name() + "." + who;
    }

    private static boolean isOfSystem(List<String> scopes) {
        return scopes.stream().anyMatch(scope -> scope.startsWith("system/"))
                && scopes.stream().noneMatch(scope -> scope.startsWith("user/"));
    }

    private Instant until(Instant now) {
        Instant expiry = claims.getExpirationTime().toInstant().plus(issuer.leeway());
        Instant soon = now.plus(LONGEST);
        return expiry.isBefore(soon) ? expiry : soon;
    }

    /** Most have {@code scope}, a text or a list; some have {@code scp}. */
    private List<String> scopes() {
        Object scope = claims.getClaim("scope");
        return words(scope == null ? claims.getClaim("scp") : scope);
    }

    /** The claim of that name, or what a path of names leads to, such as {@code realm_access.roles}. */
    private List<String> roles() {
        String name = issuer.rolesClaim();
        if (name == null) {
            return List.of();
        }
        Object claim = claims.getClaim(name);
        return words(claim == null ? at(claims.getClaims(), name) : claim);
    }

    private static @Nullable Object at(Map<String, Object> object, String path) {
        Object found = object;
        for (String name : path.split("\\.", -1)) {
            found = found instanceof Map<?, ?> map ? map.get(name) : null;
        }
        return found;
    }

    private static List<String> words(@Nullable Object claim) {
        if (claim instanceof String text) {
            return Arrays.stream(text.split(" ", -1))
                    .filter(word -> !word.isEmpty())
                    .toList();
        }
        return claim instanceof List<?> list
                ? list.stream()
                        .filter(String.class::isInstance)
                        .map(String.class::cast)
                        .toList()
                : List.of();
    }

    private Optional<String> text(String name) {
        return claims.getClaim(name) instanceof String text && !text.isBlank() ? Optional.of(text) : Optional.empty();
    }
}
