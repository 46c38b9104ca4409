package miroir.sync.bundle;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Goes through the text of a Bundle once. Of the resources only what must be known of each is read; they stay the bytes
 * that they are, so that a bad one can be refused alone and the others arrive untouched.
 */
final class BundleReader {
    private static final JsonFactory JSON = new JsonFactory();

    private final byte[] json;
    private final JsonParser parser;
    private @Nullable String resourceType;
    private @Nullable String type;
    private @Nullable Long total;
    private boolean linked;
    private @Nullable String next;
    private final List<RawEntry> entries = new ArrayList<>();

    private BundleReader(byte[] json, JsonParser parser) {
        this.json = json;
        this.parser = parser;
    }

    static RawBundle read(byte[] json) throws IOException {
        try (JsonParser parser = JSON.createParser(json)) {
            BundleReader reader = new BundleReader(json, parser);
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new JsonParseException(parser, "no JSON object");
            }
            reader.bundle();
            if (parser.nextToken() != null) {
                throw new JsonParseException(parser, "something follows its end");
            }
            return new RawBundle(
                    reader.resourceType, reader.type, reader.total, reader.linked, reader.next, reader.entries);
        }
    }

    private void bundle() throws IOException {
        for (String name = nextName(); name != null; name = nextName()) {
            switch (name) {
                case "resourceType" -> resourceType = text();
                case "type" -> type = text();
                case "total" -> total = number();
                case "link" -> links();
                case "entry" -> entries();
                default -> parser.skipChildren();
            }
        }
    }

    private void links() throws IOException {
        linked = parser.currentToken() == JsonToken.START_ARRAY;
        items(object -> {
            if (object) {
                link();
            } else {
                linked = false;
            }
        });
    }

    private void link() throws IOException {
        String relation = null;
        String url = null;
        for (String name = nextName(); name != null; name = nextName()) {
            switch (name) {
                case "relation" -> relation = text();
                case "url" -> url = text();
                default -> parser.skipChildren();
            }
        }
        if ("next".equals(relation)) {
            next = url;
        }
    }

    private void entries() throws IOException {
        items(object -> entries.add(object ? entry() : RawEntry.NONE));
    }

    private RawEntry entry() throws IOException {
        RawEntry resource = RawEntry.NONE;
        String mode = null;
        for (String name = nextName(); name != null; name = nextName()) {
            switch (name) {
                case "resource" -> resource = isObject() ? resource() : RawEntry.NONE;
                case "search" -> mode = isObject() ? only("mode") : null;
                default -> parser.skipChildren();
            }
        }
        return new RawEntry(resource.type(), resource.id(), resource.updated(), mode, resource.json());
    }

    private RawEntry resource() throws IOException {
        long start = parser.currentTokenLocation().getByteOffset();
        if (start < 0) {
            throw new JsonParseException(parser, "its text is not UTF-8");
        }
        String resourceType = null;
        String id = null;
        String updated = null;
        for (String name = nextName(); name != null; name = nextName()) {
            switch (name) {
                case "resourceType" -> resourceType = text();
                case "id" -> id = text();
                case "meta" -> updated = isObject() ? only("lastUpdated") : null;
                default -> parser.skipChildren();
            }
        }
        long end = parser.currentLocation().getByteOffset();
        return new RawEntry(resourceType, id, updated, null, Arrays.copyOfRange(json, (int) start, (int) end));
    }

    /** One text of the object that the parser stands on. */
    private @Nullable String only(String wanted) throws IOException {
        String found = null;
        for (String name = nextName(); name != null; name = nextName()) {
            if (name.equals(wanted)) {
                found = text();
            } else {
                parser.skipChildren();
            }
        }
        return found;
    }

    /** Whether the value is an object; what else has children is left behind. */
    private boolean isObject() throws IOException {
        if (parser.currentToken() == JsonToken.START_OBJECT) {
            return true;
        }
        parser.skipChildren();
        return false;
    }

    /** Reads an item of a list, on which the parser stands. */
    private interface Item {
        void read(boolean object) throws IOException;
    }

    private void items(Item item) throws IOException {
        if (parser.currentToken() != JsonToken.START_ARRAY) {
            parser.skipChildren();
            return;
        }
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            item.read(isObject());
        }
    }

    /** The name of the next element, the parser standing on its value; null at the end of the object. */
    private @Nullable String nextName() throws IOException {
        String name = parser.nextFieldName();
        if (name != null) {
            parser.nextToken();
        }
        return name;
    }

    private @Nullable String text() throws IOException {
        if (parser.currentToken() == JsonToken.VALUE_STRING) {
            return parser.getText();
        }
        parser.skipChildren();
        return null;
    }

    private @Nullable Long number() throws IOException {
        if (parser.currentToken() == JsonToken.VALUE_NUMBER_INT) {
            return parser.getLongValue();
        }
        parser.skipChildren();
        return null;
    }
}
