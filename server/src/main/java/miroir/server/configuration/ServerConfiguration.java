package miroir.server.configuration;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import miroir.index.yaml.ConfigurationRefused;
import miroir.index.yaml.YamlNode;
import org.jspecify.annotations.Nullable;

/**
 * All of {@code server.yaml}. A key that is missing has its default; a key that is not known stops the start.
 *
 * @param tenant whose configuration it is; an empty string: the server's own
 * @param file that it was read from
 */
public record ServerConfiguration(
        String tenant,
        ListenConfiguration listen,
        AccessConfiguration access,
        AuditConfiguration audit,
        DatabaseConfiguration database,
        FhirConfiguration fhir,
        SearchConfiguration search,
        HistoryConfiguration history,
        ExportConfiguration export,
        IntegrityConfiguration integrity,
        ValidationConfiguration validation,
        ReportsConfiguration reports,
        ViewsConfiguration views,
        AlertsConfiguration alerts,
        SubscriptionsConfiguration subscriptions,
        TracingConfiguration tracing,
        LimitsConfiguration limits,
        ConfigurationFile file) {
    public ServerConfiguration {
        String base = listen.publicBase().orElse("");
        if (search.directoryPath().isPresent() && !base.isEmpty() && !TenantConfiguration.isBase(base)) {
            throw new ConfigurationRefused(
                    "search.directoryPath",
                    "its base in links cannot be told from listen.publicBase, " + base + ", which does not end with "
                            + TenantConfiguration.BASE);
        }
    }

    /** Reads the text of a file; the function answers for <code>${NAME:default}</code>. */
    public static ServerConfiguration read(
            String fileName, String text, Function<String, @Nullable String> environment) {
        YamlNode root = YamlNode.parse(fileName, text, environment)
                .allowOnly(keys().keySet().toArray(String[]::new));
        return ConfigurationFile.of(root, ServerConfiguration::read).read();
    }

    private static ServerConfiguration read(ConfigurationFile file) {
        ListenConfiguration listen = ListenConfiguration.read(file);
        AccessConfiguration access = AccessConfiguration.read(file, listen);
        AuditConfiguration audit = AuditConfiguration.read(file);
        DatabaseConfiguration database = DatabaseConfiguration.read(file);
        FhirConfiguration fhir = FhirConfiguration.read(file);
        SearchConfiguration search = SearchConfiguration.read(file);
        ExportConfiguration export = ExportConfiguration.read(file);
        return new ServerConfiguration(
                "",
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
                TracingConfiguration.read(file),
                LimitsConfiguration.read(file),
                file);
    }

    /** The FHIR bases that are known before anybody asks: the public one, and the one beside it at which searches are read as the directory's. */
    public Set<String> ownBases() {
        String base = listen.publicBase().orElse(null);
        if (base == null) {
            return Set.of();
        }
        return search.directoryPath()
                .map(name -> Set.of(base, TenantConfiguration.below(name, base)))
                .orElse(Set.of(base));
    }

    /** Every section with its keys, in order. */
    static Map<String, List<String>> keys() {
        Map<String, List<String>> keys = new LinkedHashMap<>();
        keys.put("listen", ListenConfiguration.KEYS);
        keys.put("access", AccessConfiguration.KEYS);
        keys.put("audit", AuditConfiguration.KEYS);
        keys.put("database", DatabaseConfiguration.KEYS);
        keys.put("fhir", FhirConfiguration.KEYS);
        keys.put("search", SearchConfiguration.KEYS);
        keys.put("history", HistoryConfiguration.KEYS);
        keys.put("export", ExportConfiguration.KEYS);
        keys.put("integrity", IntegrityConfiguration.KEYS);
        keys.put("validation", ValidationConfiguration.KEYS);
        keys.put("reports", ReportsConfiguration.KEYS);
        keys.put("views", ViewsConfiguration.KEYS);
        keys.put("alerts", AlertsConfiguration.KEYS);
        keys.put("subscriptions", SubscriptionsConfiguration.KEYS);
        keys.put("tracing", TracingConfiguration.KEYS);
        keys.put("limits", LimitsConfiguration.KEYS);
        return keys;
    }
}
