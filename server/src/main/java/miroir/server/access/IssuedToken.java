package miroir.server.access;

import java.time.Instant;
import org.bson.BsonDocument;
import org.bson.BsonString;
import org.jspecify.annotations.Nullable;

/**
 * A token of a consumer, as it is kept.
 *
 * @param id by which people name it; says nothing of the token
 * @param label what it is for
 * @param expires null: never
 */
public record IssuedToken(
        String id,
        String hash,
        String label,
        Instant created,
        @Nullable Instant expires) {

    /** Without its hash. */
    @Override
    public String toString() {
        return "token " + id + " (" + label + ")";
    }

    /** Whether it still works at that moment. */
    boolean isValidAt(Instant now) {
        return expires == null || now.isBefore(expires);
    }

    BsonDocument toBson() {
        BsonDocument document = new BsonDocument("id", new BsonString(id))
                .append("hash", new BsonString(hash))
                .append("label", new BsonString(label))
                .append("created", new BsonString(created.toString()));
        return expires == null ? document : document.append("expires", new BsonString(expires.toString()));
    }

    static IssuedToken of(BsonDocument document) {
        Instant expires = document.containsKey("expires")
                ? Instant.parse(document.getString("expires").getValue())
                : null;
        return new IssuedToken(
                document.getString("id").getValue(),
                document.getString("hash").getValue(),
                document.getString("label").getValue(),
                Instant.parse(document.getString("created").getValue()),
                expires);
    }
}
