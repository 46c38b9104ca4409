package miroir.storage;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import miroir.index.Refusal;
import miroir.index.store.SearchInForce;

/** Everything of a store that depends on what is searched, by one number of it; a request works with one from its beginning to its end. */
record SearchView(
        LoadedSearch search,
        SearchInForce inForce,
        TypeIndexes indexes,
        LinkNames names,
        SelectPage selectPage,
        SelectStamps selectStamps,
        ExplainPage explainPage,
        SelectIncluded selectIncluded,
        CountMatches countMatches,
        SelectLabels selectLabels,
        FollowSearch follow,
        MakeSearchable makeSearchable,
        PrepareTypes prepareTypes,
        Map<String, List<String>> pendingBefore) {

    static SearchView of(
            StoreDatabase database,
            LoadedSearch search,
            FollowSearch follow,
            MakeSearchable makeSearchable,
            PrepareTypes prepareTypes) {
        return of(database, search, follow, makeSearchable, prepareTypes, Map.of());
    }

    private static SearchView of(
            StoreDatabase database,
            LoadedSearch search,
            FollowSearch follow,
            MakeSearchable makeSearchable,
            PrepareTypes prepareTypes,
            Map<String, List<String>> pendingBefore) {
        TypeIndexes indexes = new TypeIndexes(search.made().registry());
        LinkNames names = new LinkNames(search.made().registry());
        CountKeys countKeys = new CountKeys(database);
        ChooseWalk chooseWalk = new ChooseWalk(new FindDrivers(indexes, countKeys), countKeys);
        SelectMatches selectMatches = new SelectMatches(database, chooseWalk, names, LinkTerms.usual());
        return new SearchView(
                search,
                new SearchInForce(
                        search.number(),
                        search.made(),
                        (type, code) -> why(search, indexes, makeSearchable, type, code)),
                indexes,
                names,
                new SelectPage(selectMatches),
                new SelectStamps(selectMatches),
                new ExplainPage(selectMatches),
                new SelectIncluded(selectMatches, names, prepareTypes),
                new CountMatches(database, selectMatches),
                new SelectLabels(database, search.made().registry(), indexes),
                follow,
                makeSearchable,
                prepareTypes,
                pendingBefore);
    }

    /** The same within a transaction that begins now: it sees what there is now, and what becomes complete later is not. */
    SearchView on(StoreDatabase other) {
        return of(other, search, follow, makeSearchable, prepareTypes, makeSearchable.pending());
    }

    private static Optional<String> why(
            LoadedSearch search, TypeIndexes indexes, MakeSearchable makeSearchable, String type, String code) {
        return search.number() == 0
                ? Optional.of("the database was not asked yet what can be searched")
                : makeSearchable.why(search, indexes, type, code);
    }

    /** What is asked, of which the caller says more. */
    AskedParameters asked(UnaryOperator<AskedParameters> what) {
        return what.apply(new AskedParameters(search.made().registry(), names));
    }

    /** Refuses what cannot be searched yet. */
    void requireComplete(UnaryOperator<AskedParameters> what) {
        if (pendingBefore.isEmpty() && makeSearchable.isDone(search.number())) {
            return;
        }
        asked(what).all((type, code) -> {
            inForce.pending().why(type, code).ifPresent(why -> {
                throw new Refusal(Refusal.Reason.NOT_READY, why + ": try again");
            });
            return isCompleteSinceBefore(type, code);
        });
    }

    private boolean isCompleteSinceBefore(String type, String code) {
        if (pendingBefore.getOrDefault(type, List.of()).contains(code)) {
            throw new Refusal(
                    Refusal.Reason.NOT_READY,
                    "the search parameter " + type + "." + code
                            + " could not be searched when the transaction began: try again");
        }
        return true;
    }

    /** Refuses what was answered where it may be wrong by now. */
    void requireStill(UnaryOperator<AskedParameters> what) {
        follow.requireStill(
                search,
                now -> asked(what)
                        .all((type, code) ->
                                now.kept().since(type, code) == search.kept().since(type, code)));
    }

    /** Whether it is what is searched at present. */
    boolean isNewest() {
        return follow.known().number() == search.number();
    }
}
