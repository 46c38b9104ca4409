package miroir.index.store;

import java.time.Instant;
import org.bson.RawBsonDocument;

/** One version of a resource: content, or the fact that it was deleted. */
public sealed interface ResourceVersion {
    ResourceKey key();

    /** The version number; it increases for ever, across deletion and re-creation. */
    long version();

    /** The instant of the commit, which is {@code meta.lastUpdated}. */
    Instant from();

    /** How a version with content came to be. */
    enum Origin {
        /** Created under an id of the server's choice. */
        CREATED,
        /** Put where nothing was, or a deletion. */
        PUT_CREATED,
        /** Put over the version before it. */
        UPDATED,
        /** Not asked for: by searches and inclusions. */
        NOT_TOLD
    }

    /**
     * A version with content.
     *
     * @param position its place in the order of the type; given at creation and kept for ever
     * @param fhir the resource as received, with {@code meta.versionId} and {@code meta.lastUpdated} completed
     */
    record Live(ResourceKey key, long version, Instant from, long position, Origin origin, RawBsonDocument fhir)
            implements ResourceVersion {

        /** The same version, of which an answer shows only these parts. */
        public Live showing(RawBsonDocument parts) {
            return new Live(key, version, from, position, origin, parts);
        }

        /** The same version, of which it is not told how it came to be. */
        public Live found() {
            return new Live(key, version, from, position, Origin.NOT_TOLD, fhir);
        }
    }

    /**
     * A deletion, which is a version of its own.
     *
     * @param erased whether the content of all versions before it was removed for ever
     */
    record Deleted(ResourceKey key, long version, Instant from, boolean erased) implements ResourceVersion {

        /** A deletion that can be undone. */
        public Deleted(ResourceKey key, long version, Instant from) {
            this(key, version, from, false);
        }
    }
}
