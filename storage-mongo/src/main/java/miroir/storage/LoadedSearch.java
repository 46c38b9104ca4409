package miroir.storage;

import java.time.ZoneId;
import miroir.index.store.SearchMade;

/** A number of what is searched, with what this process makes of it. */
record LoadedSearch(SearchNumber kept, SearchMade made) {
    long number() {
        return kept.number();
    }

    VersionDocuments documents(ZoneId zone) {
        return new VersionDocuments(made.fields(), zone, number(), kept::fieldsOf);
    }
}
