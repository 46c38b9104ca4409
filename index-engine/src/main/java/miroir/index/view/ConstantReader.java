package miroir.index.view;

import java.math.BigDecimal;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import miroir.index.path.TypeNames;
import miroir.index.value.DateInterval;
import miroir.index.yaml.YamlNode;
import org.jspecify.annotations.Nullable;

/** Reads {@code constant} elements. */
final class ConstantReader {
    private static final int MOST = 100;
    private static final int LONGEST_NUMBER = 40;
    private static final String VALUE = "value";
    private static final Set<String> TAKEN = Set.of("rowIndex", "resource", "context", "ucum", "rootResource");

    private ConstantReader() {}

    static Map<String, Value> all(@Nullable YamlNode list) {
        Map<String, Value> all = new HashMap<>();
        for (YamlNode item : list == null ? List.<YamlNode>of() : list.items()) {
            YamlNode name = item.require("name");
            if (!ColumnReader.NAME.matcher(name.text()).matches() || TAKEN.contains(name.text())) {
                throw name.refuse("\"" + name.text() + "\" is no name of a constant: a letter, then up to 62 letters,"
                        + " digits and underscores, and none of " + String.join(", ", TAKEN));
            }
            if (all.put(name.text(), value(item)) != null) {
                throw name.refuse("two constants are called " + name.text());
            }
            if (all.size() > MOST) {
                throw item.refuse("there are too many of them; allowed are " + MOST);
            }
        }
        return all;
    }

    private static Value value(YamlNode item) {
        List<String> keys = item.keys().stream()
                .filter(key -> !Set.of("id", "extension", "name").contains(key))
                .toList();
        if (keys.size() != 1) {
            throw item.refuse("it has " + keys.size() + " values; allowed is one, such as valueString");
        }
        String key = keys.get(0);
        String type = key.startsWith(VALUE) && key.length() > VALUE.length()
                ? Character.toLowerCase(key.charAt(VALUE.length())) + key.substring(VALUE.length() + 1)
                : "";
        YamlNode value = item.require(key);
        if (!TypeNames.isPrimitive(type) || type.equals("xhtml")) {
            throw value.refuse(key + " is no value of a constant; allowed are value and a primitive type of FHIR R4,"
                    + " such as valueString");
        }
        return Value.of(type, value(value, type));
    }

    private static Object value(YamlNode value, String type) {
        return switch (Kind.of(type)) {
            case TRUTH -> value.bool();
            case NUMBER -> number(value);
            case MOMENT -> require(value, isMoment(value.text()), "a date");
            case TIME -> require(value, isTime(value.text()), "a time");
            default -> value.text();
        };
    }

    private static BigDecimal number(YamlNode value) {
        try {
            if (value.text().length() <= LONGEST_NUMBER) {
                return new BigDecimal(value.text());
            }
        } catch (NumberFormatException e) {
            // said below
        }
        throw value.refuse("\"" + value.text() + "\" is no number of up to " + LONGEST_NUMBER + " characters");
    }

    private static String require(YamlNode value, boolean isOne, String what) {
        if (!isOne) {
            throw value.refuse("\"" + value.text() + "\" is not " + what);
        }
        return value.text();
    }

    static boolean isMoment(String text) {
        return DateInterval.parseOrNull(text, ZoneOffset.UTC) != null;
    }

    static boolean isTime(String text) {
        try {
            LocalTime.parse(text);
            return true;
        } catch (DateTimeParseException e) {
            return false;
        }
    }
}
