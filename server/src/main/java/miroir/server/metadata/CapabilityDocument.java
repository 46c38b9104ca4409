package miroir.server.metadata;

/** A CapabilityStatement as it is sent. */
public final class CapabilityDocument {
    private final byte[] json;
    private final String etag;

    CapabilityDocument(byte[] json, String etag) {
        this.json = json;
        this.etag = etag;
    }

    /** Its bytes; shared by all answers, never to be changed. */
    public byte[] json() {
        return json;
    }

    /** As it stands in the header. */
    public String etag() {
        return etag;
    }
}
