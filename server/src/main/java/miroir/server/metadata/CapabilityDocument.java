package miroir.server.metadata;

import org.bson.RawBsonDocument;

/** A CapabilityStatement ready to be written in either format. */
public final class CapabilityDocument {
    private final RawBsonDocument resource;
    private final String etag;

    CapabilityDocument(RawBsonDocument resource, String etag) {
        this.resource = resource;
        this.etag = etag;
    }

    /** The resource itself. */
    public RawBsonDocument resource() {
        return resource;
    }

    /** As it stands in the header. */
    public String etag() {
        return etag;
    }
}
