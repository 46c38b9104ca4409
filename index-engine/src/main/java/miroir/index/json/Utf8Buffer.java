package miroir.index.json;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Bytes that grow: what a response is written into before its length is known. Not thread-safe; whoever wants to reuse
 * one keeps it, clears it and hands it on.
 */
public final class Utf8Buffer {
    /** The largest array that every virtual machine can allocate. */
    private static final int LARGEST = Integer.MAX_VALUE - 8;

    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

    private byte[] array;
    private int size;

    public Utf8Buffer(int capacity) {
        array = new byte[Math.max(capacity, 16)];
    }

    /** The bytes themselves, of which the first {@link #size} count; another array after the buffer has grown. */
    public byte[] array() {
        return array;
    }

    /** How many bytes were put. */
    public int size() {
        return size;
    }

    /** Forgets the content and keeps the capacity. */
    public void clear() {
        size = 0;
    }

    /** The content as it is now, in an array of its own. */
    public byte[] toByteArray() {
        return Arrays.copyOf(array, size);
    }

    public void writeTo(OutputStream out) throws IOException {
        out.write(array, 0, size);
    }

    public void putByte(int value) {
        reserve(1);
        array[size++] = (byte) value;
    }

    public void putBytes(byte[] source, int from, int length) {
        reserve(length);
        System.arraycopy(source, from, array, size, length);
        size += length;
    }

    public void putBytes(byte[] source) {
        putBytes(source, 0, source.length);
    }

    /** Text that is known to be ASCII and is put as it is: punctuation, names, numbers. */
    public void putAscii(String text) {
        int length = text.length();
        reserve(length);
        for (int i = 0; i < length; i++) {
            array[size + i] = (byte) text.charAt(i);
        }
        size += length;
    }

    /** A whole number in decimal digits. */
    public void putLong(long value) {
        if (value >= 0 && value < 10) {
            putByte('0' + (int) value);
        } else {
            putAscii(Long.toString(value));
        }
    }

    /** Text as a JSON string, quoted and escaped. */
    public void putQuoted(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        putQuoted(utf8, 0, utf8.length);
    }

    /** UTF-8 as a JSON string, quoted and escaped; the common run without escapes is copied in one piece. */
    void putQuoted(byte[] utf8, int from, int to) {
        reserve(to - from + 2);
        array[size++] = '"';
        int at = from;
        while (true) {
            int clean = JsonEscapes.endOfCleanRun(utf8, at, to);
            System.arraycopy(utf8, at, array, size, clean - at);
            size += clean - at;
            if (clean == to) {
                break;
            }
            reserve(to - clean + 6);
            putEscape(utf8[clean]);
            at = clean + 1;
        }
        array[size++] = '"';
    }

    private void putEscape(byte value) {
        array[size++] = '\\';
        byte letter = JsonEscapes.letter(value);
        if (letter != 0) {
            array[size++] = letter;
            return;
        }
        array[size++] = 'u';
        array[size++] = '0';
        array[size++] = '0';
        array[size++] = HEX[value >> 4];
        array[size++] = HEX[value & 15];
    }

    private void reserve(int more) {
        if (more > array.length - size) {
            grow(more);
        }
    }

    private void grow(int more) {
        long needed = (long) size + more;
        if (needed > LARGEST) {
            throw new IllegalStateException("a buffer cannot hold " + needed + " bytes");
        }
        array = Arrays.copyOf(array, (int) Math.min(LARGEST, Math.max(needed, 2L * array.length)));
    }
}
