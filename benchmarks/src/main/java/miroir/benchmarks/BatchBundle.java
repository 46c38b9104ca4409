package miroir.benchmarks;

import miroir.index.json.Utf8Buffer;

/** A batch of resources that are put, as it is sent. */
public final class BatchBundle {
    /** So many resources are sent at once. */
    public static final int SIZE = 200;

    private static final int USUAL_BYTES = 4096;

    private final Utf8Buffer out = new Utf8Buffer(SIZE * USUAL_BYTES);
    private int size;

    /** Adds one that is JSON already. */
    public void put(String type, String id, byte[] json) {
        out.putAscii(size++ == 0 ? "{\"resourceType\":\"Bundle\",\"type\":\"batch\",\"entry\":[" : ",");
        out.putAscii("{\"request\":{\"method\":\"PUT\",\"url\":\"" + type + "/" + id + "\"},\"resource\":");
        out.putBytes(json);
        out.putAscii("}");
    }

    /** How many there are in it. */
    public int size() {
        return size;
    }

    /** The whole of it; nothing is added any more. */
    public byte[] end() {
        out.putAscii("]}");
        return out.toByteArray();
    }
}
