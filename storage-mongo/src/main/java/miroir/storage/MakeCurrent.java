package miroir.storage;

import miroir.index.store.ResourceKey;
import org.bson.RawBsonDocument;

/** Makes versions the current ones: {@link CommitVersion} at once, and {@link OpenTransaction} together with others. */
interface MakeCurrent {
    /** The first version of a resource; false where somebody else was faster, or where it came too late. */
    boolean first(ResourceKey key, RawBsonDocument document, CommitInstant instant);

    /** The version after this one; false where somebody else was faster, or where it came too late. */
    boolean next(StoredVersion before, RawBsonDocument document, CommitInstant instant);
}
