package miroir.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URL;
import java.time.Duration;
import java.time.ZoneId;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import miroir.index.Refusal;
import miroir.index.SearchParameterRegistry;
import miroir.index.extract.ExtractionSettings;
import miroir.index.extract.FieldExtractor;
import miroir.index.generated.Proves;
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
import miroir.index.store.Total;
import miroir.index.store.TotalQuery;
import miroir.index.structure.Structures;
import miroir.storage.testing.MongoExtension;
import miroir.storage.testing.TestDatabase;
import org.bson.RawBsonDocument;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Examples of every type of R4 with their real fields under the indexes that are shipped for them. */
@Tag("long")
@ExtendWith(MongoExtension.class)
final class EveryTypeIT {
    private static final int OF_EACH_TYPE = 5;
    private static final int LARGEST_EXAMPLE = 50_000;
    private static final String ANY_EXAMPLE = "json/spec/account-example.json";

    @Test
    @Proves("every type is stored and indexed")
    void put_examplesOfEveryType_areStoredAndCounted(TestDatabase database) throws IOException {
        Set<String> types = Structures.r4().resourceTypes();
        SearchParameterRegistry registry = RegistryLoader.load(types, ShippedSearch.files());
        MongoStoreSettings settings =
                MongoStoreSettings.of(database.uri(), database.name(), types).withIndexesOnFirstUse();
        FieldExtractor extractor =
                new FieldExtractor(registry, new ExtractionSettings(ZoneId.of("Europe/Paris"), Set.of()));
        ResourceReader reader = new ResourceReader(Structures.r4(), ReadLimits.standard());
        Map<String, Set<String>> stored = new HashMap<>();
        try (ResourceStore store = MongoResourceStore.open(settings, registry, extractor)) {
            OpenStores.awaitReady(store);
            forEachExample(example -> put(store, reader, example, stored));

            assertThat(stored).hasSizeGreaterThan(130);
            stored.forEach(
                    (type, ids) -> assertThat(count(store, type)).as(type).isEqualTo(new Total(ids.size(), true)));
        }
    }

    private static void put(
            ResourceStore store, ResourceReader reader, byte[] example, Map<String, Set<String>> stored) {
        RawBsonDocument fhir;
        try {
            fhir = reader.read(example);
        } catch (Refusal e) {
            // Some examples break the rules of their own structure; they are the business of the reader's tests.
            return;
        }
        ResourceKey key = new ResourceKey(
                fhir.getString("resourceType").getValue(),
                fhir.containsKey("id") ? fhir.getString("id").getValue() : "");
        Set<String> ids = Objects.requireNonNull(stored.computeIfAbsent(key.type(), each -> new HashSet<>()));
        if (ids.size() < OF_EACH_TYPE && !key.id().isEmpty()) {
            store.put(Caller.everyone(), key, fhir, Precondition.none());
            ids.add(key.id());
        }
    }

    private static Total count(ResourceStore store, String type) {
        return store.count(
                Caller.everyone(), TotalQuery.all(type, Condition.all(), null, Deadline.in(Duration.ofSeconds(20))));
    }

    private static void forEachExample(Consumer<byte[]> use) throws IOException {
        URL any = Objects.requireNonNull(EveryTypeIT.class.getClassLoader().getResource(ANY_EXAMPLE));
        JarFile jar = ((JarURLConnection) any.openConnection()).getJarFile();
        List<JarEntry> examples = jar.stream()
                .filter(entry -> entry.getName().matches("json/spec/.*\\.json") && entry.getSize() < LARGEST_EXAMPLE)
                .sorted(Comparator.comparing(JarEntry::getName))
                .toList();
        for (JarEntry example : examples) {
            try (InputStream in = jar.getInputStream(example)) {
                use.accept(in.readAllBytes());
            }
        }
    }
}
