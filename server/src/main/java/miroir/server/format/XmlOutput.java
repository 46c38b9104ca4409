package miroir.server.format;

import java.math.BigDecimal;
import java.util.ArrayDeque;
import java.util.Deque;
import miroir.index.json.ResourceWriter;
import miroir.index.json.Utf8Buffer;
import miroir.index.xml.ResourceXmlWriter;
import miroir.index.xml.XmlEscapes;
import org.bson.RawBsonDocument;

/** Writes XML. */
final class XmlOutput implements ResourceOutput {
    private final Utf8Buffer out;
    private final boolean pretty;
    private final Deque<String> open = new ArrayDeque<>();
    private final Deque<String> lists = new ArrayDeque<>();

    XmlOutput(int room, boolean pretty) {
        this.out = new Utf8Buffer(room);
        this.pretty = pretty;
    }

    @Override
    public void stored(RawBsonDocument resource) {
        ResourceXmlWriter.write(resource, out, pretty);
    }

    @Override
    public void stored(String name, RawBsonDocument resource) {
        begin(name);
        ResourceXmlWriter.write(resource, out, pretty, open.size());
        end();
    }

    @Override
    public void beginResource(String type) {
        start(type);
        out.putAscii(" xmlns=\"" + ResourceXmlWriter.NAMESPACE + "\">");
        open.push(type);
    }

    @Override
    public void beginResource(String name, String type) {
        begin(name);
        begin(type);
    }

    @Override
    public void endResource() {
        end();
        if (!open.isEmpty()) {
            end();
        }
    }

    @Override
    public void begin(String name) {
        start(name);
        out.putByte('>');
        open.push(name);
    }

    @Override
    public void beginList(String name) {
        lists.push(name);
    }

    @Override
    public void beginNext() {
        begin(lists.element());
    }

    @Override
    public void end() {
        String name = open.pop();
        line();
        out.putAscii("</");
        out.putAscii(name);
        out.putByte('>');
    }

    @Override
    public void endList() {
        lists.pop();
    }

    @Override
    public void text(String name, String value) {
        start(name);
        out.putAscii(" value=\"");
        XmlEscapes.put(out, value);
        out.putAscii("\"/>");
    }

    @Override
    public void nextText(String value) {
        text(lists.element(), value);
    }

    @Override
    public void number(String name, long value) {
        text(name, Long.toString(value));
    }

    @Override
    public void number(String name, BigDecimal value) {
        text(name, value.toPlainString());
    }

    @Override
    public Utf8Buffer finished() {
        if (pretty) {
            out.putByte('\n');
        }
        return out;
    }

    private void start(String name) {
        line();
        out.putByte('<');
        out.putAscii(name);
    }

    private void line() {
        if (pretty && out.size() > 0) {
            ResourceWriter.newLine(out, open.size());
        }
    }
}
