package miroir.server.configuration;

import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import miroir.index.yaml.ConfigurationRefused;
import miroir.index.yaml.YamlNode;
import miroir.server.configuration.Setting.Origin;
import org.jspecify.annotations.Nullable;

/**
 * One section of the file, every key of which may be missing; a key without a value counts as missing. Whoever asks for a key says what it is by default,
 * as it would be written: so that is read like everything else, and can be shown.
 */
final class Section {
    private static final Pattern SIZE = Pattern.compile("([0-9]{1,9})(B|kB|MB)");
    private static final List<String> TRUE_OR_FALSE = List.of("true", "false");

    private final ConfigurationFile file;
    private final @Nullable YamlNode node;
    private final String path;
    private final List<String> changeable;

    private Section(ConfigurationFile file, @Nullable YamlNode node, String path, List<String> changeable) {
        this.file = file;
        this.node = node;
        this.path = path;
        this.changeable = changeable;
    }

    /** The section that is there, or would be; only these keys may be in it. */
    static Section of(
            ConfigurationFile file, @Nullable YamlNode found, String path, List<String> keys, List<String> changeable) {
        boolean isThere = found != null && !found.isEmpty();
        YamlNode node = isThere ? Objects.requireNonNull(found).allowOnly(keys.toArray(String[]::new)) : null;
        return new Section(file, node, path, changeable);
    }

    /** A section in this one. */
    Section section(String key, List<String> keys) {
        return of(file, node == null ? null : node.find(key), path + "." + key, keys, List.of());
    }

    /** The sections of a list, in order; only these keys may be in each. */
    List<Section> sections(String key, List<String> keys) {
        YamlNode list = find(key);
        if (list == null) {
            remember(key, null, "", List.of());
            return List.of();
        }
        List<YamlNode> items = list.items();
        return items.stream()
                .map(item -> of(file, item, path + "." + key + "[" + items.indexOf(item) + "]", keys, List.of()))
                .toList();
    }

    /** What to throw when what is said here cannot be used; only where something is said. */
    ConfigurationRefused refuse(String reason) {
        return Objects.requireNonNull(node).refuse(reason);
    }

    String text(String key, String otherwise) {
        return value(key, otherwise, YamlNode::text);
    }

    Optional<String> text(String key) {
        return optional(key, YamlNode::text);
    }

    /** A text that nobody is shown; nor what it is by default. */
    Optional<String> secret(String key) {
        YamlNode found = find(key);
        file.asked(new Setting(path + "." + key, "", "", origin(found, key), from(found, key), true, false, List.of()));
        return Optional.ofNullable(found).map(YamlNode::text);
    }

    /**
     * An address, whose text is not shown where it is none: somebody may have written a password into it.
     *
     * @param mayBe what has to be so beside that it has a host
     * @param allowed for people
     */
    URI address(String key, String text, Set<String> schemes, Predicate<URI> mayBe, String allowed) {
        try {
            URI uri = URI.create(text);
            if (uri.getHost() != null && schemes.contains(uri.getScheme()) && mayBe.test(uri)) {
                return uri;
            }
        } catch (IllegalArgumentException e) {
            // Refused like the others.
        }
        throw refuse(path + "." + key + " is not " + allowed);
    }

    /** A text that has to be there. */
    String required(String key) {
        return text(key).orElseThrow(() -> refuse("the key \"" + key + "\" is missing"));
    }

    /** A list, or one text with commas between the items, as it comes from the environment. */
    List<String> texts(String key) {
        return optional(key, Section::items).orElse(List.of());
    }

    List<String> texts(String key, String otherwise) {
        return value(key, otherwise, Section::items);
    }

    private static List<String> items(YamlNode node) {
        return node.texts().stream()
                .flatMap(text -> Arrays.stream(text.split(",", -1)))
                .map(String::strip)
                .filter(text -> !text.isEmpty())
                .toList();
    }

    boolean bool(String key, boolean otherwise) {
        return value(key, String.valueOf(otherwise), YamlNode::bool, TRUE_OR_FALSE);
    }

    int integer(String key, int otherwise, int min, int max) {
        return value(key, String.valueOf(otherwise), node -> node.integer(min, max));
    }

    Duration duration(String key, String otherwise) {
        return value(key, otherwise, YamlNode::duration);
    }

