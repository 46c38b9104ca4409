package miroir.storage.sync;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.bson.BsonDocument;

/** A resource that cannot be stored: why, and what came, up to a size. */
public record Rejection(String id, String reason, String payload) {
    /** How many of a run are kept. */
    public static final int KEPT = 100;

    private static final int LONGEST = 16_000;

    /** Keeps the beginning of what came. */
    public static Rejection of(String id, String reason, byte[] json) {
        int length = Math.min(json.length, LONGEST);
        return new Rejection(id, reason, new String(json, 0, length, StandardCharsets.UTF_8));
    }

    /** The first ones of both: each keeps what came, and a window can be full of them. */
    public static List<Rejection> first(List<Rejection> some, List<Rejection> more) {
        return Stream.concat(some.stream(), more.stream()).limit(KEPT).toList();
    }

    BsonDocument document() {
        return new Fields()
                .text("id", id)
                .text("reason", reason)
                .text("payload", payload)
                .document();
    }

    static Rejection of(BsonDocument document) {
        return new Rejection(
                Fields.text(document, "id", ""),
                Fields.text(document, "reason", ""),
                Fields.text(document, "payload", ""));
    }
}
