package miroir.simulator.query;

import java.util.List;
import java.util.function.Consumer;
import org.bson.BsonArray;
import org.bson.BsonDocument;
import org.bson.BsonValue;
import org.jspecify.annotations.Nullable;

/**
 * Follows a path of a {@link Parameter} into a resource. A step is {@code name}, {@code name[x]} for the extensions
 * whose address ends with x, or {@code name{x}} for what has an extension whose address ends with x.
 */
final class FindElements {
    private FindElements() {}

    static void under(BsonDocument resource, String path, Consumer<BsonValue> found) {
        follow(resource, List.of(path.split("\\.", -1)), found);
    }

    private static void follow(@Nullable BsonValue value, List<String> steps, Consumer<BsonValue> found) {
        if (value instanceof BsonArray array) {
            array.forEach(item -> follow(item, steps, found));
        } else if (steps.isEmpty() && value != null) {
            found.accept(value);
        } else if (value instanceof BsonDocument element) {
            step(element, steps.get(0), rest -> follow(rest, steps.subList(1, steps.size()), found));
        }
    }

    private static void step(BsonDocument element, String step, Consumer<BsonValue> found) {
        int condition = Math.max(step.indexOf('['), step.indexOf('{'));
        if (condition < 0) {
            found.accept(element.getOrDefault(step, new BsonArray()));
            return;
        }
        String wanted = step.substring(condition + 1, step.length() - 1);
        boolean itself = step.charAt(condition) == '[';
        if (element.get(step.substring(0, condition)) instanceof BsonArray items) {
            items.stream()
                    .filter(item ->
                            item instanceof BsonDocument one && (itself ? has(one, wanted) : carries(one, wanted)))
                    .forEach(found);
        }
    }

    private static boolean carries(BsonDocument element, String extension) {
        return element.get("extension") instanceof BsonArray extensions
                && extensions.stream().anyMatch(item -> item instanceof BsonDocument one && has(one, extension));
    }

    private static boolean has(BsonDocument extension, String end) {
        return extension.containsKey("url")
                && extension.getString("url").getValue().endsWith(end);
    }
}
