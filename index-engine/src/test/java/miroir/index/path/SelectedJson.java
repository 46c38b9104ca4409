package miroir.index.path;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.bson.BsonArray;
import org.bson.BsonDocument;
import org.bson.BsonValue;

/**
 * A selected value as text that can be compared: names in order, numbers by value, a list of one like the one. Left out is
 * what HAPI's model does not keep or not list: nulls, empty elements, narratives, extensions inside the value.
 */
final class SelectedJson {
    private static final Set<String> LEFT_OUT = Set.of("div", "resourceType", "extension", "modifierExtension");

    private SelectedJson() {}

    /** The text; empty when nothing is left. */
    static String of(BsonValue value) {
        if (!(value instanceof BsonDocument document)) {
            return scalar(value);
        }
        Map<String, List<String>> members = new TreeMap<>();
        document.forEach((name, member) -> {
            if (!name.startsWith("_") && !LEFT_OUT.contains(name)) {
                List<String> texts = new ArrayList<>();
                elements(member).forEach(element -> texts.add(of(element)));
                members.put(name, texts);
            }
        });
        return of(members);
    }

    private static List<? extends BsonValue> elements(BsonValue member) {
        return member instanceof BsonArray array ? array : List.of(member);
    }

    static String of(Map<String, List<String>> members) {
        members.keySet().removeAll(LEFT_OUT);
        members.values().forEach(texts -> texts.removeIf(String::isEmpty));
        members.values().removeIf(List::isEmpty);
        return members.isEmpty() ? "" : members.toString();
    }

    private static String scalar(BsonValue value) {
        return switch (value.getBsonType()) {
            case NULL -> "";
            case STRING -> value.asString().getValue();
            case BOOLEAN -> String.valueOf(value.asBoolean().getValue());
            case INT32, INT64, DECIMAL128 ->
                number(value.asNumber().decimal128Value().bigDecimalValue());
            default -> throw new IllegalStateException("no JSON has " + value);
        };
    }

    /** Numbers by value: HAPI writes {@code 1E2} as {@code 100}. */
    static String number(BigDecimal value) {
        return value.stripTrailingZeros().toString();
    }
}
