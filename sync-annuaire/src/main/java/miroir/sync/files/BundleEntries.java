package miroir.sync.files;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Takes the resources out of a Bundle as the bytes that they are, so that a bad one can be refused alone and the others
 * arrive untouched.
 */
final class BundleEntries {
    private static final JsonFactory JSON = new JsonFactory();

    private final byte[] json;
    private final JsonParser parser;
    private final List<byte[]> resources = new ArrayList<>();

    private BundleEntries(byte[] json, JsonParser parser) {
        this.json = json;
        this.parser = parser;
    }

    /**
     * The resources of the entries; anything else than a whole Bundle is returned as the only element, for the
     * resource reader to judge.
     */
    static List<byte[]> of(byte[] json) {
        try (JsonParser parser = JSON.createParser(json)) {
            BundleEntries entries = new BundleEntries(json, parser);
            return entries.isBundle() ? entries.resources : List.of(json);
        } catch (IOException e) {
            return List.of(json);
        }
    }

    private boolean isBundle() throws IOException {
        String type = null;
        if (parser.nextToken() != JsonToken.START_OBJECT) {
            return false;
        }
        for (String name = nextName(); name != null; name = nextName()) {
            if (name.equals("entry") && parser.currentToken() == JsonToken.START_ARRAY) {
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    entry();
                }
            } else if (name.equals("resourceType")) {
                type = parser.getText();
            }
            parser.skipChildren();
        }
        return "Bundle".equals(type);
    }

    private void entry() throws IOException {
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            parser.skipChildren();
            return;
        }
        for (String name = nextName(); name != null; name = nextName()) {
            int start = (int) parser.currentTokenLocation().getByteOffset();
            boolean resource = name.equals("resource") && parser.currentToken() == JsonToken.START_OBJECT;
            parser.skipChildren();
            if (resource) {
                resources.add(Arrays.copyOfRange(
                        json, start, (int) parser.currentLocation().getByteOffset()));
            }
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
}
