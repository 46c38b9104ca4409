package miroir.server.admin;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import miroir.index.Refusal;
import miroir.index.search.QueryParameter;
import miroir.server.routing.AdminField;

/** What was sent: a JSON object of texts, lists of texts, whole numbers, and true or false. What is not asked for is refused by name. */
public final class AdminBody {
    private static final int LONGEST_TEXT = 2_000;
    private static final int MOST_TEXTS = 200;
    private static final JsonFactory JSON = new JsonFactoryBuilder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .streamReadConstraints(
                    StreamReadConstraints.builder().maxNestingDepth(3).build())
            .build();

    private final Map<String, Object> fields = new LinkedHashMap<>();
    private final Set<String> sent = new HashSet<>();

    private AdminBody() {}

    /** Reads it, with these fields and no others. */
    static AdminBody of(byte[] json, List<AdminField> allowed) {
        AdminBody body = new AdminBody();
        try (JsonParser parser = JSON.createParser(json)) {
            require(parser.nextToken() == JsonToken.START_OBJECT, "the body is not a JSON object");
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                AdminField field = field(parser.currentName(), allowed);
                body.sent.add(field.name());
                if (parser.nextToken() != JsonToken.VALUE_NULL) {
                    body.fields.put(field.name(), value(parser, field));
                }
            }
            require(parser.nextToken() == null, "something stands behind the JSON object");
        } catch (IOException e) {
            throw new Refusal(Refusal.Reason.INVALID, "the body is not JSON: " + firstLine(e));
        }
        allowed.stream()
                .filter(AdminField::required)
                .forEach(field -> require(body.has(field.name()), field.name() + " is missing"));
        return body;
    }

    /** Of what is asked for without one. */
    public static AdminBody none() {
        return new AdminBody();
    }

    /** What a form sends: texts, of which those that are empty are not there; a list is one text on each line, or several fields of one name. */
    public static AdminBody ofForm(List<QueryParameter> form, List<AdminField> allowed) {
        AdminBody body = new AdminBody();
        for (AdminField field : allowed) {
            List<String> values = form.stream()
                    .filter(parameter -> parameter.name().equals(field.name()))
                    .map(QueryParameter::value)
                    .toList();
            if (!values.isEmpty()) {
                body.sent.add(field.name());
                body.put(field, values);
            }
        }
        allowed.stream()
                .filter(field -> field.required() && field.kind() != AdminField.Kind.FLAG)
                .forEach(field -> require(body.has(field.name()), field.name() + " is missing"));
        return body;
    }

    private void put(AdminField field, List<String> values) {
        String value = values.get(0).strip();
        switch (field.kind()) {
            case TEXTS -> {
                List<String> texts = values.stream()
                        .flatMap(String::lines)
                        .map(String::strip)
                        .filter(text -> !text.isEmpty())
                        .toList();
                require(texts.size() <= MOST_TEXTS, field.name() + " has more than " + MOST_TEXTS + " texts");
                texts.forEach(text -> requireText(text, field.name()));
                fields.put(field.name(), texts);
            }
            case FLAG -> fields.put(field.name(), value.equals("true"));
            case NUMBER -> {
                if (!value.isEmpty()) {
                    require(
                            value.matches("[0-9]{1,9}"),
                            field.name() + " is not " + field.kind().words());
                    fields.put(field.name(), Integer.valueOf(value));
                }
            }
            // A password is what was typed, blanks included.
            case TEXT, INSTANT -> {
                if (!value.isEmpty()) {
                    requireText(values.get(0), field.name());
                    fields.put(field.name(), values.get(0));
                }
            }
        }
    }

    private boolean has(String name) {
        return fields.containsKey(name) && !String.valueOf(fields.get(name)).isBlank();
    }

    private static AdminField field(String name, List<AdminField> allowed) {
        return allowed.stream()
                .filter(field -> field.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new Refusal(
                        Refusal.Reason.INVALID,
                        "\"" + Refusal.shown(name) + "\" means nothing here; allowed: "
                                + allowed.stream().map(AdminField::name).collect(Collectors.joining(", "))));
    }

    private static Object value(JsonParser parser, AdminField field) throws IOException {
        JsonToken token = parser.currentToken();
        String wrong = field.name() + " is not " + field.kind().words();
        return switch (field.kind()) {
            case TEXT, INSTANT -> {
                require(token == JsonToken.VALUE_STRING, wrong);
                yield text(parser, field.name());
            }
            case FLAG -> {
                require(token.isBoolean(), wrong);
                yield token == JsonToken.VALUE_TRUE;
            }
            case NUMBER -> {
                require(token == JsonToken.VALUE_NUMBER_INT, wrong);
                require(parser.getNumberType() == JsonParser.NumberType.INT, wrong + " that is used here");
                yield parser.getIntValue();
            }
            case TEXTS -> {
                require(token == JsonToken.START_ARRAY, wrong);
                yield texts(parser, field.name());
            }
        };
    }

    private static List<String> texts(JsonParser parser, String name) throws IOException {
        List<String> texts = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            require(parser.currentToken() == JsonToken.VALUE_STRING, name + " is not a list of texts");
            require(texts.size() < MOST_TEXTS, name + " has more than " + MOST_TEXTS + " texts");
            texts.add(text(parser, name));
        }
        return texts;
    }

    private static String text(JsonParser parser, String name) throws IOException {
        String text = parser.getText();
        requireText(text, name);
        return text;
    }

    private static void requireText(String text, String name) {
        require(
                text.length() <= LONGEST_TEXT,
                name + " has " + text.length() + " characters; allowed are " + LONGEST_TEXT);
        require(text.chars().noneMatch(letter -> letter < ' ' || letter == 127), name + " has a control character");
    }

    private static void require(boolean met, String otherwise) {
        if (!met) {
            throw new Refusal(Refusal.Reason.INVALID, otherwise);
        }
    }

    private static String firstLine(IOException e) {
        return Refusal.shown(String.valueOf(e.getMessage()).lines().findFirst().orElse(""));
    }

    /** A text that has to be there. */
    String text(String name) {
        return String.valueOf(fields.get(name));
    }

    /** A text that has to be said, and may be empty. */
    String saidText(String name) {
        require(sent.contains(name), name + " is missing");
        return optionalText(name).orElse("");
    }

    /** A text; empty where it is not there. */
    Optional<String> optionalText(String name) {
        return Optional.ofNullable(fields.get(name)).map(Object::toString);
    }

    /** A list of texts; an empty one where it is not there. */
    @SuppressWarnings("unchecked") // nothing else is put into lists
    List<String> texts(String name) {
        return (List<String>) fields.getOrDefault(name, List.of());
    }

    /** A whole number; empty where it is null, which has to be said. */
    Optional<Integer> requiredNumber(String name) {
        require(sent.contains(name), name + " is missing");
        return Optional.ofNullable((Integer) fields.get(name));
    }

    /** A whole number; empty where it is not there. */
    Optional<Integer> optionalNumber(String name) {
        return Optional.ofNullable((Integer) fields.get(name));
    }

    /** True or false, which has to be there. */
    boolean flag(String name) {
        return Boolean.TRUE.equals(fields.get(name));
    }
}
