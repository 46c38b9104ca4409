package miroir.server.console;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import miroir.index.Refusal;
import miroir.index.store.Copied;
import miroir.index.store.ResourceStore;
import miroir.index.store.StoredSize;
import miroir.server.console.MeasuredTypes.Measured;
import miroir.server.console.TypesPage.TypeRow;
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

    TypesPage run(View view) {
        Map<String, Copied> copies = store.copies();
        Map<String, Instant> completed = completed();
        List<TypeRow> rows = new ArrayList<>();
        Measured all = new Measured(0L, StoredSize.NONE);
        for (String type : types) {
            Measured measured = sizes.of(type);
            all = all.and(measured);
            rows.add(row(view, type, measured, copies.get(type), completed.get(type)));
        }
        return new TypesPage(view, rows, row(view, "", all, null, null));
    }

    private static TypeRow row(
            View view, String type, Measured measured, @Nullable Copied copied, @Nullable Instant completed) {
        StoredSize size = measured.size();
        return new TypeRow(
                type,
                label(view, type),
                measured.count() == null ? "" : view.number(measured.count()),
                size == null ? "" : bytes(view, size.current()),
                size == null ? "" : bytes(view, size.history()),
                size == null ? "" : bytes(view, size.indexes()),
                copied == null ? "" : view.when(copied.asOf()),
                view.when(completed));
    }

    /** What people call it; null where that is its own name. */
    static @Nullable String label(View view, String type) {
        String key = "type." + type;
        return view.has(key) ? view.say(key) : null;
    }

    private static String bytes(View view, long bytes) {
        if (bytes < 1 << 20) {
            return view.say("res.kilobytes", view.number((bytes + 1023) >> 10));
        }
        return view.say("res.megabytes", view.number((bytes + (1 << 19)) >> 20));
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
