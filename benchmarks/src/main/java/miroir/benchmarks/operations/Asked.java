package miroir.benchmarks.operations;

import java.io.IOException;
import java.io.Reader;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;
import miroir.benchmarks.HttpConnection;
import miroir.benchmarks.questions.Somebody;
import org.bson.BsonType;
import org.bson.Document;
import org.bson.codecs.DecoderContext;
import org.bson.codecs.DocumentCodec;
import org.bson.json.JsonReader;
import org.jspecify.annotations.Nullable;

/**
 * A server, and how it is asked.
 *
 * @param base of the server
 * @param since an instant after which a page of practitioners changed at least
 * @param token that the server wants of who asks
 */
record Asked(
        Way way,
        URI base,
        List<Somebody> people,
        String since,
        @Nullable String token) {
    /** Who knows less than Miroir shall say so, and find anew instead of showing what was found before. */
    private static final String STRICTLY = "Prefer: handling=strict\r\nCache-Control: no-cache\r\n";

    private static final Somebody NOBODY =
            new Somebody("zqxzqx", "urn:zqx|zqxzqx", "ZQXZQX", "ZQXZQX", "ZQX", "ZQX", "ZQXZQX", "ZQXZQX");
    private static final String NEVER = "9999-01-01T00:00:00Z";
    private static final Pattern ORIGIN = Pattern.compile("^https?://[^/?#]*");

    HttpConnection connection() throws IOException {
        return new HttpConnection(base, authorization() + (way == Way.OTHER ? STRICTLY : ""));
    }

    /** To store by. */
    HttpConnection storing() throws IOException {
        return new HttpConnection(base, authorization());
    }

    private String authorization() {
        return token == null ? "" : "Authorization: Bearer " + token + "\r\n";
    }

    /** The request about the one of that number. The bare servlet reads nothing: it knows the same people. */
    String target(Operation operation, int number) {
        return way == Way.BARE
                ? "/fhir/" + operation.name() + "/" + number + "?" + URLEncoder.encode(since, StandardCharsets.UTF_8)
                : base.getRawPath() + "/" + operation.query(people.get(number), since);
    }

    /** The same about nobody and never, to which there is no answer. */
    String targetOfNobody(Operation operation) {
        return base.getRawPath() + "/" + operation.query(NOBODY, NEVER);
    }

    /** The request that an answer leads to; null where it was the last page. It is read as far as its links, which stand before the resources as a rule. */
    static @Nullable String next(Reader answer) {
        try (JsonReader reader = new JsonReader(answer)) {
            reader.readStartDocument();
            while (reader.readBsonType() != BsonType.END_OF_DOCUMENT) {
                if (reader.readName().equals("link")) {
                    return nextOf(reader);
                }
                reader.skipValue();
            }
        }
        return null;
    }

    private static @Nullable String nextOf(JsonReader links) {
        links.readStartArray();
        while (links.readBsonType() != BsonType.END_OF_DOCUMENT) {
            Document link =
                    new DocumentCodec().decode(links, DecoderContext.builder().build());
            if ("next".equals(link.getString("relation"))) {
                return ORIGIN.matcher(link.getString("url")).replaceFirst("");
            }
        }
        return null;
    }
}
