package miroir.index.yaml;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bson.BsonDocument;
import org.bson.BsonValue;

/** Turns a resource as it is stored into the same nodes as YAML; they have no line. */
record BsonNodes(String name) {

    YamlNode of(BsonDocument document) {
        return mapping(document, "");
    }

    private YamlNode mapping(BsonDocument document, String path) {
        Map<String, YamlNode> entries = new LinkedHashMap<>();
        document.forEach((key, value) -> entries.put(key, node(value, path.isEmpty() ? key : path + "." + key)));
        return new YamlNode(name, YamlNode.NO_LINE, path, new YamlNode.Mapping(Collections.unmodifiableMap(entries)));
    }

    private YamlNode node(BsonValue value, String path) {
        if (value.isDocument()) {
            return mapping(value.asDocument(), path);
        }
        return new YamlNode(
                name,
                YamlNode.NO_LINE,
                path,
                value.isArray() ? new YamlNode.Sequence(items(value, path)) : new YamlNode.Scalar(text(value)));
    }

    private List<YamlNode> items(BsonValue array, String path) {
        List<YamlNode> items = new ArrayList<>();
        array.asArray().forEach(item -> items.add(node(item, path + "[" + items.size() + "]")));
        return List.copyOf(items);
    }

    /** As it is written. */
    private static String text(BsonValue value) {
        return switch (value.getBsonType()) {
            case STRING -> value.asString().getValue();
            case BOOLEAN -> String.valueOf(value.asBoolean().getValue());
            case NULL -> "";
            case INT32 -> String.valueOf(value.asInt32().getValue());
            case INT64 -> String.valueOf(value.asInt64().getValue());
            case DECIMAL128 -> value.asDecimal128().getValue().toString();
            default -> value.toString();
        };
    }
}
