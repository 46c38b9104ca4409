package miroir.simulator;

import miroir.index.json.Utf8Buffer;

/** Elements as JSON, straight into the buffer of an answer: several times as fast as BSON that is then written out. */
final class JsonElements implements ElementWriter {
    private final Utf8Buffer out;
    private boolean first = true;

    JsonElements(Utf8Buffer out) {
        this.out = out;
    }

    @Override
    public void startObject() {
        separate();
        open('{');
    }

    @Override
    public void startObject(String name) {
        name(name);
        open('{');
    }

    @Override
    public void endObject() {
        close('}');
    }

    @Override
    public void startArray(String name) {
        name(name);
        open('[');
    }

    @Override
    public void endArray() {
        close(']');
    }

    @Override
    public void text(String name, String value) {
        name(name);
        out.putQuoted(value);
    }

    @Override
    public void text(String value) {
        separate();
        out.putQuoted(value);
    }

    @Override
    public void bool(String name, boolean value) {
        name(name);
        out.putAscii(value ? "true" : "false");
    }

    @Override
    public void number(String name, int value) {
        name(name);
        out.putLong(value);
    }

    @Override
    public void nothing() {
        separate();
        out.putAscii("null");
    }

    private void name(String name) {
        separate();
        out.putByte('"');
        out.putAscii(name);
        out.putByte('"');
        out.putByte(':');
    }

    private void separate() {
        if (!first) {
            out.putByte(',');
        }
        first = false;
    }

    private void open(char bracket) {
        out.putByte(bracket);
        first = true;
    }

    private void close(char bracket) {
        out.putByte(bracket);
        first = false;
    }
}
