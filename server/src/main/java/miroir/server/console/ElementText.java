package miroir.server.console;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.Year;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.FormatStyle;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.bson.BsonArray;
import org.bson.BsonDocument;
import org.bson.BsonString;
import org.bson.BsonValue;
import org.bson.types.Decimal128;
import org.jspecify.annotations.Nullable;

/**
 * What people read of an element: of data types that they know as one thing, such as a name or an address, one line. What is no such thing, or is not how it
 * should be, has no line, and its parts are shown instead: so nothing that is stored is too strange to be shown.
 */
final class ElementText {
    private static final Pattern TAGS = Pattern.compile("<[^>]*>");
    private static final Pattern SPACE = Pattern.compile("\\s+");
    private static final Set<String> QUANTITIES =
            Set.of("Quantity", "Age", "Count", "Distance", "Duration", "SimpleQuantity", "MoneyQuantity");

    /** What is written otherwise than it is stored. */
    private static final Set<String> PRIMITIVES = Set.of("date", "dateTime", "instant");

    private static final int MOST_PLACES = 60;

    private final Locale locale;
    private final ZoneId zone;
    private final String yes;
    private final String no;

    /**
     * One line.
     *
     * @param text what is read first
     * @param note what is read beside it
     * @param title the long form of that
     * @param told the parts that it says, which need not be shown
     */
    record Line(String text, String note, String title, Set<String> told) {
        private static final Line NONE = new Line("", "", "", Set.of());

        Line {
            told = Set.copyOf(told);
        }

        static Line of(String text, String... told) {
            return new Line(text, "", "", Set.of(told));
        }

        private Line with(String beside, String longer) {
            return new Line(text, beside, longer, told);
        }

        private Line telling(String... more) {
            Set<String> all = new HashSet<>(told);
            all.addAll(List.of(more));
            return new Line(text, note, title, all);
        }
    }

    ElementText(Locale locale, ZoneId zone, String yes, String no) {
        this.locale = locale;
        this.zone = zone;
        this.yes = yes;
        this.no = no;
    }

    static ElementText in(View view) {
        return new ElementText(view.language().locale(), view.zone(), view.say("res.yes"), view.say("res.no"));
    }

    /** What an element is called; null: as FHIR calls it. */
    @Nullable
    String name(String type, String element) {
        return locale.getLanguage().equals("fr") ? FrenchWords.ELEMENTS.find(type, element) : null;
    }

    /** The line of an element of that type; without a text where its parts have to be shown. */
    Line line(String type, BsonValue value) {
        if (!(value instanceof BsonDocument of)) {
            return Line.of(primitive(type, value));
        }
        return switch (type) {
            case "HumanName" -> ofName(of);
            case "Address" -> ofAddress(of);
            case "ContactPoint" ->
                Line.of(text(of, "value"), "value", "system", "use").with(joined(of, "system", "use"), "");
            case "Identifier" -> ofIdentifier(of);
            case "Coding" -> ofCoding(of);
            case "CodeableConcept" -> ofConcept(of);
            case "Reference" -> ofReference(of);
            case "Period" -> ofPeriod(of);
            case "Money" -> Line.of(joined(of, "value", "currency"), "value", "currency");
            case "Narrative" -> Line.of(plain(text(of, "div")), "div", "status").with(text(of, "status"), "");
            case "Extension" -> ofExtension(of);
            default -> QUANTITIES.contains(type) ? ofQuantity(of) : Line.NONE;
        };
    }

    /** The same where the type is not known: what an element is that has such parts. */
    String shortly(String type, BsonValue value) {
        String line = line(type, value).text();
        return line.isEmpty() ? parts(value) : line;
    }

    private String parts(BsonValue value) {
        if (value instanceof BsonDocument of) {
            return of.entrySet().stream()
                    .map(each -> each.getKey() + ": " + parts(each.getValue()))
                    .collect(Collectors.joining(", ", "{", "}"));
        }
        if (value instanceof BsonArray of) {
            return of.stream().map(this::parts).collect(Collectors.joining(", ", "[", "]"));
        }
        return primitive("", value);
    }

    private static Line ofName(BsonDocument of) {
        String use = text(of, "use");
        Line line = of.containsKey("text")
                ? Line.of(text(of, "text"), "text", "use")
                : Line.of(
                        joined(of, "prefix", "given", "family", "suffix"),
                        "prefix",
                        "given",
                        "family",
                        "suffix",
                        "use");
        return line.with(use, "");
    }

