package miroir.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import miroir.index.Refusal;
import miroir.index.SearchParameterRegistry;
import miroir.index.extract.ExtractionSettings;
import miroir.index.extract.FieldExtractor;
import miroir.index.generated.Proves;
import miroir.index.json.ExampleResources;
import miroir.index.json.ReadLimits;
import miroir.index.json.ResourceReader;
import miroir.index.registry.RegistryLoader;
import miroir.index.registry.ShippedSearch;
import miroir.index.search.Condition;
import miroir.index.store.Caller;
import miroir.index.store.Deadline;
import miroir.index.store.Precondition;
import miroir.index.store.ResourceKey;
import miroir.index.store.ResourceStore;
import miroir.index.store.ResourceVersion;
import miroir.index.store.Total;
import miroir.index.store.TotalQuery;
import miroir.index.structure.Structures;
import miroir.index.xml.ValidResource;
import miroir.storage.testing.MongoExtension;
import miroir.storage.testing.TestDatabase;
import org.bson.BsonDocument;
import org.bson.RawBsonDocument;
import org.bson.codecs.BsonDocumentCodec;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Examples of every type of R4, and made-up resources with every kind of element, with their real fields under the indexes that are
 * shipped for them: they are kept as they came.
 */
@Tag("long")
@ExtendWith(MongoExtension.class)
final class EveryTypeIT {
    private static final long SEED = Long.getLong("miroir.seed", System.nanoTime());
    private static final int EXAMPLES_OF_EACH_TYPE = 2;
    private static final int LARGEST_EXAMPLE = 50_000;

    private final ResourceReader reader = new ResourceReader(Structures.r4(), ReadLimits.standard());
    private final Map<String, Set<String>> stored = new HashMap<>();

    @Test
    @Proves("every type is stored and indexed")
    void put_examplesOfEveryType_areStoredAndCounted(TestDatabase database) {
        Set<String> types = Structures.r4().resourceTypes();
        SearchParameterRegistry registry = RegistryLoader.load(types, ShippedSearch.files());
        MongoStoreSettings settings =
                MongoStoreSettings.of(database.uri(), database.name(), types).withIndexesOnFirstUse();
        FieldExtractor extractor =
                new FieldExtractor(registry, new ExtractionSettings(ZoneId.of("Europe/Paris"), Set.of()));
        ValidResource madeUp = new ValidResource(new Random(SEED));
        try (ResourceStore store = MongoResourceStore.open(settings, registry, extractor)) {
            OpenStores.awaitReady(store);
            ExampleResources.forEach(LARGEST_EXAMPLE, (name, json) -> putExample(store, name, json));
            for (String type : types) {
                String json = madeUp.json(type, "made-up");
                put(store, reader.read(json.getBytes(StandardCharsets.UTF_8)), "seed " + SEED + ": " + json);
            }

            assertThat(stored.values()).filteredOn(ids -> ids.size() > 1).hasSizeGreaterThan(130);
            stored.forEach(
                    (type, ids) -> assertThat(count(store, type)).as(type).isEqualTo(new Total(ids.size(), true)));
        }
    }

    private void putExample(ResourceStore store, String name, byte[] json) {
        if (!name.startsWith("json/spec/")) {
            return;
        }
        RawBsonDocument fhir;
        try {
            fhir = reader.read(json);
        } catch (Refusal e) {
            // Some examples break the rules of their own structure; they are the business of the reader's tests.
            return;
        }
        String type = fhir.getString("resourceType").getValue();
        if (fhir.containsKey("id") && stored.getOrDefault(type, Set.of()).size() < EXAMPLES_OF_EACH_TYPE) {
            put(store, fhir, name);
        }
    }

    private void put(ResourceStore store, RawBsonDocument fhir, String description) {
        ResourceKey key = new ResourceKey(
                fhir.getString("resourceType").getValue(), fhir.getString("id").getValue());
        store.put(Caller.everyone(), key, fhir, Precondition.none());
        Objects.requireNonNull(stored.computeIfAbsent(key.type(), each -> new HashSet<>()))
                .add(key.id());

        ResourceVersion.Live kept =
                (ResourceVersion.Live) store.read(Caller.everyone(), key).orElseThrow();
        assertThat(withoutGiven(kept.fhir())).as(description).isEqualTo(withoutGiven(fhir));
    }

    /** As text, which has the order of elements too; without what the store gives. */
    private static String withoutGiven(RawBsonDocument fhir) {
        BsonDocument copy = fhir.decode(new BsonDocumentCodec());
        BsonDocument meta = copy.getDocument("meta", new BsonDocument());
        List.of("versionId", "_versionId", "lastUpdated", "_lastUpdated").forEach(meta::remove);
        if (meta.isEmpty()) {
            copy.remove("meta");
        }
        return copy.toJson();
    }

    private static Total count(ResourceStore store, String type) {
        return store.count(
                Caller.everyone(), TotalQuery.all(type, Condition.all(), null, Deadline.in(Duration.ofSeconds(20))));
    }
}
