package miroir.server.configuration;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import miroir.index.yaml.ConfigurationRefused;
import miroir.index.yaml.YamlNode;
import org.jspecify.annotations.Nullable;

/** One section of the file, every key of which may be missing; a key without a value counts as missing. */
final class Section {
    private static final Pattern SIZE = Pattern.compile("([0-9]{1,9})(B|kB|MB)");

    private final @Nullable YamlNode node;

    private Section(@Nullable YamlNode node) {
        this.node = node;
    }

    /** The section with that name; only these keys may be in it. */
    static Section of(YamlNode file, String name, List<String> keys) {
        YamlNode node = file.find(name);
        return new Section(node == null || node.isEmpty() ? null : node.allowOnly(keys.toArray(String[]::new)));
    }

    /** A section in this one. */
    Section section(String key, List<String> keys) {
        return node == null ? this : of(node, key, keys);
    }

    /** The sections of a list, in order; only these keys may be in each. */
    List<Section> sections(String key, List<String> keys) {
        return value(key, YamlNode::items).orElse(List.of()).stream()
                .map(item -> new Section(item.allowOnly(keys.toArray(String[]::new))))
                .toList();
    }

    /** What to throw when what is said here cannot be used; only where something is said. */
    ConfigurationRefused refuse(String reason) {
        return Objects.requireNonNull(node).refuse(reason);
    }

    String text(String key, String otherwise) {
        return value(key, YamlNode::text).orElse(otherwise);
    }

    Optional<String> text(String key) {
        return value(key, YamlNode::text);
    }

    /** A text that has to be there. */
    String required(String key) {
        return text(key).orElseThrow(() -> refuse("the key \"" + key + "\" is missing"));
    }

    /** A list, or one text with commas between the items, as it comes from the environment. */
    List<String> texts(String key) {
        return value(key, YamlNode::texts).orElse(List.of()).stream()
                .flatMap(text -> Arrays.stream(text.split(",", -1)))
                .map(String::strip)
                .filter(text -> !text.isEmpty())
                .toList();
    }

    boolean bool(String key, boolean otherwise) {
        return value(key, YamlNode::bool).orElse(otherwise);
    }

    int integer(String key, int otherwise, int min, int max) {
        return value(key, node -> node.integer(min, max)).orElse(otherwise);
    }

    Duration duration(String key, Duration otherwise) {
        return value(key, YamlNode::duration).orElse(otherwise);
    }

    /** A value where the text is not this word; empty where it is, or where the key is missing. */
    <T> Optional<T> unless(String key, String word, Function<YamlNode, T> read) {
        return value(key, node -> node.text().equals(word) ? Optional.<T>empty() : Optional.of(read.apply(node)))
                .flatMap(Function.identity());
    }

    /** The same, with a value where the key is missing. */
    <T> Optional<T> unless(String key, String word, Function<YamlNode, T> read, T otherwise) {
        return value(key, YamlNode::text).isPresent() ? unless(key, word, read) : Optional.of(otherwise);
    }

    <E extends Enum<E>> E choice(String key, E otherwise) {
        return value(key, node -> node.choice(otherwise.getDeclaringClass())).orElse(otherwise);
    }

    /** A number of bytes, such as {@code 4MB}. */
    int size(String key, int otherwise) {
        return value(key, Section::bytes).orElse(otherwise);
    }

    /** A number of bytes where the text is not this word; empty where it is, or where the key is missing. */
    Optional<Integer> sizeUnless(String key, String word) {
        return unless(key, word, Section::bytes);
    }

    /** The same, or 0. */
    int sizeOrNone(String key, int otherwise) {
        return value(key, node -> node.text().equals("0") ? 0 : bytes(node)).orElse(otherwise);
    }

    <T> Optional<T> parsed(String key, Function<String, T> parser, String allowed) {
        return value(key, node -> parsed(node, node.text(), parser, allowed));
    }

    /** The same of each text of a list. */
    <T> List<T> allParsed(String key, Function<String, T> parser, String allowed) {
        return value(
                        key,
                        node -> texts(key).stream()
                                .map(text -> parsed(node, text, parser, allowed))
                                .toList())
                .orElse(List.of());
    }

    private static <T> T parsed(YamlNode node, String text, Function<String, T> parser, String allowed) {
        try {
            return parser.apply(text);
        } catch (RuntimeException e) {
            throw node.refuse("\"" + text + "\" is not " + allowed);
        }
    }

    private static Integer bytes(YamlNode node) {
        Matcher matcher = SIZE.matcher(node.text());
        if (matcher.matches()) {
            int unit = switch (matcher.group(2)) {
                case "B" -> 1;
                case "kB" -> 1 << 10;
                default -> 1 << 20;
            };
            long size = Long.parseLong(matcher.group(1)) * unit;
            if (size > 0 && size <= 1 << 30) {
                return (int) size;
            }
        }
        throw node.refuse("\"" + node.text() + "\" is not a size between 1B and 1024MB, such as 16kB or 4MB");
    }

    private <T> Optional<T> value(String key, Function<YamlNode, T> read) {
        YamlNode value = node == null ? null : node.find(key);
        return value == null || value.isEmpty() ? Optional.empty() : Optional.of(read.apply(value));
    }
}
