package miroir.simulator;

/** Where elements go, in the order of the real directory: BSON for what is searched, JSON for what is only sent. */
interface ElementWriter {
    void startObject();

    void startObject(String name);

    void endObject();

    void startArray(String name);

    void endArray();

    void text(String name, String value);

    void text(String value);

    void bool(String name, boolean value);

    void number(String name, int value);

    void nothing();
}
