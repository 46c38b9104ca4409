package miroir.index.terminology;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BinaryOperator;

/** Codes of several systems; of a system that is not named, none. */
public record CodeSet(Map<String, SomeCodes> bySystem) {
    static CodeSet of(String system, SomeCodes codes) {
        return new CodeSet(Map.of(system, codes));
    }

    CodeSet and(CodeSet other, Effort effort) {
        return combined(other, effort, SomeCodes::and);
    }

    CodeSet without(CodeSet other, Effort effort) {
        return combined(other, effort, (one, two) -> one.and(two.not()));
    }

    /** How many codes it takes to say it; all of a system are one. */
    int size() {
        return bySystem.values().stream()
                .mapToInt(codes -> Math.max(1, codes.codes().size()))
                .sum();
    }

    private CodeSet combined(CodeSet other, Effort effort, BinaryOperator<SomeCodes> operator) {
        effort.takeCodes(size() + other.size());
        Map<String, SomeCodes> result = new LinkedHashMap<>(bySystem);
        other.bySystem.keySet().forEach(system -> result.putIfAbsent(system, SomeCodes.NONE));
        result.replaceAll(
                (system, codes) -> operator.apply(codes, other.bySystem.getOrDefault(system, SomeCodes.NONE)));
        result.values().removeIf(SomeCodes::isEmpty);
        return new CodeSet(result);
    }
}
