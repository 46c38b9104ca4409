package miroir.server.configuration;

import java.net.URI;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Somebody whose tokens (JWTs) count.
 *
 * @param name by which the log and the register of access call it
 * @param issuer what {@code iss} has to be
 * @param audience {@code aud} has to have one of them: what the issuer calls this server
 * @param keys where they are: a URL, or {@code file:} and a path; null: the issuer's discovery says so
 * @param algorithms by which tokens may be signed
 * @param scopes whether scopes of SMART allow something
 * @param rolesClaim the claim with names of roles of the register; null: none has
 * @param leeway by how much clocks may differ
 * @param outage so long the keys are good that were read last, where no others can be had
 */
public record IssuerConfiguration(
        String name,
        String issuer,
        List<String> audience,
        @Nullable String keys,
        List<String> algorithms,
        Scopes scopes,
        @Nullable String rolesClaim,
        Duration leeway,
        Duration outage) {
    static final List<String> KEYS =
            List.of("name", "issuer", "audience", "jwks", "algorithms", "scopes", "roles", "leeway", "outage");

    /** Nothing with a shared secret: who can check such a token can make one. */
    private static final List<String> SIGNED =
            List.of("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512");

    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9-]{0,19}");
    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");
    private static final String FILE = "file:";
    private static final Duration LONGEST_LEEWAY = Duration.ofMinutes(5);

    /** What scopes of SMART are to this server. */
    public enum Scopes {
        SMART,
        OFF
    }

    public IssuerConfiguration {
        audience = List.copyOf(audience);
        algorithms = List.copyOf(algorithms);
    }

    static List<IssuerConfiguration> readAll(Section access) {
        List<IssuerConfiguration> issuers = access.sections("issuers", KEYS).stream()
                .map(IssuerConfiguration::read)
                .toList();
        Set<String> seen = new HashSet<>();
        for (IssuerConfiguration each : issuers) {
            if (!seen.add("name " + each.name) || !seen.add("issuer " + each.issuer)) {
                throw access.refuse(
                        "two issuers are called \"" + each.name + "\" or have the issuer \"" + each.issuer + "\"");
            }
        }
        return issuers;
    }

    private static IssuerConfiguration read(Section section) {
        List<String> algorithms = section.allParsed(
                "algorithms",
                String.join(", ", SIGNED),
                IssuerConfiguration::algorithm,
                "one of " + String.join(", ", SIGNED));
        IssuerConfiguration read = new IssuerConfiguration(
                section.required("name"),
                section.required("issuer"),
                section.texts("audience"),
                section.text("jwks").orElse(null),
                algorithms,
                section.choice("scopes", Scopes.SMART),
                section.text("roles").orElse(null),
                section.duration("leeway", "30s"),
                section.duration("outage", "1h"));
        read.check(section);
        return read;
    }

    private void check(Section section) {
        if (!NAME.matcher(name).matches()) {
            throw section.refuse(
                    "the name \"" + name + "\" is not 1 to 20 of a-z, 0-9 and '-', with a letter or a figure first");
        }
        if (audience.isEmpty()) {
            throw section.refuse("the key \"audience\" is missing: without it tokens that are for others would count");
        }
        if (leeway.compareTo(LONGEST_LEEWAY) > 0) {
            throw section.refuse("leeway is at most 5m");
        }
        String url = keys == null ? issuer : keys;
        if (!url.startsWith(FILE) && !isSafe(url)) {
            throw section.refuse("\"" + url + "\" is neither an https URL nor an http one on loopback"
                    + (keys == null ? ", and jwks does not say where the keys are" : ", nor file: and a path"));
        }
    }

    private static String algorithm(String text) {
        if (!SIGNED.contains(text)) {
            throw new IllegalArgumentException(text);
        }
        return text;
    }

    /** Whether what comes from there comes from whom it says; on loopback nobody stands between. */
    public static boolean isSafe(String url) {
        try {
            URI uri = URI.create(url);
            String host = uri.getHost();
            return host != null
                    && ("https".equals(uri.getScheme()) || ("http".equals(uri.getScheme()) && LOOPBACK.contains(host)));
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** The path of the file with the keys, where they are in one. */
    public Optional<String> keysFile() {
        return Optional.ofNullable(keys)
                .filter(where -> where.startsWith(FILE))
                .map(where -> where.substring(FILE.length()));
    }
}
