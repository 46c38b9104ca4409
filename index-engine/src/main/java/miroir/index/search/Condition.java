package miroir.index.search;

import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.bson.BsonString;
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

        /** One of these texts. */
        public static In texts(String field, Collection<String> values) {
            return new In(
                    field,
                    values.stream().distinct().<BsonValue>map(BsonString::new).toList());
        }
    }

    /** The field is there. */
    record Exists(String field) implements Condition {}

    /**
     * The folded text of {@code base} ({@code base-i}) starts with the needle, or has it anywhere. Stores find candidates
     * by the 3-grams of {@code base-3g}, or by {@code base-w} where there is that, and test the folded text after that.
     *
     * @param needle already folded
     */
    record Text(String base, String needle, boolean anywhere) implements Condition {}

    /**
     * A word of the folded text of {@code base} starts with the needle; what follows may be in the next words. Stores find candidates by
     * {@code base-w} where there is that, else by 3-grams.
     *
     * @param needle already folded
     */
    record Word(String base, String needle) implements Condition {}

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

    /**
     * A resource of another type meets a condition, and one of the two refers to the other. Stores look that up and put what
     * they found in its place, see {@link #replacingLinks}; nothing that tests single documents knows it.
     *
     * @param direction who refers to whom
     * @param field the references, on the side that refers
     * @param type of the other resource
     * @param condition of the other resource, which may be linked as well
     */
    record Linked(Direction direction, String field, String type, Condition condition) implements Condition {}

    /** Who refers to whom. */
    enum Direction {
        /** This one refers to the other: a chain. */
        REFERS_TO,
        /** The other refers to this one: {@code _has}. */
        REFERRED_BY
    }

    /** Whether every resource meets it, as its form shows. */
    default boolean isAll() {
        if (this instanceof And and) {
            return and.parts().isEmpty() || and.parts().stream().allMatch(Condition::isAll);
        }
        if (this instanceof Or or) {
            return or.parts().stream().anyMatch(Condition::isAll);
        }
        return this instanceof Not not && not.part().isNone();
    }

    /** Whether no resource can meet it, as its form shows. */
    default boolean isNone() {
        if (this instanceof And and) {
            return and.parts().stream().anyMatch(Condition::isNone);
        }
        if (this instanceof Or or) {
            return or.parts().stream().allMatch(Condition::isNone);
        }
        return (this instanceof In in && in.values().isEmpty())
                || (this instanceof Not not && not.part().isAll());
    }

    /** Whether something in it is about other resources. */
    default boolean isLinked() {
        if (this instanceof And and) {
            return and.parts().stream().anyMatch(Condition::isLinked);
        }
        if (this instanceof Or or) {
            return or.parts().stream().anyMatch(Condition::isLinked);
        }
        return this instanceof Linked || (this instanceof Not not && not.part().isLinked());
    }

    /** Adds the types of all resources that something in it is about besides. */
    default void collectLinkedTypes(Set<String> types) {
        replacingLinks(link -> {
            types.add(link.type());
            link.condition().collectLinkedTypes(types);
            return link;
        });
    }

    /** The same with something else in place of each link; what stands inside a link is left to whoever replaces it. */
    default Condition replacingLinks(Function<Linked, Condition> replacement) {
        if (!isLinked()) {
            return this;
        }
        if (this instanceof And and) {
            return new And(and.parts().stream()
                    .map(part -> part.replacingLinks(replacement))
                    .toList());
        }
        if (this instanceof Or or) {
            return new Or(or.parts().stream()
                    .map(part -> part.replacingLinks(replacement))
                    .toList());
        }
        return this instanceof Not not
                ? new Not(not.part().replacingLinks(replacement))
                : replacement.apply((Linked) this);
    }

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
