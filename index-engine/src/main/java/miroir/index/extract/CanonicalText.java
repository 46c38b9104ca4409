package miroir.index.extract;

import org.jspecify.annotations.Nullable;

/** A canonical is found as it is written, and by its url alone whatever its version. */
final class CanonicalText {
    private CanonicalText() {}

    static void addTo(Texts texts, @Nullable String canonical) {
        texts.add(canonical);
        int bar = canonical == null ? -1 : canonical.indexOf('|');
        if (canonical != null && bar > 0) {
            texts.add(canonical.substring(0, bar));
        }
    }
}
