package miroir.server.metadata;

import org.bson.RawBsonDocument;

/** A CapabilityStatement ready to be written in either format. */
public final class CapabilityDocument {
    private final RawBsonDocument resource;
    private final String digest;

    CapabilityDocument(RawBsonDocument resource, String digest) {
        this.resource = resource;
        this.digest = digest;
    }

    /** The resource itself. */
    public RawBsonDocument resource() {
        return resource;
    }

    /** Another one for another statement. */
    public String digest() {
        return digest;
    }
}
