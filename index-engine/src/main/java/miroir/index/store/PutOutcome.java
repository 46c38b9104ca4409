package miroir.index.store;

import java.util.function.Supplier;

/** What became of one of several writes. */
public sealed interface PutOutcome {

    /** It is stored, or was already. */
    record Stored(Written written) implements PutOutcome {}

    /** It was refused or failed, with what it would have failed with by itself. */
    record Failed(RuntimeException failure) implements PutOutcome {}

    /** The deadline had passed before it was its turn. */
    record NotBegun() implements PutOutcome {}

    /** What comes of a write. */
    static PutOutcome of(Supplier<Written> write) {
        try {
            return new Stored(write.get());
        } catch (RuntimeException failure) {
            return new Failed(failure);
        }
    }
}
