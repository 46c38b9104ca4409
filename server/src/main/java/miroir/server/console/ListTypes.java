package miroir.server.console;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import miroir.index.Refusal;
import miroir.index.store.Copied;
import miroir.index.store.ResourceStore;
import miroir.storage.sync.Register;
import miroir.storage.sync.Synchronisation;
import org.jspecify.annotations.Nullable;

/** What is kept, by type: how many, how large, how old. */
final class ListTypes {
    private final ResourceStore store;
    private final Set<String> types;
    private final MeasuredTypes sizes;
    private final @Nullable Register register;

    ListTypes(ResourceStore store, Set<String> types, MeasuredTypes sizes, @Nullable Register register) {
        this.store = store;
        this.types = types;
        this.sizes = sizes;
        this.register = register;
    }

    TypeList run() {
        Map<String, Copied> copies = store.copies();
        Map<String, Instant> completed = completed();
        List<TypeList.Row> rows = new ArrayList<>();
        for (String type : types) {
            Copied copied = copies.get(type);
            rows.add(
                    new TypeList.Row(type, sizes.of(type), copied == null ? null : copied.asOf(), completed.get(type)));
        }
        return new TypeList(rows);
    }

    /** What people call it; null where that is its own name. */
    static @Nullable String label(View view, String type) {
        String key = "type." + type;
        return view.has(key) ? view.say(key) : null;
    }

    /** The same, or what programs call it. */
    static String name(View view, String type) {
        return Objects.requireNonNullElse(label(view, type), type);
    }

    /** When a synchronisation succeeded last, by type. */
    private Map<String, Instant> completed() {
        Map<String, Instant> completed = new HashMap<>();
        Register known = register;
        if (known != null) {
            try {
                for (Synchronisation each : known.all()) {
                    Instant at = each.completed();
                    if (at != null) {
                        completed.merge(each.definition().type(), at, (one, other) -> one.isAfter(other) ? one : other);
                    }
                }
            } catch (Refusal away) {
                // Then there are fewer columns that say something.
                return completed;
            }
        }
        return completed;
    }
}
