package miroir.sync.configuration;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import miroir.index.yaml.YamlNode;
import miroir.sync.state.Definition;
import miroir.sync.state.Schedule;

/** The entries of {@code synchronisations}: what is copied, how often, and what may go wrong on the way. */
final class DefinitionConfiguration {
    static final List<String> KEYS = List.of(
            "source", "type", "name", "filter", "schedule", "fullEvery", "overlap", "guard", "rejects", "priority");

    private static final Set<String> OURS = Set.of("_id", "_lastUpdated", "_count", "_total", "_page");

    private DefinitionConfiguration() {}

    static Definition read(YamlNode node, Set<String> sources) {
        node.allowOnly(KEYS.toArray(String[]::new));
        String source = node.require("source").text();
        if (!sources.contains(source)) {
            throw node.require("source").refuse("there is no source \"" + source + "\"; there are " + sources);
        }
        String type = node.require("type").text();
        String filter =
                Optionals.value(node, "filter", DefinitionConfiguration::filter).orElse("");
        String part = Optionals.text(node, "name", "");
        if (!part.matches("[a-z0-9-]{0,40}") || part.isEmpty() != filter.isEmpty()) {
            throw node.refuse("a filter needs a name of lower-case letters, digits and hyphens, and a name a filter");
        }
        Definition plain = Definition.of(source, type);
        return new Definition(
                part.isEmpty() ? plain.name() : plain.name() + "/" + part,
                source,
                type,
                filter,
                Optionals.parsed(node, "schedule", Schedule::parse).orElse(plain.schedule()),
                Optionals.duration(node, "fullEvery", plain.fullEvery()),
                overlap(node, plain.overlap()),
                Optionals.share(node, "guard", plain.guard()),
                Optionals.share(node, "rejects", plain.rejects()),
                Optionals.integer(node, "priority", plain.priority(), 0, 1_000));
    }

    /** It becomes part of URLs as it is, beside parameters of our own. */
    private static String filter(YamlNode node) {
        String filter = node.text();
        if (!filter.matches("([A-Za-z0-9._~!$&'()*+,;=:@/?-]|%[0-9A-Fa-f]{2})+")) {
            throw node.refuse("the filter \"" + filter + "\" is not written as in a URL; there it is \""
                    + escaped(filter) + "\"");
        }
        for (String parameter : filter.split("&", -1)) {
            if (OURS.contains(parameter.split("[=:]", 2)[0])) {
                throw node.refuse("the filter \"" + filter + "\" has "
                        + parameter.split("[=:]", 2)[0] + ", which the synchronisation asks with itself");
            }
        }
        return filter;
    }

    private static String escaped(String filter) {
        StringBuilder escaped = new StringBuilder();
        for (byte each : filter.getBytes(StandardCharsets.UTF_8)) {
            String character = String.valueOf((char) each);
            boolean legal = each > 0 && character.matches("[A-Za-z0-9._~!$&'()*+,;=:@/?%-]");
            escaped.append(legal ? character : String.format(Locale.ROOT, "%%%02X", each));
        }
        return escaped.toString();
    }

    private static Duration overlap(YamlNode node, Duration otherwise) {
        Duration overlap = Optionals.duration(node, "overlap", otherwise);
        if (overlap.compareTo(Duration.ofDays(1)) > 0) {
            throw node.refuse("overlap: " + overlap + " is more than a day");
        }
        return overlap;
    }
}
