package miroir.sync.upstream;

/** Who an upstream is asked for. */
@FunctionalInterface
public interface OnBehalf {
    /** Whether they want it no more. */
    boolean isStopped();

    /** Hears what the log is told of what goes on between: words without secrets. */
    default void hears(String words) {}
}
