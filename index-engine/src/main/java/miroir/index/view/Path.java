package miroir.index.view;

/** A compiled expression. */
@FunctionalInterface
interface Path {

    /**
     * Tells of what there is, one after the other.
     *
     * @param rowIndex which of its siblings the row is made of
     * @return false where no more was wanted
     */
    boolean each(Value focus, int rowIndex, Taker taker);

    /** What is told of values. */
    @FunctionalInterface
    interface Taker {
        /** Returns false where no more are wanted. */
        boolean take(Value value);
    }
}
