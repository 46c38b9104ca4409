package miroir.index.patch;

import java.util.ArrayList;
import java.util.List;
import miroir.index.json.Shortened;
import org.bson.BsonArray;
import org.bson.BsonDocument;
import org.bson.BsonValue;
import org.jspecify.annotations.Nullable;

/**
 * A JSON Pointer (RFC 6901), and what it finds.
 *
 * @param text as it was written
 * @param tokens without escapes
 */
record JsonPointer(String text, List<String> tokens) {
    /** No resource is nested so deep, and each level is a call. */
    private static final int MOST_TOKENS = 100;

    private static final int MOST_DIGITS = 9;

    JsonPointer {
        tokens = List.copyOf(tokens);
    }

    /** What is done to an object or an array with the last token of a pointer; it gives the changed one. */
    interface Change {
        BsonValue of(BsonValue container, String token);
    }

    static JsonPointer parse(String text) {
        if (!text.isEmpty() && !text.startsWith("/")) {
            throw PatchFailed.malformed(Shortened.quote(text) + " is no JSON Pointer; it is empty or begins with /");
        }
        List<String> tokens = new ArrayList<>();
        for (int start = 1; start <= text.length(); ) {
            int slash = text.indexOf('/', start);
            int end = slash < 0 ? text.length() : slash;
            tokens.add(unescaped(text.substring(start, end)));
            if (tokens.size() > MOST_TOKENS) {
                throw PatchFailed.tooLarge("a JSON Pointer of more than " + MOST_TOKENS + " levels");
            }
            start = end + 1;
        }
        return new JsonPointer(text, tokens);
    }

    private static String unescaped(String token) {
        if (token.matches("(?s).*~(?![01]).*")) {
            throw PatchFailed.malformed(Shortened.quote(token) + " has a ~ that is neither ~0 nor ~1");
        }
        return token.replace("~1", "/").replace("~0", "~");
    }

    /** Whether the other one leads to something inside of what this one leads to. */
    boolean isAbove(JsonPointer other) {
        return tokens.size() < other.tokens.size()
                && other.tokens.subList(0, tokens.size()).equals(tokens);
    }

    boolean isRoot() {
        return tokens.isEmpty();
    }

    /** What is there. */
    BsonValue in(BsonValue root) {
        BsonValue found = root;
        for (int i = 0; i < tokens.size(); i++) {
            found = child(found, i);
        }
        return found;
    }

    /** The whole with a change in the object or array that holds the last token. */
    BsonValue changed(BsonValue root, Change change) {
        return changed(root, 0, change);
    }

    private BsonValue changed(BsonValue container, int level, Change change) {
        if (level == tokens.size() - 1) {
            return change.of(container, tokens.get(level));
        }
        return with(container, tokens.get(level), changed(child(container, level), level + 1, change));
    }

    /** The same container with another value where one is already. */
    static BsonValue with(BsonValue container, String token, BsonValue value) {
        if (container instanceof BsonArray array) {
            BsonArray copy = new BsonArray(array);
            copy.set(Integer.parseInt(token), value);
            return copy;
        }
        return LooseCopy.of(container.asDocument()).append(token, value);
    }

    private BsonValue child(BsonValue container, int level) {
        BsonValue child = child(container, tokens.get(level));
        if (child == null) {
            throw missing(container, level);
        }
        return child;
    }

    static @Nullable BsonValue child(BsonValue container, String token) {
        if (container instanceof BsonDocument document) {
            return document.get(token);
        }
        if (container instanceof BsonArray array) {
            int index = index(token);
            return index >= 0 && index < array.size() ? array.get(index) : null;
        }
        return null;
    }

    private PatchFailed missing(BsonValue container, int level) {
        String at = level == 0 ? "the resource" : Shortened.quote("/" + String.join("/", tokens.subList(0, level)));
        return PatchFailed.unfit("nothing is at " + Shortened.quote(text) + "; " + described(at, container) + " has no "
                + Shortened.quote(tokens.get(level)));
    }

    private static String described(String at, BsonValue container) {
        return container instanceof BsonArray array ? at + ", an array of " + array.size() + "," : at;
    }

    /** Without zeros before it, as RFC 6901 has it; -1 for what is no index. */
    static int index(String token) {
        boolean number = !token.isEmpty()
                && token.length() <= MOST_DIGITS
                && token.chars().allMatch(letter -> letter >= '0' && letter <= '9')
                && (token.length() == 1 || token.charAt(0) != '0');
        return number ? Integer.parseInt(token) : -1;
    }
}
