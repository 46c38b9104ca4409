package miroir.index.yaml;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import miroir.index.NearestName;
import org.bson.BsonDocument;
import org.jspecify.annotations.Nullable;

/**
 * A value of a configuration file that knows where it stands: a mapping, a sequence or a scalar.
 *
 * <p>Whoever reads a mapping first says which keys it knows ({@link #allowOnly}), then asks for them by type. Whatever does
 * not fit is a {@link ConfigurationRefused} with file, line, key and what is allowed.
 */
public final class YamlNode {
    private static final Pattern DURATION = Pattern.compile("([0-9]{1,9})(ms|s|m|h|d)");

    /** Of what stands in no file. */
    static final int NO_LINE = 0;

    private final String file;
    private final int line;
    private final String path;
    private final Content content;

    /** What a node holds. */
    sealed interface Content {}

    /**
     * A text.
     *
     * @param variables those of the environment that it was taken from
     */
    record Scalar(String text, List<String> variables) implements Content {
        Scalar {
            variables = List.copyOf(variables);
        }

        Scalar(String text) {
            this(text, List.of());
        }
    }

    record Sequence(List<YamlNode> items) implements Content {}

    record Mapping(Map<String, YamlNode> entries) implements Content {}

    YamlNode(String file, int line, String path, Content content) {
        this.file = file;
        this.line = line;
        this.path = path;
        this.content = content;
    }

    /**
     * Reads a YAML document. A variable in a scalar, <code>${NAME:default}</code>, is replaced by what the function says of
     * the name; a second dollar sign before it keeps it as it is. The replacement is always text, never structure.
     */
    public static YamlNode parse(String file, String text, Function<String, @Nullable String> environment) {
        return new YamlReader(file, environment).read(text);
    }

    /** Reads a JSON document; nothing is replaced. */
    public static YamlNode parseJson(String file, String text) {
        return new JsonReader(file).read(text);
    }

    /** A resource, as BSON, that messages call by this name. */
    public static YamlNode of(String name, BsonDocument resource) {
        return new BsonNodes(name).of(resource);
    }

    /** The same value, said to stand on another line. */
    YamlNode at(int otherLine) {
        return new YamlNode(file, otherLine, path, content);
    }

    /** {@code file:line}, or the name of what has no lines. */
    public String where() {
        return line == NO_LINE ? file : file + ":" + line;
    }

    /** What to throw when this value cannot be used. */
    public ConfigurationRefused refuse(String reason) {
        return new ConfigurationRefused(where(), path, reason);
    }

    /** Refuses every other key of this mapping; returns this. */
    public YamlNode allowOnly(String... keys) {
        List<String> known = Arrays.asList(keys);
        entries().forEach((key, value) -> {
            if (!known.contains(key)) {
                throw value.refuse("unknown key; " + NearestName.hint(key, known));
            }
        });
        return this;
    }

    /** The keys of this mapping, in order. */
    public Set<String> keys() {
        return entries().keySet();
    }

    /** The entries of this mapping, in order. */
    public Map<String, YamlNode> entries() {
        if (content instanceof Mapping mapping) {
            return mapping.entries();
        }
        throw refuse("must be a mapping of keys to values");
    }

    /** The value of a key of this mapping, or null. */
    public @Nullable YamlNode find(String key) {
        return entries().get(key);
    }

    /** The value of a key that must be there. */
    public YamlNode require(String key) {
        YamlNode value = find(key);
        if (value == null) {
            throw refuse("the key \"" + key + "\" is missing");
        }
        return value;
    }

    /** The items of this sequence, in order. */
    public List<YamlNode> items() {
        if (content instanceof Sequence sequence) {
            return sequence.items();
        }
        throw refuse("must be a list");
    }

    /** The texts of a list, or the one text that stands for a list of one. */
    public List<String> texts() {
        return content instanceof Scalar
                ? List.of(text())
                : items().stream().map(YamlNode::text).toList();
    }

    /** Whether this is a scalar without a text: nothing behind the colon, or a variable that is empty. */
    public boolean isEmpty() {
        return content instanceof Scalar scalar && scalar.text().isEmpty();
    }

    public boolean isMapping() {
        return content instanceof Mapping;
    }

    /** The text of a scalar; numbers and booleans as they are written. */
    public String text() {
        if (!(content instanceof Scalar scalar)) {
            throw refuse("must be a single value");
        }
        if (scalar.text().isEmpty()) {
            throw refuse("has no value");
        }
        return scalar.text();
    }

    /** The variables of the environment that this value was taken from, in order; none where a default took their place. */
    public List<String> variables() {
        if (content instanceof Scalar scalar) {
            return scalar.variables();
        }
        return content instanceof Sequence sequence
                ? sequence.items().stream()
                        .flatMap(item -> item.variables().stream())
                        .distinct()
                        .toList()
                : List.of();
    }

    /** {@code true} or {@code false}, and no other spelling. */
    public boolean bool() {
        return switch (text()) {
            case "true" -> true;
            case "false" -> false;
            default -> throw refuse(quoted() + " is neither true nor false");
        };
    }

    /** A whole number within bounds, both included. */
    public int integer(int min, int max) {
        try {
            int value = Integer.parseInt(text());
            if (value >= min && value <= max) {
                return value;
            }
        } catch (NumberFormatException e) {
            // said below
        }
        throw refuse(quoted() + " is not a whole number between " + min + " and " + max);
    }

    /** A length of time: a whole number and {@code ms}, {@code s}, {@code m}, {@code h} or {@code d}. */
    public Duration duration() {
        Matcher matcher = DURATION.matcher(text());
        if (!matcher.matches()) {
            throw refuse(quoted() + " is not a length of time, such as 500ms, 10s, 5m, 24h, 30d");
        }
        long amount = Long.parseLong(matcher.group(1));
        return switch (matcher.group(2)) {
            case "ms" -> Duration.ofMillis(amount);
            case "s" -> Duration.ofSeconds(amount);
            case "m" -> Duration.ofMinutes(amount);
            case "h" -> Duration.ofHours(amount);
            default -> Duration.ofDays(amount);
        };
    }

    /** One of the constants, in lower case and with hyphens. */
    public <E extends Enum<E>> E choice(Class<E> type) {
        for (E constant : type.getEnumConstants()) {
            if (spelling(constant).equals(text())) {
                return constant;
            }
        }
        List<String> known =
                Arrays.stream(type.getEnumConstants()).map(YamlNode::spelling).toList();
        throw refuse(quoted() + " is not known; " + NearestName.hint(text(), known));
    }

    /** How a constant is written. */
    public static String spelling(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private String quoted() {
        return "\"" + text() + "\"";
    }
}
