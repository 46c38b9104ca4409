package miroir.server.bundle;

import java.util.Map;
import miroir.index.Refusal;
import org.bson.RawBsonDocument;
import org.jspecify.annotations.Nullable;

/**
 * An entry of a batch or a transaction.
 *
 * @param index its place in the bundle, from 0
 * @param fullUrl by which other entries refer to it; empty where it has none
 * @param method empty, as the URL is, where it has no request
 * @param conditions those of the request, by the names of the headers that they stand for
 * @param resource what is sent; null: nothing
 * @param fault why that could not be read; null: it could
 */
public record BundleEntry(
        int index,
        String fullUrl,
        String method,
        String url,
        Map<String, String> conditions,
        @Nullable RawBsonDocument resource,
        @Nullable Refusal fault) {
    public BundleEntry {
        conditions = Map.copyOf(conditions);
    }

    /** Where it stands, as a FHIRPath. */
    public String path() {
        return "Bundle.entry[" + index + "]";
    }

    /** Its place and what it asks for, for people. */
    @Override
    public String toString() {
        return "entry[" + index + "] (" + method + " " + Refusal.shown(url) + ")";
    }
}