    private static Line ofAddress(BsonDocument of) {
        if (of.containsKey("text")) {
            return Line.of(text(of, "text"), "text", "use").with(text(of, "use"), "");
        }
        String text = Stream.of(
                        texts(of, "line").collect(Collectors.joining(", ")),
                        joined(of, "postalCode", "city"),
                        text(of, "state"),
                        text(of, "country"))
                .filter(part -> !part.isEmpty())
                .collect(Collectors.joining(", "));
        return Line.of(text, "line", "postalCode", "city", "state", "country", "use")
                .with(text(of, "use"), "");
    }

    private static Line ofIdentifier(BsonDocument of) {
        String system = text(of, "system");
        String type = of.get("type") instanceof BsonDocument concept
                ? ofConcept(concept).text()
                : "";
        Line line = Line.of(text(of, "value"), "value", "system", "use");
        return (type.isEmpty() ? line : line.telling("type"))
                .with(noted(type, lastPart(system), text(of, "use")), system);
    }

    private static Line ofCoding(BsonDocument of) {
        String display = text(of, "display");
        String code = text(of, "code");
        String system = text(of, "system");
        return Line.of(display.isEmpty() ? code : display, "display", "code", "system")
                .with(noted(display.isEmpty() ? "" : code, lastPart(system)), system);
    }

    /** What it says itself, and else what its first code says. */
    private static Line ofConcept(BsonDocument of) {
        List<BsonDocument> codings = documents(of, "coding");
        String text = text(of, "text");
        Line first = codings.isEmpty() ? Line.NONE : ofCoding(codings.get(0));
        boolean isAll =
                codings.size() == 1 && first.told().containsAll(codings.get(0).keySet());
        if (!text.isEmpty()) {
            Line own = Line.of(text, "text");
            return isAll && (first.text().equals(text) || !codings.get(0).containsKey("display"))
                    ? own.telling("coding")
                            .with(
                                    noted(
                                            text(codings.get(0), "code"),
                                            first.title().isEmpty() ? "" : lastPart(first.title())),
                                    first.title())
                    : own;
        }
        return isAll
                ? Line.of(first.text(), "coding").with(first.note(), first.title())
                : Line.of(codings.isEmpty() ? "" : first.text());
    }

    private static Line ofReference(BsonDocument of) {
        String display = text(of, "display");
        String reference = text(of, "reference");
        if (reference.isEmpty() && display.isEmpty()) {
            return of.get("identifier") instanceof BsonDocument identifier
                    ? Line.of(ofIdentifier(identifier).text())
                    : Line.NONE;
        }
        return Line.of(display.isEmpty() ? reference : display, "display", "reference", "type")
                .with(display.isEmpty() ? "" : reference, "");
    }

    private Line ofPeriod(BsonDocument of) {
        String start = date(text(of, "start"));
        String end = date(text(of, "end"));
        return start.isEmpty() && end.isEmpty()
                ? Line.NONE
                : Line.of((start.isEmpty() ? "…" : start) + " – " + (end.isEmpty() ? "…" : end), "start", "end");
    }

    private static Line ofQuantity(BsonDocument of) {
        String unit = text(of, "unit").isEmpty() ? text(of, "code") : text(of, "unit");
        String text = Stream.of(text(of, "comparator"), text(of, "value"), unit)
                .filter(part -> !part.isEmpty())
                .collect(Collectors.joining(" "));
        return Line.of(text, "comparator", "value", "unit", "code", "system").with("", text(of, "system"));
    }

    /** Its value is a part whose type its name says. */
    private Line ofExtension(BsonDocument of) {
        for (String name : of.keySet()) {
            if (name.startsWith("value") && name.length() > 5) {
                String type = typeOfValue(name);
                Line value = line(type, of.get(name));
                boolean isAll = !(of.get(name) instanceof BsonDocument parts)
                        || value.told().containsAll(parts.keySet());
                return isAll && !value.text().isEmpty()
                        ? new Line(value.text(), value.note(), value.title(), Set.of("url", name))
                        : Line.of("", "url");
            }
        }
        return Line.of("", "url");
    }

