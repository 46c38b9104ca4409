package miroir.architecture;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What {@code deployment-keys.yaml} says that a file may say. */
final class AllowedKeys {
    private static final String ANY_NAME = "*";
    private static final String NEEDED = "!";
    private static final String ONE_OF = "one of ";

    private final List<String> strangers = new ArrayList<>();

    private AllowedKeys() {}

    /** Where a file says something else, in words. */
    static List<String> strangers(@Nullable Object node, Object allowed) {
        AllowedKeys found = new AllowedKeys();
        found.hold(node, allowed, "");
        return found.strangers;
    }

    private void hold(@Nullable Object node, Object allowed, String path) {
        if (node instanceof Map<?, ?> map && allowed instanceof Map<?, ?> keys) {
            map.forEach((key, value) -> holdKey(String.valueOf(key), value, keys, path + "/" + key));
            keys.keySet().stream()
                    .map(String::valueOf)
                    .filter(key -> key.endsWith(NEEDED) && !map.containsKey(key.substring(0, key.length() - 1)))
                    .forEach(key -> strangers.add(path + " has no " + key.substring(0, key.length() - 1)));
        } else if (node instanceof List<?> list && allowed instanceof List<?> each) {
            list.forEach(value -> hold(value, each.get(0), path + "[]"));
        } else if (!isOfKind(node, allowed)) {
            strangers.add(path + " is " + node + ", which is no " + allowed);
        }
    }

    private void holdKey(String key, @Nullable Object value, Map<?, ?> keys, String path) {
        Object allowed = Stream.of(key, key + NEEDED, ANY_NAME)
                .filter(keys::containsKey)
                .findFirst()
                .map(keys::get)
                .orElse(null);
        if (allowed == null) {
            strangers.add(path + " is not known; known are " + keys.keySet());
        } else {
            hold(value, allowed, path);
        }
    }

    private static boolean isOfKind(@Nullable Object node, Object allowed) {
        String kind = String.valueOf(allowed);
        if (kind.startsWith(ONE_OF)) {
            return List.of(kind.substring(ONE_OF.length()).split(", ", -1)).contains(String.valueOf(node));
        }
        return switch (kind) {
            case "any" -> true;
            case "text" -> node instanceof String;
            case "number" -> node instanceof Integer;
            case "truth" -> node instanceof Boolean;
            default -> false;
        };
    }
}
