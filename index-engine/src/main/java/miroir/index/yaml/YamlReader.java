package miroir.index.yaml;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.CollectionEndEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * Reads YAML into nodes that keep their line. Only the plain part of YAML is taken: no anchors, no tags, no keys that are
 * not text, no key twice; a megabyte and thirty levels at most.
 */
final class YamlReader {
    private static final int MAX_CHARACTERS = 1_000_000;
    private static final int MAX_DEPTH = 30;
    private static final Pattern VARIABLE = Pattern.compile("\\$?\\$\\{(?:([A-Za-z_][A-Za-z0-9_]*)(?::([^}]*))?})?");

    private final String file;
    private final Function<String, @Nullable String> environment;
    private final LoadSettings settings;

    YamlReader(String file, Function<String, @Nullable String> environment) {
        this.file = file;
        this.environment = environment;
        this.settings = LoadSettings.builder()
                .setLabel(file)
                .setCodePointLimit(MAX_CHARACTERS)
                .build();
    }

    YamlNode read(String text) {
        try {
            checkDepth(text);
            return new Compose(settings)
                    .composeString(text)
                    .map(node -> convert(node, ""))
                    .orElseGet(() -> new YamlNode(file, 1, "", new YamlNode.Mapping(Map.of())));
        } catch (MarkedYamlEngineException e) {
            int line = e.getProblemMark().map(mark -> mark.getLine() + 1).orElse(1);
            throw new ConfigurationRefused(file + ":" + line, "not YAML: " + e.getProblem());
        } catch (YamlEngineException e) {
            throw new ConfigurationRefused(file + ":1", "not YAML: " + e.getMessage());
        }
    }

    /** Events come without recursion; composing is recursive, and would end with an overflow. */
    private void checkDepth(String text) {
        int depth = 0;
        for (Event event : new Parse(settings).parseString(text)) {
            if (event instanceof CollectionStartEvent && ++depth > MAX_DEPTH) {
                throw new ConfigurationRefused(
                        file + ":"
                                + event.getStartMark()
                                        .map(mark -> mark.getLine() + 1)
                                        .orElse(1),
                        "more than " + MAX_DEPTH + " levels of nesting");
            } else if (event instanceof CollectionEndEvent) {
                depth--;
            }
        }
    }

    private YamlNode convert(Node node, String path) {
        int line = node.getStartMark().map(mark -> mark.getLine() + 1).orElse(1);
        if (node.getAnchor().isPresent()) {
            throw refusal(line, path, "anchors and aliases are not allowed");
        }
        if (node instanceof ScalarNode scalar) {
            boolean empty = scalar.getTag().equals(Tag.NULL);
            List<String> variables = new ArrayList<>();
            String text = empty ? "" : substitute(scalar.getValue(), line, path, variables);
            return new YamlNode(file, line, path, new YamlNode.Scalar(text, variables));
        }
        if (node instanceof SequenceNode sequence) {
            return new YamlNode(file, line, path, new YamlNode.Sequence(items(sequence, path)));
        }
        return new YamlNode(file, line, path, new YamlNode.Mapping(entries((MappingNode) node, path)));
    }

    private List<YamlNode> items(SequenceNode sequence, String path) {
        List<YamlNode> items = new ArrayList<>();
        for (Node item : sequence.getValue()) {
            items.add(convert(item, path + "[" + items.size() + "]"));
        }
        return List.copyOf(items);
    }

    /** A value takes the line of its key, so that a refused mapping is reported where its name stands. */
    private Map<String, YamlNode> entries(MappingNode mapping, String path) {
        Map<String, YamlNode> entries = new LinkedHashMap<>();
        for (NodeTuple tuple : mapping.getValue()) {
            int line = tuple.getKeyNode()
                    .getStartMark()
                    .map(mark -> mark.getLine() + 1)
                    .orElse(1);
            if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
                throw refusal(line, path, "a key must be text");
            }
            String below = path.isEmpty() ? key.getValue() : path + "." + key.getValue();
            YamlNode value = convert(tuple.getValueNode(), below).at(line);
            if (entries.put(key.getValue(), value) != null) {
                throw refusal(line, below, "stands here twice");
            }
        }
        return Collections.unmodifiableMap(entries);
    }

    /** Adds to the variables those that are set. */
    private String substitute(String text, int line, String path, List<String> variables) {
        if (text.indexOf("${") < 0) {
            return text;
        }
        return VARIABLE.matcher(text).replaceAll(match -> {
            String name = match.group(1);
            if (name != null && !match.group().startsWith("$$") && environment.apply(name) != null) {
                variables.add(name);
            }
            return Matcher.quoteReplacement(value(match.group(), name, match.group(2), line, path));
        });
    }

    private String value(String whole, @Nullable String name, @Nullable String byDefault, int line, String path) {
        if (whole.startsWith("$$")) {
            return whole.substring(1);
        }
        if (name == null) {
            throw refusal(line, path, "a variable is written ${NAME} or ${NAME:default}; $${ stands for ${ itself");
        }
        String value = environment.apply(name);
        if (value == null && byDefault == null) {
            throw refusal(line, path, "the environment variable " + name + " is not set, and there is no default");
        }
        return value != null ? value : byDefault == null ? "" : byDefault;
    }

    private ConfigurationRefused refusal(int line, String path, String reason) {
        return new YamlNode(file, line, path, new YamlNode.Scalar("")).refuse(reason);
    }
}
