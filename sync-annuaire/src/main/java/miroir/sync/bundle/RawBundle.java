package miroir.sync.bundle;

import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is to be known of a Bundle before anybody judges it. Where a value has not the form that FHIR gives it, it counts as
 * missing: whether that matters is for the reader's owner to say.
 *
 * @param linked whether there is a list of links, and every one of them is an object
 * @param next the link to the next page
 */
public record RawBundle(
        @Nullable String resourceType,
        @Nullable String type,
        @Nullable Long total,
        boolean linked,
        @Nullable String next,
        List<RawEntry> entries) {
    public RawBundle {
        entries = List.copyOf(entries);
    }

    /**
     * Reads a JSON object, whatever it is.
     *
     * @throws IOException where the text is no whole JSON object, or something follows it
     */
    public static RawBundle read(byte[] json) throws IOException {
        return BundleReader.read(json);
    }

    public boolean isBundle() {
        return "Bundle".equals(resourceType);
    }
}
