package miroir.server.configuration;

import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import miroir.server.proxy.ForwardedHeader;
import miroir.server.proxy.Network;
import org.jspecify.annotations.Nullable;

/**
 * Where the server is reached.
 *
 * @param address the address it listens on
 * @param port 0: any free one
 * @param hosts names under which it may be asked, besides those of loopback
 * @param linkBase the FHIR base in links, where it is not the one under which requests arrive
 * @param trustedProxies whose word counts on how a request came to them
 * @param forwardedHeaders those that these write, and let nobody else write
 * @param https where the server speaks TLS itself
 */
public record ListenConfiguration(
        String address,
        int port,
        List<String> hosts,
        @Nullable String linkBase,
        List<Network> trustedProxies,
        List<ForwardedHeader> forwardedHeaders,
        @Nullable TlsConfiguration https) {
    static final List<String> KEYS =
            List.of("address", "port", "hosts", "publicBase", "trustedProxies", "forwardedHeaders", "tls");
    private static final String USUAL =
            ForwardedHeader.USUAL.stream().map(ForwardedHeader::header).collect(Collectors.joining(", "));

    public ListenConfiguration {
        hosts = List.copyOf(hosts);
        trustedProxies = List.copyOf(trustedProxies);
        forwardedHeaders = forwardedHeaders.isEmpty() ? ForwardedHeader.USUAL : List.copyOf(forwardedHeaders);
    }

    static ListenConfiguration read(ConfigurationFile file) {
        Section section = file.section("listen", KEYS);
        return new ListenConfiguration(
                section.text("address", "127.0.0.1"),
                section.integer("port", 8080, 0, 65535),
                section.texts("hosts"),
                linkBase(section).orElse(null),
                section.allParsed(
                        "trustedProxies",
                        Network::of,
                        "an address or a network of fewer than all, such as 127.0.0.1, ::1, 10.0.0.0/8 or fd00::/8"),
                section.allParsed("forwardedHeaders", USUAL, ForwardedHeader::of, "one of " + ForwardedHeader.NAMES),
                TlsConfiguration.read(section.section("tls", TlsConfiguration.KEYS))
                        .orElse(null));
    }

    /** The same, with another base in links; the host of the one before may be asked for as well. */
    ListenConfiguration withLinkBase(@Nullable String base) {
        return new ListenConfiguration(address, port, allHosts(), base, trustedProxies, forwardedHeaders, https);
    }

    /** The FHIR base in links that a section says. */
    static Optional<String> linkBase(Section section) {
        return section.parsed(
                "publicBase",
                ListenConfiguration::httpUrl,
                "an absolute http or https URL without a slash at its end, such as https://example.org/fhir");
    }

    /** The FHIR base in links, where it is configured. */
    public Optional<String> publicBase() {
        return Optional.ofNullable(linkBase);
    }

    /** How it speaks TLS, where it does. */
    public Optional<TlsConfiguration> tls() {
        return Optional.ofNullable(https);
    }

    /** By which it is spoken to: {@code http} or {@code https}. */
    public String scheme() {
        return https == null ? "http" : "https";
    }

    /** The configured names and the one of the public base. */
    public List<String> allHosts() {
        return Stream.concat(
                        hosts.stream(),
                        publicBase().map(base -> URI.create(base).getHost()).stream())
                .toList();
    }

    /** Whether only programs on the same machine can connect to it. */
    public boolean isLoopback() {
        return isLoopback(address);
    }

    /** The same of any address; nobody knows what none is. */
    public static boolean isLoopback(@Nullable String address) {
        return address != null && (address.equals("localhost") || address.startsWith("127.") || address.equals("::1"));
    }

    private static String httpUrl(String text) {
        URI uri = URI.create(text);
        boolean http = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
        if (!http || uri.getHost() == null || text.endsWith("/")) {
            throw new IllegalArgumentException(text);
        }
        return text;
    }
}
