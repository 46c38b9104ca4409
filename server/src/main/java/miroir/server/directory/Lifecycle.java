package miroir.server.directory;

import java.util.Set;
import miroir.index.path.RawValue;

/** What resources of the directory say of whether they are over. */
public final class Lifecycle {
    private static final Set<String> OVER = Set.of("inactive", "entered-in-error");

    private Lifecycle() {}

    /** Whether a resource says that it is; what says nothing is not. */
    public static boolean isOver(RawValue resource) {
        RawValue active = resource.get("active");
        return (active != null && Boolean.FALSE.equals(active.truth()))
                || OVER.contains(String.valueOf(resource.text("status")));
    }
}
