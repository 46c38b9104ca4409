package miroir.sql.configuration;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import miroir.index.yaml.ConfigurationRefused;
import miroir.index.yaml.YamlNode;
import org.jspecify.annotations.Nullable;

/**
 * All of {@code sql.yaml}. A key that is not known stops the start.
 *
 * @param poll how often is looked for changes where no change stream tells of them
 * @param batch about how many commits are taken in at once
 * @param late what is further behind is said to be late
 * @param rebuildAfter what is further behind is built anew
 * @param metricsPort where {@code /metrics} is, on the loopback; 0: nowhere
 */
public record SqlConfiguration(
        List<CopyConfiguration> copies,
        Duration poll,
        int batch,
        Duration late,
        Duration rebuildAfter,
        int metricsPort) {
    static final List<String> KEYS = List.of("copies", "poll", "batch", "late", "rebuildAfter", "metricsPort");

    public SqlConfiguration {
        copies = List.copyOf(copies);
    }

    /**
     * Reads the text of a file.
     *
     * @param folder where files of copies are that are not said to be elsewhere
     * @param environment answers for <code>${NAME:default}</code> and for passwords
     */
    public static SqlConfiguration read(
            String fileName, String text, Path folder, Function<String, @Nullable String> environment) {
        YamlNode file = YamlNode.parse(fileName, text, environment).allowOnly(KEYS.toArray(String[]::new));
        List<CopyConfiguration> copies = new ArrayList<>();
        Set<String> places = new HashSet<>();
        file.require("copies").entries().forEach((name, node) -> {
            CopyConfiguration copy = CopyConfiguration.read(name, node, folder, environment);
            if (!places.add(copy.place().shown())) {
                throw node.refuse(
                        "another copy is there already: " + copy.place().shown());
            }
            copies.add(copy);
        });
        return new SqlConfiguration(
                copies,
                duration(file, "poll", Duration.ofSeconds(1)),
                integer(file, "batch", 1_000, 1, 100_000),
                duration(file, "late", Duration.ofMinutes(15)),
                duration(file, "rebuildAfter", Duration.ofDays(30)),
                integer(file, "metricsPort", 8082, 0, 65_535));
    }

    /** Every part with its keys, in order. */
    static Map<String, List<String>> keys() {
        Map<String, List<String>> keys = new LinkedHashMap<>();
        keys.put("", KEYS.subList(1, KEYS.size()));
        keys.put("copies.*", CopyConfiguration.KEYS);
        return keys;
    }

    /**
     * The same with one copy only.
     *
     * @param name null: all of them
     */
    public SqlConfiguration only(@Nullable String name) {
        if (name == null) {
            return this;
        }
        List<CopyConfiguration> one =
                copies.stream().filter(copy -> copy.name().equals(name)).toList();
        if (one.isEmpty()) {
            throw new ConfigurationRefused(
                    "--copy",
                    "there is no copy \"" + name + "\"; there are "
                            + copies.stream().map(CopyConfiguration::name).toList());
        }
        return new SqlConfiguration(one, poll, batch, late, rebuildAfter, metricsPort);
    }

    private static Duration duration(YamlNode node, String key, Duration otherwise) {
        YamlNode value = node.find(key);
        if (value == null || value.isEmpty()) {
            return otherwise;
        }
        if (value.duration().isZero()) {
            throw value.refuse("is no time at all");
        }
        return value.duration();
    }

    private static int integer(YamlNode node, String key, int otherwise, int least, int most) {
        YamlNode value = node.find(key);
        return value == null || value.isEmpty() ? otherwise : value.integer(least, most);
    }
}
