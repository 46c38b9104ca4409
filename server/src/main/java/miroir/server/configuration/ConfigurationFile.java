package miroir.server.configuration;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import miroir.index.yaml.ConfigurationRefused;
import miroir.index.yaml.YamlNode;
import org.bson.BsonDocument;
import org.bson.BsonString;
import org.jspecify.annotations.Nullable;

/**
 * The file that a configuration is read from, and what was set in the console instead of some of its values. It remembers each key that it was asked for,
 * so that what is shown of a configuration is what was read of it, and nothing else.
 */
public final class ConfigurationFile {
    private final YamlNode root;
    private final Map<String, YamlNode> instead;
    private final Function<ConfigurationFile, ServerConfiguration> reader;
    private final Map<String, Setting> asked = new LinkedHashMap<>();

    private ConfigurationFile(
            YamlNode root, Map<String, YamlNode> instead, Function<ConfigurationFile, ServerConfiguration> reader) {
        this.root = root;
        this.instead = instead;
        this.reader = reader;
    }

    /** A file as it is, and how a configuration is read from it. */
    static ConfigurationFile of(YamlNode root, Function<ConfigurationFile, ServerConfiguration> reader) {
        return new ConfigurationFile(root, Map.of(), reader);
    }

    /** The same file with other values, by their keys. */
    ConfigurationFile with(Map<String, String> values) {
        Map<String, YamlNode> nodes = new LinkedHashMap<>();
        values.forEach((key, text) -> nodes.put(key, node(key, text)));
        return new ConfigurationFile(root, nodes, reader);
    }

    ServerConfiguration read() {
        return reader.apply(this);
    }

    /** A value that stands in no file; what is wrong with it is told of its key. */
    static YamlNode node(String key, String text) {
        YamlNode node = YamlNode.of("console", document(List.of(key.split("\\.", -1)), text));
        for (String part : key.split("\\.", -1)) {
            node = node.require(part);
        }
        return node;
    }

    private static BsonDocument document(List<String> path, String text) {
        return new BsonDocument(
                path.get(0), path.size() == 1 ? new BsonString(text) : document(path.subList(1, path.size()), text));
    }

    /** The section of that name; only these keys may be in it, and none of them is changed while servers run. */
    Section section(String name, List<String> keys) {
        return section(name, keys, List.of());
    }

    /**
     * The section of that name; only these keys may be in it.
     *
     * @param changeable those that may be set in the console
     */
    Section section(String name, List<String> keys, List<String> changeable) {
        return Section.of(this, root.find(name), name, keys, changeable);
    }

    ConfigurationRefused refuse(String reason) {
        return root.refuse(reason);
    }

    /** What was set in the console. */
    @Nullable
    YamlNode instead(String key) {
        return instead.get(key);
    }

    void asked(Setting setting) {
        asked.put(setting.key(), setting);
    }

    /** All keys that were asked for, in that order, with what was found. */
    public List<Setting> settings() {
        return List.copyOf(asked.values());
    }
}
