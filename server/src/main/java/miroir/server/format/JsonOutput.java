package miroir.server.format;

import java.math.BigDecimal;
import miroir.index.json.ResourceWriter;
import miroir.index.json.Utf8Buffer;
import org.bson.RawBsonDocument;

/** Writes JSON. */
final class JsonOutput implements ResourceOutput {
    private final Utf8Buffer out;
    private final boolean pretty;
    private boolean first = true;
    private int depth;

    JsonOutput(int room, boolean pretty) {
        this.out = new Utf8Buffer(room);
        this.pretty = pretty;
    }

    @Override
    public void stored(RawBsonDocument resource) {
        ResourceWriter.write(resource, out, pretty, depth);
    }

    @Override
    public void stored(String name, RawBsonDocument resource) {
        name(name);
        stored(resource);
    }

    @Override
    public void beginResource(String type) {
        open('{');
        text("resourceType", type);
    }

    @Override
    public void beginResource(String name, String type) {
        name(name);
        beginResource(type);
    }

    @Override
    public void endResource() {
        close('}');
    }

    @Override
    public void begin(String name) {
        name(name);
        open('{');
    }

    @Override
    public void beginList(String name) {
        name(name);
        open('[');
    }

    @Override
    public void beginNext() {
        separate();
        open('{');
    }

    @Override
    public void end() {
        close('}');
    }

    @Override
    public void endList() {
        close(']');
    }

    @Override
    public void text(String name, String value) {
        name(name);
        out.putQuoted(value);
    }

    @Override
    public void nextText(String value) {
        separate();
        out.putQuoted(value);
    }

    @Override
    public void number(String name, long value) {
        name(name);
        out.putLong(value);
    }

    @Override
    public void number(String name, BigDecimal value) {
        name(name);
        out.putAscii(value.toPlainString());
    }

    @Override
    public Utf8Buffer finished() {
        if (pretty) {
            out.putByte('\n');
        }
        return out;
    }

    private void name(String name) {
        separate();
        out.putByte('"');
        out.putAscii(name);
        out.putAscii(pretty ? "\": " : "\":");
    }

    private void separate() {
        if (!first) {
            out.putByte(',');
        }
        if (pretty) {
            ResourceWriter.newLine(out, depth);
        }
        first = false;
    }

    private void open(char bracket) {
        out.putByte(bracket);
        depth++;
        first = true;
    }

    private void close(char bracket) {
        depth--;
        if (pretty && !first) {
            ResourceWriter.newLine(out, depth);
        }
        out.putByte(bracket);
        first = false;
    }
}
