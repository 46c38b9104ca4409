package miroir.index.terminology;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;

/**
 * Codes that are added one after the other. A value set may have thousands of parts; what is there already is not copied again for
 * each of them.
 */
final class CodeUnion {
    private final Map<String, SomeCodes> bySystem = new LinkedHashMap<>();
    private final Effort effort;

    CodeUnion(Effort effort) {
        this.effort = effort;
    }

    void add(CodeSet more) {
        more.bySystem().forEach(this::add);
    }

    CodeSet codes() {
        return new CodeSet(bySystem);
    }

    private void add(String system, SomeCodes more) {
        effort.takeCodes(1 + more.codes().size());
        SomeCodes before = bySystem.get(system);
        if (before == null) {
            bySystem.put(system, new SomeCodes(more.allBut(), new LinkedHashSet<>(more.codes())));
        } else if (before.allBut() || more.allBut()) {
            effort.takeCodes(before.codes().size());
            bySystem.put(system, before.or(more));
        } else {
            before.codes().addAll(more.codes());
        }
    }
}
