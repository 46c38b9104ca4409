package miroir.server.format;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What must come back of a resource that was sent: the tokens of its JSON in their order, numbers digit by digit, less the
 * two elements of {@code meta} that the store gives, and a {@code meta} that has nothing else.
 */
final class KeptTokens {
    private static final JsonFactory JSON = new JsonFactory();
    private static final Set<String> GIVEN = Set.of("versionId", "_versionId", "lastUpdated", "_lastUpdated");
    private static final String META = "/meta";
    private static final Pattern LAST_NAME = Pattern.compile("/[^/]*$");

    private KeptTokens() {}

    static List<String> of(String json) {
        List<String> tokens = new ArrayList<>();
        try (JsonParser parser = JSON.createParser(json)) {
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                if (token == JsonToken.FIELD_NAME && isGiven(parser)) {
                    parser.nextToken();
                    parser.skipChildren();
                } else {
                    tokens.add(path(parser) + ' ' + token + ' ' + parser.getText());
                }
            }
        } catch (IOException e) {
            throw new IllegalArgumentException("not JSON: " + json, e);
        }
        return withoutEmptyMeta(tokens);
    }

    private static boolean isGiven(JsonParser parser) throws IOException {
        return LAST_NAME.matcher(path(parser)).replaceFirst("").equals(META) && GIVEN.contains(parser.currentName());
    }

    private static String path(JsonParser parser) {
        return parser.getParsingContext().pathAsPointer().toString();
    }

    private static List<String> withoutEmptyMeta(List<String> tokens) {
        boolean empty = tokens.stream().filter(token -> isIn(META, token)).count() == 3;
        return empty ? tokens.stream().filter(token -> !isIn(META, token)).toList() : tokens;
    }

    /** An empty one has three tokens: its name and its braces. */
    private static boolean isIn(String path, String token) {
        return token.startsWith(path + ' ') || token.startsWith(path + '/');
    }
}
