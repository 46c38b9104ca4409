package miroir.server.reports;

import miroir.index.store.ResourceVersion;
import miroir.server.directory.DirectoryResource;
import org.jspecify.annotations.Nullable;

/** By what people know a resource, without the resource. */
record Known(@Nullable String name, @Nullable String identifier) {

    static Known nothing() {
        return new Known(null, null);
    }

    static Known of(ResourceVersion.Live live) {
        DirectoryResource resource = DirectoryResource.of(live);
        return new Known(unlessEmpty(resource.name()), unlessEmpty(resource.identifier()));
    }

    private static @Nullable String unlessEmpty(String text) {
        return text.isEmpty() ? null : text;
    }
}
