package miroir.server.routing;

/** A field of what administrators send. */
public record AdminField(String name, Kind kind, boolean required) {

    /** What its value is. */
    public enum Kind {
        TEXT("a text"),
        TEXTS("a list of texts"),
        FLAG("true or false"),
        NUMBER("a whole number"),
        /** A text as well. */
        INSTANT("a time such as 2027-01-31T00:00:00Z");

        private final String words;

        Kind(String words) {
            this.words = words;
        }

        /** For people. */
        public String words() {
            return words;
        }
    }

    static AdminField text(String name) {
        return new AdminField(name, Kind.TEXT, true);
    }

    static AdminField optional(String name, Kind kind) {
        return new AdminField(name, kind, false);
    }
}
