package miroir.index.terminology;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BinaryOperator;

/** Codes of several systems; of a system that is not named, none. */
record CodeSet(Map<String, SomeCodes> bySystem) {
    static final CodeSet EMPTY = new CodeSet(Map.of());

    static CodeSet of(String system, SomeCodes codes) {
        return new CodeSet(Map.of(system, codes));
    }

    CodeSet or(CodeSet other) {
        return combined(other, SomeCodes::or);
    }

    CodeSet and(CodeSet other) {
        return combined(other, SomeCodes::and);
    }

    CodeSet without(CodeSet other) {
        return combined(other, (one, two) -> one.and(two.not()));
    }

    private CodeSet combined(CodeSet other, BinaryOperator<SomeCodes> operator) {
        Map<String, SomeCodes> result = new LinkedHashMap<>(bySystem);
        other.bySystem.keySet().forEach(system -> result.putIfAbsent(system, SomeCodes.NONE));
        result.replaceAll(
                (system, codes) -> operator.apply(codes, other.bySystem.getOrDefault(system, SomeCodes.NONE)));
        result.values().removeIf(SomeCodes::isEmpty);
        return new CodeSet(result);
    }
}