    /** The type of {@code valueString} and its like. */
    private static String typeOfValue(String name) {
        String type = name.substring(5);
        String primitive = type.substring(0, 1).toLowerCase(Locale.ROOT) + type.substring(1);
        return PRIMITIVES.contains(primitive) ? primitive : type;
    }

    /** A value that has no parts. */
    String primitive(String type, BsonValue value) {
        if (value.isBoolean()) {
            return value.asBoolean().getValue() ? yes : no;
        }
        String text = raw(value);
        return switch (type) {
            case "date", "dateTime", "instant" -> date(text);
            case "xhtml" -> plain(text);
            default -> text;
        };
    }

    /** A value as it is stored. */
    static String raw(BsonValue value) {
        return switch (value.getBsonType()) {
            case STRING -> value.asString().getValue();
            case BOOLEAN -> Boolean.toString(value.asBoolean().getValue());
            case INT32 -> Integer.toString(value.asInt32().getValue());
            case INT64 -> Long.toString(value.asInt64().getValue());
            case DECIMAL128 -> decimal(value.asDecimal128().getValue());
            case DOUBLE -> Double.toString(value.asDouble().getValue());
            default -> "";
        };
    }

    /** With the digits that it was sent with. */
    private static String decimal(Decimal128 value) {
        if (value.isNaN() || value.isInfinite()) {
            return value.toString();
        }
        BigDecimal number = new BigDecimal(value.toString());
        return number.scale() < 0 || number.scale() > MOST_PLACES ? number.toString() : number.toPlainString();
    }

    /** A date with as much as it says; what is none stays as it is. */
    String date(String text) {
        try {
            return switch (text.length()) {
                case 4 -> Year.parse(text).toString();
                case 7 -> DateTimeFormatter.ofPattern("LLLL yyyy", locale).format(YearMonth.parse(text));
                case 10 ->
                    DateTimeFormatter.ofLocalizedDate(FormatStyle.MEDIUM)
                            .withLocale(locale)
                            .format(LocalDate.parse(text));
                default ->
                    text.length() < 10
                            ? text
                            : instant(OffsetDateTime.parse(text).toInstant());
            };
        } catch (DateTimeException none) {
            return text;
        }
    }

    String instant(Instant instant) {
        return DateTimeFormatter.ofLocalizedDateTime(FormatStyle.MEDIUM, FormatStyle.MEDIUM)
                .withLocale(locale)
                .withZone(zone)
                .format(instant);
    }

    /** A narrative without its markup. */
    private static String plain(String xhtml) {
        String text = TAGS.matcher(xhtml)
                .replaceAll(" ")
                .replace("&lt;", "<")
                .replace("&gt;", ">")
                .replace("&quot;", "\"")
                .replace("&#39;", "'")
                .replace("&apos;", "'")
                .replace("&nbsp;", " ")
                .replace("&#160;", " ")
                .replace("&amp;", "&");
        return SPACE.matcher(text).replaceAll(" ").strip();
    }

    /** What stands behind the last slash or colon. */
    static String lastPart(String uri) {
        String trimmed = uri.endsWith("/") ? uri.substring(0, uri.length() - 1) : uri;
        return uri.startsWith("urn:") ? uri : trimmed.substring(trimmed.lastIndexOf('/') + 1);
    }

    /** The text of a part without parts, or nothing. */
    static String text(BsonDocument of, String name) {
        BsonValue value = of.get(name);
        return value == null ? "" : raw(value);
    }

    private static Stream<String> texts(BsonDocument of, String name) {
        BsonValue value = of.get(name);
        if (value instanceof BsonArray array) {
            return array.stream().filter(BsonString.class::isInstance).map(ElementText::raw);
        }
        return Stream.of(text(of, name)).filter(text -> !text.isEmpty());
    }

    private static List<BsonDocument> documents(BsonDocument of, String name) {
        return of.get(name) instanceof BsonArray array
                ? array.stream()
                        .filter(BsonDocument.class::isInstance)
                        .map(BsonValue::asDocument)
                        .toList()
                : List.of();
    }

    private static String joined(BsonDocument of, String... names) {
        return Stream.of(names)
                .flatMap(name -> texts(of, name))
                .filter(text -> !text.isEmpty())
                .collect(Collectors.joining(" "));
    }

    private static String noted(String... parts) {
        return Stream.of(parts).filter(part -> !part.isEmpty()).collect(Collectors.joining(" · "));
    }
}
