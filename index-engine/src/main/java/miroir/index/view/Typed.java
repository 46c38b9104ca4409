package miroir.index.view;

import java.util.Set;
import java.util.TreeSet;

/**
 * A compiled expression, and what is known of what it gives before it is run.
 *
 * @param types the FHIR types that it can give; none where it never gives anything
 * @param many whether it can give more than one value
 */
record Typed(Path path, Set<String> types, boolean many) {
    Typed {
        types = Set.copyOf(types);
    }

    /** What is true or false. */
    static Typed of(Truth truth) {
        return one(new OfTruth(truth), "boolean");
    }

    /** The truth as a value. */
    record OfTruth(Truth truth) implements Path {
        @Override
        public boolean each(Value focus, int rowIndex, Taker taker) {
            Boolean outcome = truth.test(focus, rowIndex);
            return outcome == null || taker.take(Value.of("boolean", outcome));
        }
    }

    static Typed one(Path path, String type) {
        return new Typed(path, Set.of(type), false);
    }

    Set<Kind> kinds() {
        return Kind.of(types);
    }

    /** Whether all that it can give is of this kind. */
    boolean isOnly(Kind kind) {
        return types.stream().allMatch(type -> Kind.of(type) == kind);
    }

    /** As messages name it. */
    String shownTypes() {
        return types.isEmpty() ? "nothing" : String.join(" or ", new TreeSet<>(types));
    }
}
