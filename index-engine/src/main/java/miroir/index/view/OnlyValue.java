package miroir.index.view;

import miroir.index.Refusal;
import org.jspecify.annotations.Nullable;

/** What a path gives where one value is expected; FHIRPath has several of them be an error and not the first of them. */
final class OnlyValue implements Path.Taker {
    private @Nullable Value found;
    private boolean isSeveral;

    private OnlyValue() {}

    /** Null where there is nothing. */
    static @Nullable Value of(Path path, Value focus, int rowIndex, String what) {
        OnlyValue only = new OnlyValue();
        path.each(focus, rowIndex, only);
        if (only.isSeveral) {
            throw new Refusal(
                    Refusal.Reason.UNPROCESSABLE,
                    what + " has several values here, where one is expected; add .first()");
        }
        return only.found;
    }

    /** The first of what there is; null where there is nothing. */
    static @Nullable Value first(Path path, Value focus, int rowIndex) {
        OnlyValue first = new OnlyValue();
        path.each(focus, rowIndex, value -> {
            first.found = value;
            return false;
        });
        return first.found;
    }

    @Override
    public boolean take(Value value) {
        isSeveral = found != null;
        found = isSeveral ? found : value;
        return !isSeveral;
    }
}
