package miroir.server.configuration;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** What each key means, in a sentence or two: as {@code conf/README.md} says it, of which the build puts a copy beside this class. */
public final class KeyMeanings {
    private static final String BEGIN = "## server.yaml";
    private static final String NEXT = "## ";
    private static final int CELLS = 6;

    private static final Map<String, KeyMeanings> ALL = read();

    private final String byDefault;
    private final String meaning;

    private KeyMeanings(String byDefault, String meaning) {
        this.byDefault = byDefault;
        this.meaning = meaning;
    }

    /** The meaning of a key; of those of a list each item has the same. */
    public static String of(String key) {
        KeyMeanings found = ALL.get(known(key));
        return found == null ? "" : found.meaning;
    }

    /** All of them; of a list, those of its items with empty brackets. */
    public static Set<String> keys() {
        return Set.copyOf(ALL.keySet());
    }

    /** The key as it stands among them. */
    public static String known(String key) {
        return key.replaceAll("\\[\\d+]", "[]");
    }

    /** By their keys, what is said to hold by default. */
    static Map<String, String> defaults() {
        Map<String, String> defaults = new LinkedHashMap<>();
        ALL.forEach((key, each) -> defaults.put(key, each.byDefault));
        return defaults;
    }

    private static Map<String, KeyMeanings> read() {
        Map<String, KeyMeanings> all = new LinkedHashMap<>();
        boolean isTable = false;
        for (String line : lines()) {
            if (line.startsWith(NEXT)) {
                isTable = line.equals(BEGIN);
            } else if (isTable && line.startsWith("| `")) {
                String[] cells = line.split("(?<!\\\\)\\|", -1);
                if (cells.length == CELLS) {
                    all.put(plain(cells[1]), new KeyMeanings(plain(cells[3]), plain(cells[4])));
                }
            }
        }
        return all;
    }

    private static List<String> lines() {
        try (InputStream in = Objects.requireNonNull(KeyMeanings.class.getResourceAsStream("README.md"))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Without what marks links and code. */
    private static String plain(String markdown) {
        return markdown.replaceAll("\\[([^]]+)]\\([^)]*\\)", "$1")
                .replace("`", "")
                .strip();
    }
}
