package miroir.storage;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import miroir.index.store.Caller;
import miroir.index.store.Deadline;
import miroir.index.store.HistoryPage;
import miroir.index.store.HistoryPosition;
import miroir.index.store.HistoryQuery;
import miroir.index.store.Precondition;
import miroir.index.store.ResourceKey;
import miroir.index.store.ResourceStore;
import miroir.index.store.ResourceVersion;
import org.bson.RawBsonDocument;

/** What tests of histories are written with. */
final class Histories {
    static final HistoryQuery.Of PRACTITIONERS = new HistoryQuery.Types(Set.of("Practitioner"));

    private Histories() {}

    static ResourceVersion put(ResourceStore store, ResourceKey key, Object name) {
        RawBsonDocument fhir = RawBsonDocument.parse(
                "{resourceType: '" + key.type() + "', id: '" + key.id() + "', name: ['" + name + "']}");
        return store.put(Caller.everyone(), key, fhir, Precondition.none()).current();
    }

    /** All versions up to that instant, in pages of that size, as {@code id/version}. */
    static List<String> pageByPage(ResourceStore store, HistoryQuery.Of of, Instant until, int limit) {
        List<String> seen = new ArrayList<>();
        HistoryPosition after = null;
        HistoryPage page;
        do {
            page = store.history(
                    Caller.everyone(),
                    new HistoryQuery(of, null, null, until, after, limit, Deadline.in(Duration.ofSeconds(60))));
            for (ResourceVersion version : page.versions()) {
                seen.add(version.key().id() + "/" + version.version());
                after = HistoryPosition.of(version);
            }
        } while (page.more());
        return seen;
    }

    /** All versions there are. */
    static List<String> all(ResourceStore store, HistoryQuery.Of of) {
        return pageByPage(store, of, Instant.now().plusSeconds(3600), 100);
    }

    /** What was current at that instant. */
    static List<String> at(ResourceStore store, HistoryQuery.Of of, Instant instant) {
        HistoryQuery query = new HistoryQuery(
                of,
                null,
                new HistoryQuery.During(instant, instant.plusNanos(1)),
                Instant.now().plusSeconds(3600),
                null,
                100,
                Deadline.in(Duration.ofSeconds(60)));
        return store.history(Caller.everyone(), query).versions().stream()
                .map(version -> version.key().id() + "/" + version.version())
                .toList();
    }
}
