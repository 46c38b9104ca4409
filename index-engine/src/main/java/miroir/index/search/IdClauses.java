package miroir.index.search;

import java.util.List;
import miroir.index.Refusal;
import org.jspecify.annotations.Nullable;

/** Reads {@code _id}. */
final class IdClauses {
    private IdClauses() {}

    static @Nullable Clause of(@Nullable String modifier) {
        if (modifier == null) {
            return Clause.of(IdClauses::id);
        }
        return switch (modifier) {
            case Modifiers.NOT -> Clause.noneOf(IdClauses::id);
            case Modifiers.MISSING -> neverMissing();
            default -> null;
        };
    }

    /** {@code :missing} of something that every resource has. */
    static Clause neverMissing() {
        return Clause.missing(
                missing -> missing ? new SearchExpression.Or(List.of()) : new SearchExpression.And(List.of()));
    }

    /** An id, as a condition on what has it. */
    static SearchExpression id(String value) {
        String id = EscapedText.unescape(value);
        if (!ReferenceClauses.ID.matcher(id).matches()) {
            throw new Refusal(
                    Refusal.Reason.INVALID,
                    "\"" + Refusal.shown(id) + "\" is not an id; allowed are 1 to 64 letters, digits, - and .");
        }
        return new SearchExpression.Id(id);
    }
}
