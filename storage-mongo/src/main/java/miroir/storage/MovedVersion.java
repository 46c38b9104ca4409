package miroir.storage;

import java.time.Instant;
import org.bson.RawBsonDocument;
import org.jspecify.annotations.Nullable;

/**
 * A version on its way from one database to another, with everything that is kept of it but what it is found by.
 *
 * @param to when the next version began; null: none had, at the instant as of which it was read
 * @param position where the resource stands among those of its type
 * @param operation how the version came to be where its number does not say so; null: its number does
 * @param source the synchronisation whose it is or, for a deletion, was; null: this server's own
 * @param sourceInstant the owner's own instant of the content; null where there is no owner
 * @param hash of the content, in hexadecimal digits; null where there is no content, or nobody says
 * @param erased whether it is what an erasure left
 * @param fhir the resource as it is served; null: a deletion
 */
public record MovedVersion(
        String id,
        long version,
        Instant from,
        @Nullable Instant to,
        long position,
        @Nullable String operation,
        @Nullable String source,
        @Nullable Instant sourceInstant,
        @Nullable String hash,
        boolean erased,
        @Nullable RawBsonDocument fhir) {

    /** About how many bytes of memory it takes. */
    public int bytes() {
        return fhir == null ? 200 : 200 + fhir.getByteBuffer().remaining();
    }
}
