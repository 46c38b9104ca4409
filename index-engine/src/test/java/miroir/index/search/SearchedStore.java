package miroir.index.search;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import miroir.index.SearchParameterRegistry;
import miroir.index.extract.ExtractionSettings;
import miroir.index.extract.FieldExtractor;
import miroir.index.json.ReadLimits;
import miroir.index.json.ResourceReader;
import miroir.index.registry.ConfigurationText;
import miroir.index.registry.RegistryLoader;
import miroir.index.store.Caller;
import miroir.index.store.Deadline;
import miroir.index.store.InMemoryResourceStore;
import miroir.index.store.PageQuery;
import miroir.index.store.Precondition;
import miroir.index.store.ResourceKey;
import miroir.index.structure.Structures;
import miroir.index.terminology.StoredTerminology;
import org.bson.RawBsonDocument;

/** A store in memory that is written with JSON and asked with queries, in Paris. */
final class SearchedStore {
    private static final ZoneId PARIS = ZoneId.of("Europe/Paris");
    /** In a value set that is searched by. */
    static final int MOST_CODES = 40;

    private static final Set<String> OWN_BASES = Set.of("http://me.example/fhir");

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2024-03-01T10:00:00Z"));
    private final ResourceReader reader = new ResourceReader(Structures.r4(), ReadLimits.standard());
    private final SearchParser parser;
    private final InMemoryResourceStore store;
    private final StoredTerminology terminology;

    /** One with the parameters of the specification. */
    SearchedStore(String... types) {
        this(Set.of(types), List.of());
    }

    /** One with the parameters of the specification and of these files. */
    SearchedStore(Set<String> types, List<ConfigurationText> files) {
        SearchParameterRegistry registry = RegistryLoader.load(types, files);
        parser = new SearchParser(registry, PARIS, OWN_BASES);
        store = new InMemoryResourceStore(
                new FieldExtractor(registry, new ExtractionSettings(PARIS, OWN_BASES)), PARIS, now::get);
        terminology = new StoredTerminology(store, SearchableParameters.all(registry), MOST_CODES);
    }

    void writesAt(Instant instant) {
        now.set(instant);
    }

    void put(String type, String id, String json) {
        RawBsonDocument fhir = reader.read(json.getBytes(StandardCharsets.UTF_8));
        store.put(Caller.everyone(), new ResourceKey(type, id), fhir, Precondition.none());
    }

    /** The ids that a query finds in the middle of March 2024, in order of creation. */
    List<String> find(String type, String query) {
        Deadline deadline = Deadline.in(Duration.ofMinutes(1));
        SearchRequest request = parser.knowing(terminology.seenBy(Caller.everyone(), null, deadline))
                .parse(type, QueryParameter.decode(query), Handling.STRICT, Instant.parse("2024-03-15T00:00:00Z"));
        PageQuery page = new PageQuery(type, request.where(), 0, 1000, deadline);
        return store.select(Caller.everyone(), page).resources().stream()
                .map(live -> live.key().id())
                .toList();
    }
}
