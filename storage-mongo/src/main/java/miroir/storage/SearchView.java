package miroir.storage;

import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import miroir.index.store.Scope;
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
        CountKeys countKeys,
        SelectLabels selectLabels,
        FollowSearch follow,
        MakeSearchable makeSearchable,
        PrepareTypes prepareTypes,
        RequireComplete requireComplete,
        int fewEnded) {

    static SearchView of(
            StoreDatabase database,
            LoadedSearch search,
            FollowSearch follow,
            MakeSearchable makeSearchable,
            PrepareTypes prepareTypes,
            int fewEnded) {
        TypeIndexes indexes = new TypeIndexes(search.made().registry());
        LinkNames names = new LinkNames(search.made().registry());
        RequireComplete complete = new RequireComplete(search, indexes, names, makeSearchable, Map.of());
        return of(database, new CountKeys(database), complete, follow, prepareTypes, fewEnded);
    }

    private static SearchView of(
            StoreDatabase database,
            CountKeys countKeys,
            RequireComplete complete,
            FollowSearch follow,
            PrepareTypes prepareTypes,
            int fewEnded) {
        LoadedSearch search = complete.search();
        TypeIndexes indexes = complete.indexes();
        LinkNames names = complete.names();
        ChooseWalk chooseWalk = new ChooseWalk(new FindDrivers(indexes, countKeys), countKeys);
        SelectMatches selectMatches = new SelectMatches(database, chooseWalk, names, LinkTerms.usual(), fewEnded);
        return new SearchView(
                search,
                new SearchInForce(search.number(), search.made(), complete::why),
                indexes,
                names,
                new SelectPage(selectMatches),
                new SelectStamps(selectMatches),
                new ExplainPage(selectMatches),
                new SelectIncluded(selectMatches, search.made().fields(), names, prepareTypes, complete),
                new CountMatches(database, selectMatches),
                countKeys,
                new SelectLabels(database, search.made().registry(), indexes),
                follow,
                complete.makeSearchable(),
                prepareTypes,
                complete,
                fewEnded);
    }

    /** The same for what sees the database as it will be when it begins, which has to be after this: what becomes complete later is not. */
    Function<StoreDatabase, SearchView> asOfNow() {
        RequireComplete within = new RequireComplete(search, indexes, names, makeSearchable, makeSearchable.pending());
        return other -> of(other, countKeys.on(other), within, follow, prepareTypes, fewEnded);
    }

    /** Refuses what cannot be searched yet; of types that are ready to be searched. */
    void requireComplete(UnaryOperator<AskedParameters> what) {
        requireComplete.run(what);
    }

    /** Refuses what was answered where it may be wrong by now. */
    void requireStill(UnaryOperator<AskedParameters> what) {
        follow.requireStill(
                search,
                now -> requireComplete
                        .asked(what)
                        .all((type, code) ->
                                now.kept().since(type, code) == search.kept().since(type, code)));
    }

    /**
     * What is read of these types, held against a scope: refused like a search while fields are missing by which that is done. Where there are none, as
     * for who may see everything or nothing of a type, nothing is looked at.
     */
    <T> T within(Scope scope, Set<String> types, Supplier<T> read) {
        Set<String> narrowed =
                types.stream().filter(type -> !scope.isPlain(type)).collect(Collectors.toSet());
        if (narrowed.isEmpty()) {
            return read.get();
        }
        UnaryOperator<AskedParameters> what = asked -> {
            narrowed.forEach(type -> asked.where(type, scope.of(type)));
            return asked;
        };
        prepareTypes.searchable(narrowed);
        requireComplete(what);
        T found = read.get();
        requireStill(what);
        return found;
    }

    /** Whether it is what is searched at present. */
    boolean isNewest() {
        return follow.known().number() == search.number();
    }
}
