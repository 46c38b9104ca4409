package miroir.sync.configuration;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import miroir.index.yaml.YamlNode;

/** Values of a mapping that may be missing; one without a text counts as missing. */
final class Optionals {
    private Optionals() {}

    static <T> Optional<T> value(YamlNode node, String key, Function<YamlNode, T> read) {
        YamlNode value = node.find(key);
        return value == null || value.isEmpty() ? Optional.empty() : Optional.of(read.apply(value));
    }

    static String text(YamlNode node, String key, String otherwise) {
        return value(node, key, YamlNode::text).orElse(otherwise);
    }

    static int integer(YamlNode node, String key, int otherwise, int least, int most) {
        return value(node, key, each -> each.integer(least, most)).orElse(otherwise);
    }

    static Duration duration(YamlNode node, String key, Duration otherwise) {
        return value(node, key, YamlNode::duration).orElse(otherwise);
    }

    /** {@code 5%} as 0.05. */
    static double share(YamlNode node, String key, double otherwise) {
        return value(node, key, each -> {
                    String text = each.text();
                    if (!text.matches("[0-9]{1,3}(\\.[0-9]{1,3})?%")) {
                        throw each.refuse("\"" + text + "\" is not a share such as 5% or 0.5%");
                    }
                    double share = Double.parseDouble(text.substring(0, text.length() - 1)) / 100;
                    if (share > 1) {
                        throw each.refuse("\"" + text + "\" is more than 100%");
                    }
                    return share;
                })
                .orElse(otherwise);
    }

    /** What a parser makes of the text; its complaint, with the place, where it cannot. */
    static <T> Optional<T> parsed(YamlNode node, String key, Function<String, T> parser) {
        return value(node, key, each -> {
            try {
                return parser.apply(each.text());
            } catch (RuntimeException e) {
                throw each.refuse(String.valueOf(e.getMessage()));
            }
        });
    }
}
