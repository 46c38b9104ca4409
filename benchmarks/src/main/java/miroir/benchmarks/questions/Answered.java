package miroir.benchmarks.questions;

import org.jspecify.annotations.Nullable;

/**
 * A question, over HTTP and by hand.
 *
 * @param example as it was asked once
 * @param matches how many a page had in the median
 * @param byHand null where nobody would ask it by hand
 */
record Answered(
        Question question,
        String example,
        int matches,
        Timed served,
        @Nullable Timed byHand) {
    /** The median wanted of selective questions, in milliseconds. */
    static final double TARGET = 20;

    /** Whether all that is found fits on a page, and is not looked for among hundreds by each of its parts: that is what there is a target for. */
    boolean isSelective() {
        return matches < Question.PAGE && question != Question.NAMED_COMMONLY_IN;
    }

    boolean isReached() {
        return served.p50Millis() < TARGET;
    }
}
