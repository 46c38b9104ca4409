package miroir.sync.configuration;

import java.net.URI;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import miroir.index.yaml.ConfigurationRefused;
import miroir.index.yaml.YamlNode;
import miroir.storage.sync.Definition;
import miroir.storage.sync.SourceDefinition;
import miroir.sync.upstream.Source;
import org.jspecify.annotations.Nullable;

/**
 * All of {@code sync.yaml}. A key that is not known stops the start.
 *
 * @param configured all synchronisations
 * @param types those of these types are meant; none: all
 */
public record SyncConfiguration(
        List<Source> sources, List<Definition> configured, Set<String> types, DaemonConfiguration daemon) {
    public SyncConfiguration {
        sources = List.copyOf(sources);
        configured = List.copyOf(configured);
        types = Set.copyOf(types);
    }

    /** The synchronisations that are meant. */
    public List<Definition> definitions() {
        return configured.stream()
                .filter(definition -> types.isEmpty() || types.contains(definition.type()))
                .toList();
    }

    /** Reads the text of a file; the function answers for <code>${NAME:default}</code> and for the keys of sources. */
    public static SyncConfiguration read(String fileName, String text, Function<String, @Nullable String> environment) {
        YamlNode file = YamlNode.parse(fileName, text, environment)
                .allowOnly(keys().keySet().toArray(String[]::new));
        List<Source> sources = new ArrayList<>();
        file.require("sources")
                .entries()
                .forEach((name, node) -> sources.add(SourceConfiguration.read(name, node, environment)));
        Set<String> names = new HashSet<>();
        sources.forEach(source -> names.add(source.name()));
        List<Definition> definitions = new ArrayList<>();
        Set<String> taken = new HashSet<>();
        for (YamlNode node : file.require("synchronisations").items()) {
            Definition definition = DefinitionConfiguration.read(node, names);
            if (!taken.add(definition.name())) {
                throw node.refuse("there are two synchronisations " + definition.name());
            }
            definitions.add(definition);
        }
        YamlNode daemon = file.find("daemon");
        return new SyncConfiguration(
                sources,
                definitions,
                Set.of(),
                DaemonConfiguration.read(
                        daemon == null || daemon.isEmpty() ? YamlNode.parse(fileName, "{}", environment) : daemon));
    }

    /** Every part with its keys, in order. */
    static Map<String, List<String>> keys() {
        Map<String, List<String>> keys = new LinkedHashMap<>();
        keys.put("sources", SourceConfiguration.KEYS);
        keys.put("synchronisations", DefinitionConfiguration.KEYS);
        keys.put("daemon", DaemonConfiguration.KEYS);
        return keys;
    }

    /** The same name; refuses one that no source has. */
    public String checkedSource(String name) {
        List<String> names = sources.stream().map(Source::name).toList();
        if (!names.contains(name)) {
            throw new ConfigurationRefused("--source", "there is no source " + name + "; there are: " + names);
        }
        return name;
    }

    /** The same with another address for all sources. */
    public SyncConfiguration at(String url) {
        URI base = SourceDefinition.base(url)
                .orElseThrow(() -> new ConfigurationRefused(
                        "--url", url + " is not a FHIR base such as https://example.org/fhir"));
        List<Source> moved = sources.stream().map(source -> source.at(base)).toList();
        if (moved.stream().anyMatch(SourceConfiguration::isInClear)) {
            throw new ConfigurationRefused("--url", SourceDefinition.IN_CLEAR);
        }
        return new SyncConfiguration(moved, configured, types, daemon);
    }

    /** The same for who asks while others do: of each source's quota half. */
    public SyncConfiguration besideOthers() {
        return new SyncConfiguration(
                sources.stream().map(Source::withHalfTheQuota).toList(), configured, types, daemon);
    }

    /** The same for these types only. */
    public SyncConfiguration only(Set<String> meant) {
        Set<String> missing = new HashSet<>(meant);
        configured.forEach(definition -> missing.remove(definition.type()));
        if (!missing.isEmpty()) {
            throw new ConfigurationRefused("--types", "no synchronisation is of type " + String.join(", ", missing));
        }
        return new SyncConfiguration(sources, configured, meant, daemon);
    }
}
