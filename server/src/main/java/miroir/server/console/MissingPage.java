package miroir.server.console;

import miroir.index.store.ResourceKey;
import org.jspecify.annotations.Nullable;

/**
 * What is told where a resource is not there.
 *
 * @param isDeleted whether it was
 * @param sentence in English
 * @param successor the page of what has its identifiers now; null: nothing has
 */
record MissingPage(
        View view,
        ResourceKey key,
        boolean isDeleted,
        String sentence,
        @Nullable String successor) {
    String history() {
        return ResourcePages.path(key) + "/history";
    }

    String type() {
        return ResourcePages.PATH + "/" + key.type();
    }
}