    /** A value where the text is not this word; empty where it is, or where the key is missing. */
    <T> Optional<T> unless(String key, String word, Function<YamlNode, T> read) {
        return unless(key, word, read, word);
    }

    /** The same, with a value where the key is missing. */
    <T> Optional<T> unless(String key, String word, Function<YamlNode, T> read, String otherwise) {
        return value(
                key, otherwise, node -> node.text().equals(word) ? Optional.<T>empty() : Optional.of(read.apply(node)));
    }

    <E extends Enum<E>> E choice(String key, E otherwise) {
        Class<E> type = otherwise.getDeclaringClass();
        return value(
                key,
                YamlNode.spelling(otherwise),
                node -> node.choice(type),
                Arrays.stream(type.getEnumConstants()).map(YamlNode::spelling).toList());
    }

    /** A number of bytes, such as {@code 4MB}. */
    int size(String key, String otherwise) {
        return value(key, otherwise, Section::bytes);
    }

    /** A number of bytes where the text is not this word; empty where it is, or where the key is missing. */
    Optional<Integer> sizeUnless(String key, String word) {
        return unless(key, word, Section::bytes);
    }

    /** The same, or 0. */
    int sizeOrNone(String key, String otherwise) {
        return value(key, otherwise, node -> node.text().equals("0") ? 0 : bytes(node));
    }

    <T> Optional<T> parsed(String key, Function<String, T> parser, String allowed) {
        return optional(key, node -> parsed(node, node.text(), parser, allowed));
    }

    <T> T parsed(String key, String otherwise, Function<String, T> parser, String allowed) {
        return value(key, otherwise, node -> parsed(node, node.text(), parser, allowed));
    }

    /** The same of each text of a list. */
    <T> List<T> allParsed(String key, Function<String, T> parser, String allowed) {
        return optional(key, node -> allParsed(node, parser, allowed)).orElse(List.of());
    }

    <T> List<T> allParsed(String key, String otherwise, Function<String, T> parser, String allowed) {
        return value(key, otherwise, node -> allParsed(node, parser, allowed));
    }

    private static <T> List<T> allParsed(YamlNode node, Function<String, T> parser, String allowed) {
        return items(node).stream()
                .map(text -> parsed(node, text, parser, allowed))
                .toList();
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

    private <T> T value(String key, String otherwise, Function<YamlNode, T> read) {
        return value(key, otherwise, read, List.of());
    }

    private <T> T value(String key, String otherwise, Function<YamlNode, T> read, List<String> choices) {
        YamlNode found = find(key);
        T value = read.apply(found == null ? ConfigurationFile.node(path + "." + key, otherwise) : found);
        remember(key, found, otherwise, choices);
        return value;
    }

    private <T> Optional<T> optional(String key, Function<YamlNode, T> read) {
        YamlNode found = find(key);
        Optional<T> value = Optional.ofNullable(found).map(read);
        remember(key, found, "", List.of());
        return value;
    }

    /** What was set in the console, where it may be, or what the file says. */
    private @Nullable YamlNode find(String key) {
        YamlNode set = setInConsole(key);
        YamlNode value = set != null || node == null ? set : node.find(key);
        return value == null || value.isEmpty() ? null : value;
    }

    private @Nullable YamlNode setInConsole(String key) {
        return changeable.contains(key) ? file.instead(path + "." + key) : null;
    }

    private void remember(String key, @Nullable YamlNode found, String otherwise, List<String> choices) {
        file.asked(new Setting(
                path + "." + key,
                found == null ? (setInConsole(key) == null ? otherwise : "") : String.join(", ", found.texts()),
                otherwise,
                origin(found, key),
                from(found, key),
                false,
                changeable.contains(key),
                choices));
    }

    private Origin origin(@Nullable YamlNode found, String key) {
        if (setInConsole(key) != null) {
            // Also where it is set to nothing, instead of what the file says.
            return Origin.CONSOLE;
        }
        if (found == null) {
            return Origin.DEFAULT;
        }
        return found.variables().isEmpty() ? Origin.FILE : Origin.ENVIRONMENT;
    }

    private String from(@Nullable YamlNode found, String key) {
        return switch (origin(found, key)) {
            case DEFAULT, CONSOLE -> "";
            case FILE -> Objects.requireNonNull(found).where();
            case ENVIRONMENT -> String.join(", ", Objects.requireNonNull(found).variables());
        };
    }
}
