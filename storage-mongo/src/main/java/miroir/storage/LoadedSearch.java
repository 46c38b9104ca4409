package miroir.storage;

import java.time.ZoneId;
import java.util.List;
import java.util.Set;
import miroir.index.SearchParameterRegistry;
import miroir.index.extract.ExtractionSettings;
import miroir.index.extract.FieldExtractor;
import miroir.index.store.MakeSearch;
import miroir.index.store.SearchMade;

/** A number of what is searched, with what this process makes of it. */
record LoadedSearch(SearchNumber kept, SearchMade made) {
    /** What there is before the database was asked. Whose own files do not count is not stopped by them. */
    static LoadedSearch beforeAsking(MakeSearch makeSearch, MongoStoreSettings settings) {
        return new LoadedSearch(
                SearchNumber.none(0),
                settings.search().announcing()
                        ? makeSearch.make(makeSearch.ours(), List.of())
                        : nothing(settings.types(), settings.zone()));
    }

    private static SearchMade nothing(Set<String> types, ZoneId zone) {
        SearchParameterRegistry nothing = SearchParameterRegistry.of(types, List.of());
        ExtractionSettings extraction = new ExtractionSettings(zone, Set.of());
        return SearchMade.of(nothing, new FieldExtractor(nothing, extraction), zone, Set.of());
    }

    long number() {
        return kept.number();
    }

    VersionDocuments documents(ZoneId zone) {
        return new VersionDocuments(made.fields(), zone, number(), kept::fieldsOf);
    }
}
