package miroir.index.json;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.bson.RawBsonDocument;
import org.bson.types.Decimal128;

/**
 * BSON as it is written: types and lengths are patched in once they are known. The driver's own writer does the same
 * with a state machine in between, at three times the cost.
 */
public final class RawBsonOutput {
    private byte[] array;
    private int size;

    public RawBsonOutput(int capacity) {
        array = new byte[capacity];
    }

    /** How many bytes were written. */
    public int size() {
        return size;
    }

    /** Everything written, as one document. */
    public RawBsonDocument toDocument() {
        return new RawBsonDocument(array, 0, size);
    }

    /** Starts a document or an array; what it returns is given to {@link #close}. */
    public int open() {
        reserve(4);
        size += 4;
        return size - 4;
    }

    /** Ends the document or array that started there. */
    public void close(int start) {
        reserve(1);
        array[size++] = 0;
        RawBson.setInt(array, start, size - start);
    }

    /** Starts an element whose type is patched in later by {@link #type}. */
    public int element(String asciiName) {
        int length = asciiName.length();
        reserve(length + 2);
        int typeAt = size++;
        for (int i = 0; i < length; i++) {
            array[size + i] = (byte) asciiName.charAt(i);
        }
        size += length;
        array[size++] = 0;
        return typeAt;
    }

    /** Starts an element of an array, which BSON names by its index. */
    public int element(int index) {
        if (index > 9) {
            return element(Integer.toString(index));
        }
        reserve(3);
        int typeAt = size++;
        array[size++] = (byte) ('0' + index);
        array[size++] = 0;
        return typeAt;
    }

    /** Gives the element that was started there its type. */
    public void type(int typeAt, byte type) {
        array[typeAt] = type;
    }

    public void putBoolean(boolean value) {
        reserve(1);
        array[size++] = (byte) (value ? 1 : 0);
    }

    public void putInt(int value) {
        reserve(4);
        RawBson.setInt(array, size, value);
        size += 4;
    }

    public void putLong(long value) {
        reserve(8);
        RawBson.setLong(array, size, value);
        size += 8;
    }

    public void putDecimal(Decimal128 value) {
        putLong(value.getLow());
        putLong(value.getHigh());
    }

    /** Puts a string; false where it cannot be one: a NUL, or half of a surrogate pair. */
    public boolean putString(char[] text, int from, int length) {
        int lengthAt = size;
        reserve(length + 5);
        size += 4;
        int ascii = putAscii(text, from, length);
        if (ascii < length && !putUnicode(text, from + ascii, length - ascii)) {
            return false;
        }
        reserve(1);
        array[size++] = 0;
        RawBson.setInt(array, lengthAt, size - lengthAt - 4);
        return true;
    }

    /** Puts everything that was written there. */
    public void put(RawBsonOutput other) {
        reserve(other.size);
        System.arraycopy(other.array, 0, array, size, other.size);
        size += other.size;
    }

    /** Forgets what was written behind that many bytes. */
    public void rewind(int to) {
        size = to;
    }

    private int putAscii(char[] text, int from, int length) {
        byte[] target = array;
        int at = size;
        int i = 0;
        for (; i < length; i++) {
            char c = text[from + i];
            if (c >= 0x80 || c == 0) {
                break;
            }
            target[at + i] = (byte) c;
        }
        size += i;
        return i;
    }

    private boolean putUnicode(char[] text, int from, int length) {
        reserve(3 * length + 1);
        for (int i = from; i < from + length; i++) {
            char c = text[i];
            if (c == 0) {
                return false;
            } else if (c < 0x80) {
                array[size++] = (byte) c;
            } else if (c < 0x800) {
                array[size++] = (byte) (0xc0 | (c >> 6));
                array[size++] = (byte) (0x80 | (c & 0x3f));
            } else if (!Character.isSurrogate(c)) {
                array[size++] = (byte) (0xe0 | (c >> 12));
                array[size++] = (byte) (0x80 | ((c >> 6) & 0x3f));
                array[size++] = (byte) (0x80 | (c & 0x3f));
            } else if (i + 1 < from + length && Character.isSurrogatePair(c, text[i + 1])) {
                putBytes(new String(text, i++, 2).getBytes(StandardCharsets.UTF_8));
            } else {
                return false;
            }
        }
        return true;
    }

    private void putBytes(byte[] bytes) {
        putBytes(bytes, 0, bytes.length);
    }

    /** Puts what is BSON already: whole elements, a type with its name, a value. */
    void putBytes(byte[] source, int from, int to) {
        reserve(to - from);
        System.arraycopy(source, from, array, size, to - from);
        size += to - from;
    }

    /** Forgets what was written after the output had this size. */
    void truncate(int earlier) {
        size = earlier;
    }

    private void reserve(int more) {
        if (more > array.length - size) {
            array = Arrays.copyOf(array, Math.max(size + more, 2 * array.length));
        }
    }
}
