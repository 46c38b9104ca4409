package miroir.storage;

import java.time.Instant;
import java.util.function.Function;
import miroir.index.store.ResourceKey;
import org.bson.RawBsonDocument;

/** What has to be true of references for a write or a deletion to happen. */
interface Integrity {
    /**
     * Writes a resource.
     *
     * @param write writes until the instant that it is given, and refuses as expired after that
     */
    <T> T writing(ResourceKey key, RawBsonDocument fhir, Function<Instant, T> write);

    /** Deletes or erases a resource, in the same way. */
    <T> T deleting(ResourceKey key, Function<Instant, T> delete);

    /** Looks, before the end of a transaction, at everything that was written and deleted in it. */
    default void check() {}

    /** Nothing has to. */
    static Integrity none() {
        return new Integrity() {
            @Override
            public <T> T writing(ResourceKey key, RawBsonDocument fhir, Function<Instant, T> write) {
                return write.apply(Instant.MAX);
            }

            @Override
            public <T> T deleting(ResourceKey key, Function<Instant, T> delete) {
                return delete.apply(Instant.MAX);
            }
        };
    }
}
