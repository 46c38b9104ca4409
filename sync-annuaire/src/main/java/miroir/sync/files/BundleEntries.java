package miroir.sync.files;

import java.io.IOException;
import java.util.List;
import java.util.Objects;
import miroir.sync.bundle.RawBundle;
import miroir.sync.bundle.RawEntry;

/** Takes the resources out of a Bundle in a file. */
final class BundleEntries {
    private BundleEntries() {}

    /**
     * The resources of the entries; anything else than a whole Bundle is returned as the only element, for the
     * resource reader to judge.
     */
    static List<byte[]> of(byte[] json) {
        try {
            RawBundle bundle = RawBundle.read(json);
            return bundle.isBundle()
                    ? bundle.entries().stream()
                            .map(RawEntry::json)
                            .filter(Objects::nonNull)
                            .toList()
                    : List.of(json);
        } catch (IOException e) {
            return List.of(json);
        }
    }
}
