package miroir.server.format;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import miroir.index.json.Utf8Buffer;

/** Indents JSON for people. Numbers are copied letter by letter: {@code 1.10} must not become {@code 1.1}. */
final class PrettyJson {
    private static final JsonFactory FACTORY = new JsonFactory();

    private PrettyJson() {}

    static Utf8Buffer of(Utf8Buffer json) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(json.size() * 2);
        try (JsonParser in = FACTORY.createParser(json.array(), 0, json.size());
                JsonGenerator out = FACTORY.createGenerator(bytes)) {
            DefaultIndenter lines = new DefaultIndenter("  ", "\n");
            out.setPrettyPrinter(new DefaultPrettyPrinter()
                    .withArrayIndenter(lines)
                    .withObjectIndenter(lines)
                    .withSeparators(
                            Separators.createDefaultInstance().withObjectFieldValueSpacing(Separators.Spacing.AFTER)));
            copy(in, out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Utf8Buffer pretty = new Utf8Buffer(bytes.size() + 1);
        pretty.putBytes(bytes.toByteArray());
        pretty.putByte('\n');
        return pretty;
    }

    private static void copy(JsonParser in, JsonGenerator out) throws IOException {
        for (JsonToken token = in.nextToken(); token != null; token = in.nextToken()) {
            if (token.isNumeric()) {
                out.writeNumber(in.getText());
            } else {
                out.copyCurrentEvent(in);
            }
        }
    }
}
