package miroir.server.reports;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import miroir.index.path.RawValue;
import miroir.index.search.Condition;
import org.jspecify.annotations.Nullable;

/** The codes of the tables that are kept here whole, by their systems. */
final class CodeTables {
    private static final String TABLES = "CodeSystem";
    /** More codes than all tables of the directory have; a terminology that has more is no table. */
    private static final int MOST_CODES = 500_000;

    private final Map<String, Set<String>> codes;

    private CodeTables(Map<String, Set<String>> codes) {
        this.codes = codes;
    }

    static CodeTables read(Elsewhere elsewhere, Set<String> types) {
        Map<String, Set<String>> codes = new HashMap<>();
        if (types.contains(TABLES)) {
            int[] count = {0};
            elsewhere.each(TABLES, Condition.all(), table -> {
                RawValue root = table.root();
                String url = root.text("url");
                if (url != null && "complete".equals(root.text("content")) && count[0] < MOST_CODES) {
                    Set<String> of = codes.computeIfAbsent(url, same -> new HashSet<>());
                    addAll(root, of);
                    count[0] += of.size();
                }
            });
        }
        return new CodeTables(codes);
    }

    private static void addAll(RawValue parent, Set<String> codes) {
        for (RawValue concept : parent.all("concept")) {
            String code = concept.text("code");
            if (code != null) {
                codes.add(code);
            }
            addAll(concept, codes);
        }
    }

    /** Whether there is a table of that system. */
    boolean has(@Nullable String system) {
        return system != null && codes.containsKey(system);
    }

    /** Whether there is a table of that system, and it does not have the code. */
    boolean lacks(@Nullable String system, @Nullable String code) {
        Set<String> known = system == null ? null : codes.get(system);
        return code != null && known != null && !known.contains(code);
    }
}
