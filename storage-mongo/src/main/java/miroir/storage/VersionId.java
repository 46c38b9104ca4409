package miroir.storage;

/** A version of a resource of a known type. */
public record VersionId(String id, long version) {

    /** The one before it; 0 is the version of what was not there. */
    public VersionId before() {
        return new VersionId(id, version - 1);
    }
}
