package miroir.server.format;

import java.math.BigDecimal;
import miroir.index.json.Utf8Buffer;
import org.bson.RawBsonDocument;

/**
 * Where a resource is written of which only parts are stored, such as a bundle: once for both formats. Its elements come in
 * the order of their definition, which XML demands.
 */
public interface ResourceOutput {
    /** The whole answer is a stored resource. */
    void stored(RawBsonDocument resource);

    /** The element of that name holds a stored resource. */
    void stored(String name, RawBsonDocument resource);

    /** Begins the resource that the whole answer is. */
    void beginResource(String type);

    /** Begins a resource that the element of that name holds. */
    void beginResource(String name, String type);

    /** Ends the resource that was begun last. */
    void endResource();

    /** Begins an element that has elements; it ends with {@link #end}. */
    void begin(String name);

    /** Begins an element that repeats. */
    void beginList(String name);

    /** Begins the next one of a list; it ends with {@link #end}. */
    void beginNext();

    /** Ends what was begun last, a list excepted. */
    void end();

    /** Ends the list that was begun last. */
    void endList();

    /** An element with a text. */
    void text(String name, String value);

    /** The next one of a list, which consists of texts. */
    void nextText(String value);

    /** An element with a whole number. */
    void number(String name, long value);

    /** An element with a decimal number. */
    void number(String name, BigDecimal value);

    /** Everything that was written. */
    Utf8Buffer finished();
}
