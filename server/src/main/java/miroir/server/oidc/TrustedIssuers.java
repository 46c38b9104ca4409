package miroir.server.oidc;

import com.nimbusds.jwt.SignedJWT;
import java.text.ParseException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import miroir.index.Refusal;
import miroir.server.access.AdministratorRole;
import miroir.server.access.Bearer;
import miroir.server.access.Bearers;
import miroir.server.access.Grants;
import miroir.server.access.KnownTokens;
import miroir.server.access.Named;
import miroir.server.access.Permission;
import miroir.server.access.TokenText;
import miroir.server.configuration.IssuerConfiguration;
import miroir.server.configuration.IssuerConfiguration.Scopes;
import miroir.server.metadata.SmartSecurity;
import org.jspecify.annotations.Nullable;

/** Finds whose a token is that one of the configured issuers has signed; of all others, who has issued them here. */
public final class TrustedIssuers implements Bearers {
    private static final String OWN = "miroir_";
    private static final int LONGEST = 8 << 10;
    private static final int MOST_TOKENS = 4096;

    /** Tokens of an application are many, and allow the same. */
    private static final int MOST_GRANTS = 256;

    private final Map<String, Issuer> issuers = new LinkedHashMap<>();
    private final KnownTokens register;
    private final InstantSource clock;
    private final Map<String, VerifiedToken> verified = Remembered.most(MOST_TOKENS);
    private final Map<List<Permission>, Grants> grants = Remembered.most(MOST_GRANTS);

    /** Those, and the register for tokens of its own, for roles, and for who is blocked. */
    public TrustedIssuers(List<IssuerConfiguration> configured, KnownTokens register, InstantSource clock) {
        this.register = register;
        this.clock = clock;
        if (!configured.isEmpty()) {
            GetDocument documents = new GetDocument();
            configured.forEach(each -> issuers.put(each.issuer(), new Issuer(each, documents, clock)));
        }
    }

    @Override
    public Bearer find(String token) {
        if (!isOfIssuer(token)) {
            return register.find(token);
        }
        VerifiedToken known = verified(token);
        for (String name : List.of(known.application(), known.person())) {
            if (register.isBlocked(name)) {
                throw refused("the consumer " + name + " is blocked");
            }
        }
        String counted = known.application().isEmpty() ? known.person() : known.application();
        return new Bearer(known.name(), Named.CONSUMER.id(counted), grants(known), AdministratorRole.NOBODY);
    }

    /** A signature has to be checked of those that were not shown a moment ago. */
    @Override
    public boolean isDear(String token) {
        return isOfIssuer(token) ? remembered(TokenText.hash(token), clock.instant()) == null : register.isDear(token);
    }

    private boolean isOfIssuer(String token) {
        return !issuers.isEmpty() && isJwt(token);
    }

    private static boolean isJwt(String token) {
        int first = token.indexOf('.');
        int second = token.indexOf('.', first + 1);
        return first > 0 && second > 0 && token.indexOf('.', second + 1) < 0 && !token.startsWith(OWN);
    }

    private VerifiedToken verified(String token) {
        if (token.length() > LONGEST) {
            throw refused("a token has " + LONGEST + " characters at most, and this one has " + token.length());
        }
        String hash = TokenText.hash(token);
        Instant now = clock.instant();
        VerifiedToken known = remembered(hash, now);
        if (known == null) {
            known = verify(token, now);
            verified.put(hash, known);
        }
        return known;
    }

    private @Nullable VerifiedToken remembered(String hash, Instant now) {
        VerifiedToken known = verified.get(hash);
        return known != null && now.isBefore(known.until()) ? known : null;
    }

    /** What it says before it is verified tells only whom to ask. */
    private VerifiedToken verify(String token, Instant now) {
        try {
            SignedJWT signed = SignedJWT.parse(token);
            String says = signed.getJWTClaimsSet() == null
                    ? null
                    : signed.getJWTClaimsSet().getIssuer();
            Issuer issuer = says == null ? null : issuers.get(says);
            if (issuer == null) {
                throw refused("the token is of no issuer whose tokens count here");
            }
            return ReadBearer.of(issuer.configuration(), issuer.verified(signed), now);
        } catch (ParseException | IllegalArgumentException e) {
            throw refused("the token is no signed JWT");
        }
    }

    /** Roles are those of this moment. */
    private Grants grants(VerifiedToken token) {
        List<Permission> permissions = token.scopes();
        if (!token.roles().isEmpty()) {
            permissions = new ArrayList<>(permissions);
            permissions.addAll(register.permissionsOf(token.roles()));
        }
        if (permissions.size() > Grants.MOST) {
            throw refused("scopes and roles of the token are " + permissions.size() + " permissions; allowed are "
                    + Grants.MOST);
        }
        Grants known = grants.get(permissions);
        if (known == null) {
            known = new Grants(permissions);
            grants.put(List.copyOf(permissions), known);
        }
        return known;
    }

    /** For {@code /metadata}, where there is an issuer whose scopes count, and who says of himself how to get tokens; without addresses as long as they are not known. */
    public Optional<SmartSecurity> security() {
        return smart().map(issuer -> {
            Optional<Discovery> discovery = issuer.knownDiscovery();
            return new SmartSecurity(
                    discovery.flatMap(said -> said.text("token_endpoint")).orElse(null),
                    discovery
                            .flatMap(said -> said.text("authorization_endpoint"))
                            .orElse(null));
        });
    }

    /** The SMART configuration, where there is an issuer whose scopes count. */
    Optional<Map<String, Object>> smartConfiguration() {
        return smart().map(issuer -> SmartConfiguration.of(issuer.discovery()));
    }

    private Optional<Issuer> smart() {
        return issuers.values().stream()
                .filter(issuer -> issuer.configuration().scopes() == Scopes.SMART)
                .filter(issuer ->
                        IssuerConfiguration.isSafe(issuer.configuration().issuer()))
                .findFirst();
    }

    private static Refusal refused(String why) {
        return new Refusal(Refusal.Reason.TOKEN_REFUSED, why);
    }
}
