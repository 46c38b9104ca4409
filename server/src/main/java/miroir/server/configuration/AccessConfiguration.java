package miroir.server.configuration;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import miroir.server.access.RequestRules;
import miroir.server.proxy.Network;
import org.jspecify.annotations.Nullable;

/**
 * Who may do what.
 *
 * @param openBeyondLoopback allows {@code mode: open} on an address, or behind a gateway, that others can reach
 * @param writable whoever is on the same machine may write without a token; for development
 * @param tokenFile holds the token that may write; without it nobody has one
 * @param requests whether applications may ask for tokens themselves
 * @param origins of web pages that may ask for resources from browsers, in lower case
 * @param issuers whose tokens count as well
 */
public record AccessConfiguration(
        Mode mode,
        boolean openBeyondLoopback,
        boolean writable,
        @Nullable Path tokenFile,
        RequestRules requests,
        List<String> origins,
        List<IssuerConfiguration> issuers) {
    static final List<String> KEYS = List.of(
            "mode",
            "openBeyondLoopback",
            "writable",
            "writeTokenFile",
            "requests",
            "requestNetworks",
            "requestRoles",
            "origins",
            "issuers");

    public AccessConfiguration {
        origins = List.copyOf(origins);
        issuers = List.copyOf(issuers);
    }

    /** Who may read. */
    public enum Mode {
        /** Everyone reads; writing needs a token. */
        OPEN,
        /** Everything needs a token. */
        TOKEN
    }

    static AccessConfiguration read(ConfigurationFile file, ListenConfiguration listen) {
        Section section = file.section("access", KEYS);
        AccessConfiguration access = new AccessConfiguration(
                section.choice("mode", Mode.OPEN),
                section.bool("openBeyondLoopback", false),
                section.bool("writable", false),
                section.text("writeTokenFile").map(Path::of).orElse(null),
                requests(section),
                section.allParsed("origins", WebOrigin::of, WebOrigin.ALLOWED),
                IssuerConfiguration.readAll(section));
        access.refuseAccidents(file, listen);
        return access;
    }

    /** What asks for a network and is in none would never be accepted, and a role that is given to nobody is a mistake. */
    private static RequestRules requests(Section section) {
        RequestRules rules = new RequestRules(
                section.bool("requests", false),
                section.allParsed(
                        "requestNetworks",
                        Network::of,
                        "an address or a network of fewer than all, such as 127.0.0.1 or 10.0.0.0/8"),
                section.texts("requestRoles"));
        if (!rules.open() && !(rules.networks().isEmpty() && rules.roles().isEmpty())) {
            throw section.refuse("requestNetworks and requestRoles are for requests: true");
        }
        if (rules.networks().isEmpty() != rules.roles().isEmpty()) {
            throw section.refuse(
                    "requestNetworks says from where a token is had without an administrator, and requestRoles what it"
                            + " is for: both are needed, or none");
        }
        return rules;
    }

    /** The file with the token that may write, where there is one. */
    public Optional<Path> writeTokenFile() {
        return Optional.ofNullable(tokenFile);
    }

    private void refuseAccidents(ConfigurationFile file, ListenConfiguration listen) {
        if (writable && !listen.isLoopback()) {
            throw file.refuse("access.writable works on loopback only, and listen.address is " + listen.address());
        }
        boolean gateway = !listen.trustedProxies().isEmpty();
        if (writable && (gateway || listen.publicBase().isPresent())) {
            throw file.refuse("access.writable is for programs on the same machine, and listen."
                    + (gateway ? "trustedProxies" : "publicBase")
                    + " is for a gateway, through which everybody seems to be on it; only one of them can be");
        }
        if (mode == Mode.OPEN && !openBeyondLoopback && (gateway || !listen.isLoopback())) {
            throw file.refuse((gateway ? "listen.trustedProxies are gateways" : "listen.address is " + listen.address())
                    + ", which others can reach: set access.mode to token, or access.openBeyondLoopback to true"
                    + " if everyone may read");
        }
    }
}
