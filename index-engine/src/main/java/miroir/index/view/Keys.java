package miroir.index.view;

import java.util.Set;
import miroir.index.path.RawValue;
import miroir.index.value.ReferenceText;
import org.jspecify.annotations.Nullable;

/**
 * By what rows of views are joined: {@code getResourceKey()} and {@code getReferenceKey()}. A key is {@code Type/id}, which says what it is of wherever a
 * reference may be to several types. What a reference cannot be joined by has no key: a contained resource, an identifier alone, what is on another server.
 *
 * @param ownBases what begins with one of them is a reference to a resource of ours
 */
record Keys(Set<String> ownBases) {
    Keys {
        ownBases = Set.copyOf(ownBases);
    }

    /** Null where the resource has no id, or is within another one. */
    static @Nullable String ofResource(Value resource) {
        RawValue raw = resource.raw();
        String type = raw == null ? null : raw.text("resourceType");
        String id = raw == null || !raw.isWhole() ? null : raw.text("id");
        return type == null || id == null ? null : type + "/" + id;
    }

    /**
     * Null where it has none.
     *
     * @param wanted the type that it has to be to; null: any
     */
    @Nullable
    String ofReference(Value reference, @Nullable String wanted) {
        RawValue raw = reference.raw();
        String text = raw == null ? null : raw.text("reference");
        if (raw == null || text == null || text.startsWith("#")) {
            return null;
        }
        ReferenceText read = ReferenceText.of(text, ownBases);
        boolean isOurs = read.id() != null;
        return isOurs && (wanted == null || wanted.equals(read.type())) ? read.text() : null;
    }
}
