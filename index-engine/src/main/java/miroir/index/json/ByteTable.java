package miroir.index.json;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A map from short texts that is asked with bytes, so that no name of a document becomes a String. Immutable. */
final class ByteTable<V> {
    private final byte[][] keys;
    private final Object[] values;
    private final int mask;

    ByteTable(Map<String, V> entries) {
        int capacity = Integer.highestOneBit(Math.max(entries.size(), 1)) * 4;
        keys = new byte[capacity][];
        values = new Object[capacity];
        mask = capacity - 1;
        entries.forEach((key, value) -> {
            byte[] bytes = key.getBytes(StandardCharsets.UTF_8);
            int at = hash(bytes, 0, bytes.length) & mask;
            while (values[at] != null) {
                at = (at + 1) & mask;
            }
            keys[at] = bytes;
            values[at] = value;
        });
    }

    /** The value under these bytes, or null. */
    @SuppressWarnings("unchecked")
    @Nullable
    V get(byte[] text, int from, int to) {
        int at = hash(text, from, to) & mask;
        while (values[at] != null) {
            if (Arrays.equals(keys[at], 0, keys[at].length, text, from, to)) {
                return (V) values[at];
            }
            at = (at + 1) & mask;
        }
        return null;
    }

    private static int hash(byte[] text, int from, int to) {
        int hash = 0;
        for (int i = from; i < to; i++) {
            hash = 31 * hash + text[i];
        }
        return hash ^ (hash >>> 15);
    }
}
