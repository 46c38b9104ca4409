package miroir.index.terminology;

import java.util.BitSet;
import java.util.List;
import java.util.function.IntPredicate;

/**
 * A regular expression that is held against whole texts in a time that is known before.
 *
 * <p>The problem: whoever writes a value set writes the expression. Java's own tries one way after the other and goes back, so some
 * expressions take longer than anybody lives on thirty letters, and some do so without looking at a letter, so that nothing
 * can stop them.
 *
 * <p>The approach: all ways at once. Each part maps the set of places where it may begin to the set of places where it may then end;
 * a sequence hands one set on to the next part, a repetition does so until no place is new.
 *
 * <p>The cost: each part is at most once at each place, but within counted repetitions; every visit is taken from the
 * {@link Effort}. Parts that look back or ahead cannot be said so and are not offered.
 */
sealed interface Expression {

    /** Where it may end in a text if it begins at one of these places. */
    BitSet ends(int[] text, BitSet starts, Effort effort);

    default boolean matches(String value, Effort effort) {
        int[] text = value.codePoints().toArray();
        BitSet start = new BitSet();
        start.set(0);
        effort.takeSteps(1 + text.length);
        return ends(text, start, effort).get(text.length);
    }

    /** Each visit costs as much as there are words in the set. */
    private static void visit(BitSet starts, Effort effort) {
        effort.takeSteps(1 + starts.length() / Long.SIZE);
    }

    /** One letter. */
    record Letter(IntPredicate fits) implements Expression {
        @Override
        public BitSet ends(int[] text, BitSet starts, Effort effort) {
            visit(starts, effort);
            effort.takeSteps(starts.cardinality());
            BitSet ends = new BitSet();
            starts.stream()
                    .filter(at -> at < text.length && fits.test(text[at]))
                    .forEach(at -> ends.set(at + 1));
            return ends;
        }
    }

    /** The beginning of the text, or its end; takes no letter. */
    record Edge(boolean atEnd) implements Expression {
        @Override
        public BitSet ends(int[] text, BitSet starts, Effort effort) {
            visit(starts, effort);
            int edge = atEnd ? text.length : 0;
            BitSet ends = new BitSet();
            ends.set(edge, starts.get(edge));
            return ends;
        }
    }

    /** One after the other; without parts it takes no letter. */
    record Sequence(List<Expression> parts) implements Expression {
        @Override
        public BitSet ends(int[] text, BitSet starts, Effort effort) {
            visit(starts, effort);
            BitSet ends = starts;
            for (Expression part : parts) {
                ends = part.ends(text, ends, effort);
            }
            return ends;
        }
    }

    /** Any of them. */
    record Either(List<Expression> parts) implements Expression {
        @Override
        public BitSet ends(int[] text, BitSet starts, Effort effort) {
            BitSet ends = new BitSet();
            parts.forEach(part -> ends.or(part.ends(text, starts, effort)));
            return ends;
        }
    }

    /** The same several times. */
    record Repeated(Expression part, int least, int most) implements Expression {
        @Override
        public BitSet ends(int[] text, BitSet starts, Effort effort) {
            visit(starts, effort);
            BitSet all = (BitSet) atLeast(text, starts, effort).clone();
            BitSet latest = all;
            for (int times = least; times < most && !latest.isEmpty(); times++) {
                BitSet ends = (BitSet) part.ends(text, latest, effort).clone();
                ends.andNot(all);
                all.or(ends);
                latest = ends;
            }
            return all;
        }

        /** Once it ends where it began, it does so for ever. */
        private BitSet atLeast(int[] text, BitSet starts, Effort effort) {
            BitSet before = starts;
            for (int times = 0; times < least; times++) {
                BitSet ends = part.ends(text, before, effort);
                if (ends.equals(before)) {
                    return ends;
                }
                before = ends;
            }
            return before;
        }
    }
}
