package miroir.sync.window;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * How many different ids there were. Eight bytes for each, whatever their length: a window can hold a hundred thousand, and
 * several are read at once. Two ids of one window share a hash once in about ten billion windows; it would then be read again.
 */
public final class DistinctIds {
    private long[] hashes = new long[1_024];
    private int size;

    /** Takes note of an id. */
    public void add(String id) {
        if (size == hashes.length) {
            hashes = Arrays.copyOf(hashes, size * 2);
        }
        hashes[size++] = hash(id);
    }

    /** How many were added, repeated ones included. */
    public int added() {
        return size;
    }

    /** How many different ones were added. */
    public int count() {
        long[] sorted = Arrays.copyOf(hashes, size);
        Arrays.sort(sorted);
        int distinct = size == 0 ? 0 : 1;
        for (int i = 1; i < size; i++) {
            if (sorted[i] != sorted[i - 1]) {
                distinct++;
            }
        }
        return distinct;
    }

    /** FNV-1a over 64 bits, mixed at the end so that ids that differ in the last digit differ everywhere. */
    private static long hash(String id) {
        long hash = 0xcbf29ce484222325L;
        for (byte each : id.getBytes(StandardCharsets.UTF_8)) {
            hash = (hash ^ each) * 0x100000001b3L;
        }
        hash = (hash ^ (hash >>> 32)) * 0xd6e8feb86659fd93L;
        return hash ^ (hash >>> 32);
    }
}
