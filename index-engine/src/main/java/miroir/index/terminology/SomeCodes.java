package miroir.index.terminology;

import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * Codes of one system: exactly these, or all but these. A system that is not kept here may have any codes, so that all of
 * them, less some, have to be said without a list; both kinds together are closed under and, or and not.
 */
public record SomeCodes(boolean allBut, Set<String> codes) {
    static final SomeCodes ALL = new SomeCodes(true, Set.of());
    static final SomeCodes NONE = new SomeCodes(false, Set.of());

    static SomeCodes of(Collection<String> codes) {
        return new SomeCodes(false, new LinkedHashSet<>(codes));
    }

    boolean has(String code) {
        return allBut != codes.contains(code);
    }

    boolean isEmpty() {
        return !allBut && codes.isEmpty();
    }

    SomeCodes or(SomeCodes other) {
        if (!allBut) {
            return other.allBut ? other.or(this) : new SomeCodes(false, union(codes, other.codes));
        }
        return new SomeCodes(true, other.allBut ? intersection(codes, other.codes) : difference(codes, other.codes));
    }

    SomeCodes not() {
        return new SomeCodes(!allBut, codes);
    }

    SomeCodes and(SomeCodes other) {
        return not().or(other.not()).not();
    }

    private static Set<String> union(Set<String> one, Set<String> other) {
        Set<String> union = new LinkedHashSet<>(one);
        union.addAll(other);
        return union;
    }

    private static Set<String> intersection(Set<String> one, Set<String> other) {
        Set<String> both = new LinkedHashSet<>(one);
        both.retainAll(other);
        return both;
    }

    private static Set<String> difference(Set<String> one, Set<String> other) {
        Set<String> rest = new LinkedHashSet<>(one);
        rest.removeAll(other);
        return rest;
    }
}
