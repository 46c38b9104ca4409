package miroir.index.search;

import java.util.List;
import org.bson.BsonValue;

/**
 * What a store can test: conditions on flat {@code t_*} fields, {@code _id} and nothing else. A field that holds an
 * array meets a condition when one of its elements does, except under {@link Not}.
 *
 * <p>The forms are few on purpose. Values are always data, never part of a rendered structure, so that nobody can smuggle
 * an operator in and the database sees few shapes.
 */
public sealed interface Condition {

    /** Met by every resource. */
    static Condition all() {
        return new And(List.of());
    }

    /** Met by none. */
    static Condition none() {
        return new Or(List.of());
    }

    /** Every part is met; no parts: always met. */
    record And(List<Condition> parts) implements Condition {
        public And {
            parts = List.copyOf(parts);
        }
    }

    /** At least one part is met; no parts: never met. */
    record Or(List<Condition> parts) implements Condition {
        public Or {
            parts = List.copyOf(parts);
        }
    }

    /** The part is not met. */
    record Not(Condition part) implements Condition {}

    /** The field, or one of its elements, is one of these values. */
    record In(String field, List<BsonValue> values) implements Condition {
        public In {
            values = List.copyOf(values);
        }
    }

    /** The field is there. */
    record Exists(String field) implements Condition {}

    /**
     * The folded text of {@code base} ({@code base-i}) starts with the needle, or has it anywhere. Stores find candidates
     * by the 3-grams of {@code base-3g} and test the folded text after that.
     *
     * @param needle already folded
     */
    record Text(String base, String needle, boolean anywhere) implements Condition {}

    /** The string value of the field, or of one of its elements, starts with this, letter by letter. */
    record StartsWith(String field, String prefix) implements Condition {}

    /** A scalar, never an array, within bounds. */
    record Range(String field, List<Bound> bounds) implements Condition {
        public Range {
            bounds = List.copyOf(bounds);
        }
    }

    /**
     * One element of an array of documents meets all of these at once; fields of the parts are relative to the element.
     * Intervals are such documents, {@code {s, e}}, and so are the tuples of composites.
     */
    record Element(String field, Condition condition) implements Condition {}

    /** One side of a range. */
    record Bound(Comparison comparison, BsonValue value) {}

    /** How a bound compares the stored value with its own. */
    enum Comparison {
        LESS,
        AT_MOST,
        AT_LEAST,
        GREATER
    }
}
