package miroir.storage;

import java.time.Instant;
import miroir.index.store.ContractFields;
import miroir.index.store.ContractStore;
import miroir.index.store.SearchFields;

/** The first number of what is searched, for who works without a store. */
final class Numbers {
    private static final VersionDocuments FIRST = documents(new ContractFields(), 1);

    private Numbers() {}

    /** Documents with the contract's fields. */
    static VersionDocuments documents() {
        return FIRST;
    }

    static VersionDocuments documents(SearchFields fields, long number) {
        return new VersionDocuments(fields, ContractStore.ZONE, number, type -> number);
    }

    /** Of a commit whose end nobody waits for. */
    static OpenNumbers.Use use() {
        return new OpenNumbers.Use(FIRST, Instant.MAX);
    }

    /** Commits with the contract's fields. */
    static OpenNumbers open() {
        OpenNumbers numbers = new OpenNumbers();
        numbers.writeWith(documents());
        return numbers;
    }
}
