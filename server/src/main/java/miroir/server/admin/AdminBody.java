package miroir.server.admin;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import miroir.index.Refusal;

/** What was sent: a JSON object of texts, lists of texts, and true or false. What is not asked for is refused by name. */
final class AdminBody {
    private static final int LONGEST_TEXT = 2_000;
    private static final int MOST_TEXTS = 200;
    private static final JsonFactory JSON = new JsonFactoryBuilder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .streamReadConstraints(
                    StreamReadConstraints.builder().maxNestingDepth(3).build())
            .build();

    private final Map<String, Object> fields = new LinkedHashMap<>();

    private AdminBody() {}

    /**
     * Reads it.
     *
     * @param allowed the names of its fields
     */
    static AdminBody of(byte[] json, List<String> allowed) {
        AdminBody body = new AdminBody();
        try (JsonParser parser = JSON.createParser(json)) {
            require(parser.nextToken() == JsonToken.START_OBJECT, "the body is not a JSON object");
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                require(
                        allowed.contains(name),
                        "\"" + Refusal.shown(name) + "\" means nothing here; allowed: " + new TreeSet<>(allowed));
                parser.nextToken();
                if (parser.currentToken() != JsonToken.VALUE_NULL) {
                    body.fields.put(name, value(parser, name));
                }
            }
            require(parser.nextToken() == null, "something stands behind the JSON object");
            return body;
        } catch (IOException e) {
            throw new Refusal(Refusal.Reason.INVALID, "the body is not JSON: " + firstLine(e));
        }
    }

    private static Object value(JsonParser parser, String name) throws IOException {
        return switch (parser.currentToken()) {
            case VALUE_STRING -> text(parser, name);
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case START_ARRAY -> texts(parser, name);
            default ->
                throw new Refusal(
                        Refusal.Reason.INVALID, name + " is neither a text, nor a list of texts, nor true or false");
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
        require(
                text.length() <= LONGEST_TEXT,
                name + " has " + text.length() + " characters; allowed are " + LONGEST_TEXT);
        require(text.chars().noneMatch(letter -> letter < ' ' || letter == 127), name + " has a control character");
        return text;
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
        return optional(name, String.class, "a text")
                .filter(text -> !text.isBlank())
                .orElseThrow(() -> new Refusal(Refusal.Reason.INVALID, name + " is missing"));
    }

    /** A text; empty where it is not there. */
    Optional<String> optionalText(String name) {
        return optional(name, String.class, "a text");
    }

    /** A list of texts; an empty one where it is not there. */
    @SuppressWarnings("unchecked") // nothing else is put into lists
    List<String> texts(String name) {
        return (List<String>) optional(name, List.class, "a list of texts").orElse(List.of());
    }

    /** True or false, which has to be there. */
    boolean flag(String name) {
        return optional(name, Boolean.class, "true or false")
                .orElseThrow(() -> new Refusal(Refusal.Reason.INVALID, name + " is missing"));
    }

    private <T> Optional<T> optional(String name, Class<T> kind, String what) {
        Object value = fields.get(name);
        require(value == null || kind.isInstance(value), name + " is not " + what);
        return Optional.ofNullable(value).map(kind::cast);
    }
}
