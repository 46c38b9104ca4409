package miroir.index.store;

/** What names a resource: its type and its id. */
public record ResourceKey(String type, String id) {

    /** As FHIR writes it in a reference. */
    @Override
    public String toString() {
        return type + "/" + id;
    }
}
