package miroir.server.console;

/**
 * A field of a form.
 *
 * @param key of its label; what has {@code .hint} behind it explains it
 * @param value what there is before somebody types
 */
record Field(String name, String key, String value, boolean isRequired, boolean isMultiline) {
    static Field text(String name, String key, String value) {
        return new Field(name, key, value, false, false);
    }

    static Field required(String name, String key, String value) {
        return new Field(name, key, value, true, false);
    }

    static Field lines(String name, String key, String value) {
        return new Field(name, key, value, false, true);
    }

    boolean hasHint(View view) {
        return view.has(key + ".hint");
    }

    Fact fact() {
        return new Fact(key, value.isEmpty() ? "–" : value);
    }
}
