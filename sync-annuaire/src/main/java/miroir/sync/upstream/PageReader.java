package miroir.sync.upstream;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.net.URI;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads a page and says whether it is whole: JSON to its end, a searchset with its links, and in every entry a resource of
 * the type that was asked for, with an id. Of the resources only what must be known of each is read; they stay the bytes
 * that they are.
 */
final class PageReader {
    private static final JsonFactory JSON = new JsonFactory();

    private final URI base;
    private final String wanted;
    private final Instant date;
    private final Oddities oddities;

    PageReader(URI base, String wanted, Instant date, Oddities oddities) {
        this.base = base;
        this.wanted = wanted;
        this.date = date;
        this.oddities = oddities;
    }

    /** What was read of the bundle so far. */
    private static final class Bundle {
        private @Nullable String resourceType;
        private @Nullable String type;
        private @Nullable Long total;
        private boolean links;
        private @Nullable String next;
        private final List<Entry> entries = new ArrayList<>();
    }

    /** What was read of an entry so far. */
    private static final class Found {
        private @Nullable String type;
        private @Nullable String id;
        private @Nullable String updated;
        private @Nullable String mode;
        private byte @Nullable [] json;
    }

    Page read(byte[] json) throws NotWhole {
        Bundle bundle = new Bundle();
        try (JsonParser parser = JSON.createParser(json)) {
            bundle(parser, json, bundle);
            if (parser.nextToken() != null) {
                throw new NotWhole("something follows its end");
            }
        } catch (IOException e) {
            throw new NotWhole("its JSON is broken or ends early (" + e.getMessage() + ")");
        }
        if (!"Bundle".equals(bundle.resourceType) || !"searchset".equals(bundle.type)) {
            throw new NotWhole("it is no searchset: " + bundle.resourceType + ", " + bundle.type);
        }
        if (!bundle.links) {
            throw new NotWhole("it has no links");
        }
        if (bundle.total == null) {
            oddities.count("no total");
        }
        return new Page(date, bundle.total, next(bundle.next), bundle.entries, json.length);
    }

    /** The key is sent with every link, so a link may not lead to anybody else. */
    private @Nullable URI next(@Nullable String url) throws NotWhole {
        if (url == null) {
            return null;
        }
        try {
            URI next = URI.create(base + "/").resolve(url);
            if (!String.valueOf(base.getAuthority()).equalsIgnoreCase(next.getAuthority())
                    || !String.valueOf(base.getScheme()).equalsIgnoreCase(next.getScheme())) {
                throw NotWhole.always(
                        "its next link leads to another server: " + next.getScheme() + "://" + next.getAuthority()
                                + "; the source's url must be the address that the server gives itself in links");
            }
            return next;
        } catch (IllegalArgumentException e) {
            throw new NotWhole("its next link is no URL");
        }
    }

    private void bundle(JsonParser parser, byte[] json, Bundle bundle) throws IOException, NotWhole {
        if (parser.nextToken() != JsonToken.START_OBJECT) {
            throw new NotWhole("it is no JSON object");
        }
        for (String name = next(parser); name != null; name = next(parser)) {
            switch (name) {
                case "resourceType" -> bundle.resourceType = text(parser);
                case "type" -> bundle.type = text(parser);
                case "total" -> bundle.total = number(parser);
                case "link" -> {
                    bundle.links = true;
                    links(parser, bundle);
                }
                case "entry" -> entries(parser, json, bundle);
                default -> parser.skipChildren();
            }
        }
        if (parser.currentToken() != JsonToken.END_OBJECT) {
            throw new NotWhole("it ends early");
        }
    }

    private static void links(JsonParser parser, Bundle bundle) throws IOException {
        if (parser.currentToken() != JsonToken.START_ARRAY) {
            parser.skipChildren();
            return;
        }
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            String relation = null;
            String url = null;
            for (String name = next(parser); name != null; name = next(parser)) {
                switch (name) {
                    case "relation" -> relation = text(parser);
                    case "url" -> url = text(parser);
                    default -> parser.skipChildren();
                }
            }
            if ("next".equals(relation)) {
                bundle.next = url;
            }
        }
    }

    private void entries(JsonParser parser, byte[] json, Bundle bundle) throws IOException, NotWhole {
        if (parser.currentToken() != JsonToken.START_ARRAY) {
            parser.skipChildren();
            return;
        }
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            if (parser.currentToken() != JsonToken.START_OBJECT) {
                throw new NotWhole("an entry is no object");
            }
            Found found = new Found();
            for (String name = next(parser); name != null; name = next(parser)) {
                switch (name) {
                    case "resource" -> resource(parser, json, found);
                    case "search" -> search(parser, found);
                    default -> parser.skipChildren();
                }
            }
            add(found, bundle);
        }
    }

    private void add(Found found, Bundle bundle) throws NotWhole {
        if ("outcome".equals(found.mode) || "include".equals(found.mode)) {
            oddities.count("entry of mode " + found.mode);
            return;
        }
        byte[] json = found.json;
        String id = found.id;
        if (json == null || id == null) {
            throw new NotWhole("an entry has no " + (json == null ? "resource" : "id"));
        }
        if (!wanted.equals(found.type)) {
            throw new NotWhole("it has a " + found.type + " where only " + wanted + " was asked for");
        }
        if (found.mode == null) {
            oddities.count("no search mode");
        }
        bundle.entries.add(new Entry(wanted, id, updated(found.updated), json));
    }

    private Instant updated(@Nullable String text) {
        if (text != null) {
            try {
                return OffsetDateTime.parse(text).toInstant();
            } catch (DateTimeException e) {
                // counted below
            }
        }
        oddities.count("no lastUpdated");
        return date;
    }

    private static void search(JsonParser parser, Found found) throws IOException {
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            parser.skipChildren();
            return;
        }
        for (String name = next(parser); name != null; name = next(parser)) {
            if (name.equals("mode")) {
                found.mode = text(parser);
            } else {
                parser.skipChildren();
            }
        }
    }

    private static void resource(JsonParser parser, byte[] json, Found found) throws IOException {
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            parser.skipChildren();
            return;
        }
        int start = (int) parser.currentTokenLocation().getByteOffset();
        for (String name = next(parser); name != null; name = next(parser)) {
            switch (name) {
                case "resourceType" -> found.type = text(parser);
                case "id" -> found.id = text(parser);
                case "meta" -> meta(parser, found);
                default -> parser.skipChildren();
            }
        }
        found.json =
                Arrays.copyOfRange(json, start, (int) parser.currentLocation().getByteOffset());
    }

    private static void meta(JsonParser parser, Found found) throws IOException {
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            parser.skipChildren();
            return;
        }
        for (String name = next(parser); name != null; name = next(parser)) {
            if (name.equals("lastUpdated")) {
                found.updated = text(parser);
            } else {
                parser.skipChildren();
            }
        }
    }

    /** The name of the next element, the parser standing on its value; null at the end of the object. */
    private static @Nullable String next(JsonParser parser) throws IOException {
        String name = parser.nextFieldName();
        if (name != null) {
            parser.nextToken();
        }
        return name;
    }

    private static @Nullable String text(JsonParser parser) throws IOException {
        if (parser.currentToken() == JsonToken.VALUE_STRING) {
            return parser.getText();
        }
        parser.skipChildren();
        return null;
    }

    private static @Nullable Long number(JsonParser parser) throws IOException {
        if (parser.currentToken() == JsonToken.VALUE_NUMBER_INT) {
            return parser.getLongValue();
        }
        parser.skipChildren();
        return null;
    }
}
