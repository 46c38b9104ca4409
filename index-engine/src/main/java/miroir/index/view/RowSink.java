package miroir.index.view;

/** What is told of rows. */
@FunctionalInterface
public interface RowSink {
    /** Returns false where no more are wanted. */
    boolean take(Row row);

    /** Asked from time to time where rows are long in coming; whoever waits no longer throws why. */
    default void check() {}
}
