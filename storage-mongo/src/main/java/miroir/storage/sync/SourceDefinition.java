package miroir.storage.sync;

import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import org.bson.BsonDocument;

/**
 * A FHIR server that resources come from, as it is written down: never with what opens it.
 *
 * @param name what its synchronisations are called after
 * @param base its FHIR base, without a slash at the end
 * @param header that carries the key
 * @param key where the key is: of one from the file in words, of another the name under which the daemon has it; empty: it needs none
 * @param quota calls in a second
 * @param timeout of one call, its body included
 * @param pageSize the largest page that is asked for
 * @param proxy host and port; empty: none
 * @param patience how long nothing may succeed before a run gives up
 * @param formerly where the same server was before; {@link #ANYWHERE}; empty: nowhere else
 * @param origin where this comes from: {@link Synchronisation#FILE}, or who else wrote it down
 */
public record SourceDefinition(
        String name,
        URI base,
        String header,
        String key,
        double quota,
        Duration timeout,
        int pageSize,
        String proxy,
        Duration patience,
        String formerly,
        String origin) {
    /** Wherever it was before. */
    public static final String ANYWHERE = "any";

    /** What keys may not do. */
    public static final String IN_CLEAR =
            "over http the key would be readable for everybody on the way; use https, or no key (http is allowed to this machine, without a proxy)";

    private static final String NAME = "[a-z0-9-]{1,40}";

    /** Whether a source may be called that. */
    public static boolean isName(String name) {
        return name.matches(NAME);
    }

    /** A FHIR base, without the slash at its end; empty where the text is none. */
    public static Optional<URI> base(String text) {
        try {
            URI uri = URI.create(text.endsWith("/") ? text.substring(0, text.length() - 1) : text);
            boolean http = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
            return http && uri.getHost() != null && uri.getQuery() == null && uri.getUserInfo() == null
                    ? Optional.of(uri)
                    : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** Whether a key that is sent there could be read on the way. */
    public static boolean isInClear(URI base) {
        String host = String.valueOf(base.getHost());
        boolean here = host.equals("localhost") || host.equals("[::1]") || host.matches("127(\\.[0-9]{1,3}){3}");
        return "http".equals(base.getScheme()) && !here;
    }

    /** Whether it is known to be the server that was at that address. */
    public boolean wasAt(String address) {
        return formerly.equals(ANYWHERE) || formerly.equals(address);
    }

    /** Whether its key could be read on the way to it. */
    public boolean isKeyInClear() {
        return !key.isEmpty() && (isInClear(base) || (!proxy.isEmpty() && "http".equals(base.getScheme())));
    }

    /** Whether a call of the other is a call of this one. */
    boolean isAskedLike(SourceDefinition other) {
        return base.equals(other.base)
                && header.equals(other.header)
                && key.equals(other.key)
                && proxy.equals(other.proxy);
    }

    /** Whether the daemon's file says so; nobody else changes it then. */
    public boolean isFromFile() {
        return origin.equals(Synchronisation.FILE);
    }

    /** By which whoever changes it shows what he has seen. */
    public long version() {
        return Fields.version(document());
    }

    BsonDocument document() {
        return new Fields()
                .text("base", base.toString())
                .text("header", header)
                .text("key", key)
                .fraction("quota", quota)
                .number("timeout", timeout.toMillis())
                .number("pageSize", pageSize)
                .text("proxy", proxy)
                .number("patience", patience.toMillis())
                .text("formerly", formerly)
                .text("origin", origin)
                .document();
    }

    static SourceDefinition of(String name, BsonDocument document) {
        return new SourceDefinition(
                name,
                URI.create(Fields.text(document, "base", "")),
                Fields.text(document, "header", ""),
                Fields.text(document, "key", ""),
                Fields.fraction(document, "quota", 1),
                Duration.ofMillis(Fields.number(document, "timeout")),
                (int) Fields.number(document, "pageSize"),
                Fields.text(document, "proxy", ""),
                Duration.ofMillis(Fields.number(document, "patience")),
                Fields.text(document, "formerly", ""),
                Fields.text(document, "origin", Synchronisation.FILE));
    }
}
