package miroir.index.path;

/** Is told what a walk selects, in the order of the document. */
@FunctionalInterface
public interface Selection {

    /** A value in the document. */
    void select(Capture capture, RawValue value);

    /** The outcome of an expression that is a condition, such as {@code Patient.deceased.exists()}. */
    default void select(Capture capture, boolean outcome) {}
}
