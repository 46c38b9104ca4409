package miroir.server.fhir;

import java.util.function.Supplier;
import miroir.index.Refusal;
import miroir.server.bundle.BundleEntry;
import miroir.server.routing.MethodRefused;
import org.jspecify.annotations.Nullable;

/** Says of a refusal within a transaction which entry it is about. */
final class OfEntry {
    private OfEntry() {}

    static <T> T named(BundleEntry entry, Supplier<T> work) {
        try {
            return work.get();
        } catch (MethodRefused refused) {
            throw new Refusal(
                    Refusal.Reason.INVALID, entry + ": " + refused.getMessage(), entry.path() + ".request.method");
        } catch (Refusal refused) {
            throw new Refusal(refused.issues().stream()
                    .map(issue -> new Refusal.Issue(
                            issue.reason(), entry + ": " + issue.message(), path(entry, issue.path())))
                    .toList());
        }
    }

    /** Of what is in the resource of the entry, the path through the bundle. */
    private static String path(BundleEntry entry, @Nullable String path) {
        if (path == null || path.startsWith("http.")) {
            return entry.path();
        }
        if (path.startsWith(entry.path())) {
            return path;
        }
        int dot = path.indexOf('.');
        return entry.path() + ".resource" + (dot < 0 ? "" : path.substring(dot));
    }
}
