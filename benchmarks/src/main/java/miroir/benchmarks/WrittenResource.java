package miroir.benchmarks;

import java.nio.charset.StandardCharsets;
import java.util.List;
import miroir.index.json.ResourceWriter;
import miroir.index.json.Utf8Buffer;
import org.bson.BsonDocument;
import org.bson.RawBsonDocument;

/**
 * A practitioner in two states that take turns, so that every update changes content and indexed fields: as bodies of
 * requests, and as the documents that become of them.
 */
record WrittenResource(String id, List<byte[]> bodies, List<BsonDocument> documents) {
    private static final String ACTIVE = "\"active\":true";
    private static final String INACTIVE = "\"active\":false";

    /** The two bodies of a resource. */
    static List<byte[]> bodies(RawBsonDocument resource) {
        Utf8Buffer json = new Utf8Buffer(4096);
        ResourceWriter.write(resource, json, false);
        String text = new String(json.toByteArray(), StandardCharsets.UTF_8);
        String other = text.contains(ACTIVE) ? text.replace(ACTIVE, INACTIVE) : text.replace(INACTIVE, ACTIVE);
        if (other.equals(text)) {
            throw new IllegalStateException("no \"active\" in " + text);
        }
        return List.of(text.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));
    }
}
