package miroir.server.admin;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.stream.Collector;
import java.util.stream.Collectors;
import miroir.index.json.ResourceWriter;
import miroir.index.json.Utf8Buffer;
import org.bson.BsonArray;
import org.bson.BsonDocument;
import org.bson.BsonString;
import org.bson.BsonValue;
import org.bson.RawBsonDocument;
import org.bson.codecs.BsonDocumentCodec;
import org.jspecify.annotations.Nullable;

/**
 * What is answered.
 *
 * @param version of what is shown, for {@code If-Match}; 0: it has none
 * @param body null: there is none
 */
public record AdminAnswer(
        int status, long version, @Nullable BsonDocument body) {

    static AdminAnswer nothing() {
        return new AdminAnswer(HttpServletResponse.SC_NO_CONTENT, 0, null);
    }

    static AdminAnswer of(BsonDocument body) {
        return new AdminAnswer(HttpServletResponse.SC_OK, 0, body);
    }

    static AdminAnswer created(BsonDocument body) {
        return new AdminAnswer(HttpServletResponse.SC_CREATED, 0, body);
    }

    /** It is not decided yet. */
    static AdminAnswer later(BsonDocument body) {
        return new AdminAnswer(HttpServletResponse.SC_ACCEPTED, 0, body);
    }

    static Collector<BsonValue, ?, BsonArray> list() {
        return Collectors.collectingAndThen(Collectors.toList(), BsonArray::new);
    }

    static BsonArray texts(List<String> texts) {
        return texts.stream().map(BsonString::new).collect(list());
    }

    void writeTo(HttpServletResponse response) throws IOException {
        response.setStatus(status);
        response.setHeader("Cache-Control", "no-store");
        if (version > 0) {
            response.setHeader("ETag", "W/\"" + version + "\"");
        }
        if (body != null) {
            Utf8Buffer out = new Utf8Buffer(512);
            ResourceWriter.write(new RawBsonDocument(body, new BsonDocumentCodec()), out, true);
            out.putAscii("\n");
            response.setContentType("application/json;charset=UTF-8");
            response.setContentLength(out.size());
            out.writeTo(response.getOutputStream());
        }
    }
}
