package miroir.server.configuration;

import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import miroir.index.yaml.ConfigurationRefused;
import miroir.index.yaml.YamlNode;
import org.jspecify.annotations.Nullable;

/**
 * The file of a tenant: like {@code server.yaml}, without what is the server's alone. Where it listens and what it bears are the same for all; a
 * tenant has a database, types, search parameters, consumers and notes of its own.
 */
public final class TenantConfiguration {
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]{0,29}");
    static final String BASE = "/fhir";

    /** What the first segment of a path can mean else, now or later. */
    private static final Set<String> TAKEN = Set.of(
            "admin", "assets", "console", "events", "fhir", "health", "metrics", "parameters", "people", "reports");

    /** The same for people. */
    static final String TAKEN_SEGMENTS =
            String.join(", ", TAKEN.stream().sorted().toList());

    /** What one process has once. */
    private static final Set<String> OF_THE_SERVER = Set.of("limits", "tracing");

    private static final List<String> LISTEN = List.of("publicBase");

    private TenantConfiguration() {}

    /**
     * Reads the text of the file of the tenant of that name.
     *
     * @param server in whose process it lives
     */
    public static ServerConfiguration read(
            String name,
            String fileName,
            String text,
            Function<String, @Nullable String> environment,
            ServerConfiguration server) {
        if (!isSegment(name)) {
            throw new ConfigurationRefused(
                    fileName,
                    "\"" + name + "\" cannot be the name of a tenant: 1 to 30 of a-z, 0-9 and '-' can, with a letter"
                            + " first, but for " + TAKEN_SEGMENTS);
        }
        String[] keys = ServerConfiguration.keys().keySet().stream()
                .filter(key -> !OF_THE_SERVER.contains(key))
                .toArray(String[]::new);
        YamlNode root = YamlNode.parse(fileName, text, environment).allowOnly(keys);
        return ConfigurationFile.of(root, file -> read(name, fileName, file, server))
                .read();
    }

    private static ServerConfiguration read(
            String name, String fileName, ConfigurationFile file, ServerConfiguration server) {
        String said =
                ListenConfiguration.linkBase(file.section("listen", LISTEN)).orElse(null);
        ListenConfiguration listen =
                server.listen().withLinkBase(said == null ? linkBase(name, fileName, server.listen()) : said);
        AccessConfiguration access = AccessConfiguration.read(file, listen);
        AuditConfiguration audit = AuditConfiguration.read(file);
        DatabaseConfiguration database = DatabaseConfiguration.read(
                file, server.database().uri(), server.database().name() + "_" + name);
        FhirConfiguration fhir = FhirConfiguration.read(file);
        SearchConfiguration search = SearchConfiguration.read(file);
        ExportConfiguration export = ExportConfiguration.read(file);
        return new ServerConfiguration(
                name,
                listen,
                access,
                audit,
                database,
                fhir,
                search,
                HistoryConfiguration.read(file, search, export),
                export,
                IntegrityConfiguration.read(file),
                ValidationConfiguration.read(file),
                ReportsConfiguration.read(file),
                ViewsConfiguration.read(file),
                AlertsConfiguration.read(file),
                SubscriptionsConfiguration.read(file),
                server.tracing(),
                server.limits(),
                file);
    }

    private static boolean isSegment(String text) {
        return NAME.matcher(text).matches() && !TAKEN.contains(text);
    }

    /** A text that can be the first segment of paths. */
    static String segment(String text) {
        if (!isSegment(text)) {
            throw new IllegalArgumentException(text);
        }
        return text;
    }

    /** The server's, with the tenant before the last segment, as its paths have it. */
    private static @Nullable String linkBase(String name, String fileName, ListenConfiguration server) {
        String base = server.publicBase().orElse(null);
        if (base == null) {
            return null;
        }
        if (!isBase(base)) {
            throw new ConfigurationRefused(
                    fileName,
                    "the key \"listen.publicBase\" is missing: what it is for a tenant cannot be told from " + base
                            + ", which does not end with " + BASE);
        }
        return below(name, base);
    }

    /** Whether it is clear where a segment goes. */
    static boolean isBase(String url) {
        return url.endsWith(BASE);
    }

    /** A base with a segment before its last one. */
    static String below(String name, String base) {
        return base.substring(0, base.length() - BASE.length()) + "/" + name + BASE;
    }
}
