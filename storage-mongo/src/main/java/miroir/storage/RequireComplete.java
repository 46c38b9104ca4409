package miroir.storage;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import miroir.index.Refusal;

/**
 * Refuses to search by what cannot be searched yet. It says something of types that are ready to be searched, and of no others, so these
 * come first.
 *
 * @param pendingBefore what could not be searched when a transaction, or a read from secondaries, began, which may see no more than what there was then
 */
record RequireComplete(
        LoadedSearch search,
        TypeIndexes indexes,
        LinkNames names,
        MakeSearchable makeSearchable,
        Map<String, List<String>> pendingBefore) {
    private static final String NOT_ASKED = "the database was not asked yet what can be searched";

    /** Refuses what is asked, of which the caller says more. */
    void run(UnaryOperator<AskedParameters> what) {
        if (search.number() == 0) {
            throw new Refusal(Refusal.Reason.NOT_READY, NOT_ASKED + ": try again");
        }
        if (pendingBefore.isEmpty() && makeSearchable.isDone(search.number())) {
            return;
        }
        asked(what).all((type, code) -> {
            why(type, code).ifPresent(why -> {
                throw new Refusal(Refusal.Reason.NOT_READY, why + ": try again");
            });
            return isCompleteSinceBefore(type, code);
        });
    }

    /** Why a parameter cannot be searched yet. */
    Optional<String> why(String type, String code) {
        return search.number() == 0 ? Optional.of(NOT_ASKED) : makeSearchable.why(search, indexes, type, code);
    }

    AskedParameters asked(UnaryOperator<AskedParameters> what) {
        return what.apply(new AskedParameters(search.made().registry(), names));
    }

    private boolean isCompleteSinceBefore(String type, String code) {
        if (pendingBefore.getOrDefault(type, List.of()).contains(code)) {
            throw new Refusal(
                    Refusal.Reason.NOT_READY,
                    "the search parameter " + type + "." + code + " could not be searched when this began: try again");
        }
        return true;
    }
}
