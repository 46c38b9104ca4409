package miroir.index.view;

import java.math.BigDecimal;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import miroir.index.Refusal;
import miroir.index.path.TypeNames;
import miroir.index.value.DateInterval;
import miroir.index.yaml.YamlNode;
import org.bson.types.Decimal128;
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
                throw name.refuse("\"" + Refusal.shown(name.text())
                        + "\" is no name of a constant: a letter, then up to 62 letters,"
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
            throw value.refuse(Refusal.shown(key)
                    + " is no value of a constant; allowed are value and a primitive type of FHIR R4,"
                    + " such as valueString");
        }
        return Value.of(type, checked(value, type));
    }

    private static Object checked(YamlNode value, String type) {
        return switch (Kind.of(type)) {
            case TRUTH -> value.bool();
            case NUMBER -> number(value, type);
            case MOMENT ->
                require(value, isMoment(value.text()) && hasForm(type, value.text()), "a date as " + type + " has it");
            case TIME -> require(value, isTime(value.text()), "a time");
            default -> value.text();
        };
    }

    private static BigDecimal number(YamlNode value, String type) {
        BigDecimal number = value.text().length() > LONGEST_NUMBER ? null : numberOrNull(value.text());
        if (number == null || !isIn(type, number)) {
            throw value.refuse("\"" + Refusal.shown(value.text()) + "\" is no " + type + " of up to " + LONGEST_NUMBER
                    + " characters and 34 digits");
        }
        return number;
    }

    /** Null where it is none, or one that could not be stored. */
    static @Nullable BigDecimal numberOrNull(String text) {
        try {
            return new Decimal128(new BigDecimal(text)).bigDecimalValue();
        } catch (ArithmeticException | NumberFormatException e) {
            return null;
        }
    }

    private static boolean isIn(String type, BigDecimal number) {
        if (type.equals("decimal")) {
            return true;
        }
        int least = type.equals("positiveInt") ? 1 : type.equals("unsignedInt") ? 0 : Integer.MIN_VALUE;
        return number.compareTo(BigDecimal.valueOf(Integer.MAX_VALUE)) <= 0
                && number.compareTo(BigDecimal.valueOf(least)) >= 0
                && number.scale() <= 0;
    }

    /** A date has no time, an instant has one. */
    private static boolean hasForm(String type, String text) {
        boolean hasTime = text.indexOf('T') >= 0;
        return type.equals("date") ? !hasTime : hasTime || !type.equals("instant");
    }

    private static String require(YamlNode value, boolean isOne, String what) {
        if (!isOne) {
            throw value.refuse("\"" + Refusal.shown(value.text()) + "\" is not " + what);
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
