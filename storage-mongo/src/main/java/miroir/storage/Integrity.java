package miroir.storage;

import java.util.function.Function;
import miroir.index.store.ResourceKey;
import org.bson.RawBsonDocument;

/** What has to be true of references for a write or a deletion to happen. */
interface Integrity {
    /**
     * Writes a resource.
     *
     * @param write writes on the terms that it is given
     */
    <T> T writing(WriteScope scope, ResourceKey key, RawBsonDocument fhir, Function<WriteTerms, T> write);

    /** Whether anything has to be for a write. */
    default boolean isForWrites() {
        return false;
    }

    /** Deletes a resource, in the same way. */
    <T> T deleting(WriteScope scope, ResourceKey key, Function<WriteTerms, T> delete);

    /** Refuses where references stand against the write at this moment. */
    default void lookBeforeWriting(WriteScope scope, ResourceKey key, RawBsonDocument fhir) {}

    /** The same for a deletion. */
    default void lookBeforeDeleting(WriteScope scope, ResourceKey key) {}

    /** Looks, before the end of a transaction, at everything that was written and deleted in it. */
    default void check() {}

    /** Nothing has to. */
    static Integrity none() {
        return new Integrity() {
            @Override
            public <T> T writing(
                    WriteScope scope, ResourceKey key, RawBsonDocument fhir, Function<WriteTerms, T> write) {
                return write.apply(WriteTerms.none());
            }

            @Override
            public <T> T deleting(WriteScope scope, ResourceKey key, Function<WriteTerms, T> delete) {
                return delete.apply(WriteTerms.none());
            }
        };
    }
}
