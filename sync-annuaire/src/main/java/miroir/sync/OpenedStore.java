package miroir.sync;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import miroir.index.Refusal;
import miroir.index.SearchParameterRegistry;
import miroir.index.extract.ExtractionSettings;
import miroir.index.extract.FieldExtractor;
import miroir.index.registry.ConfigurationText;
import miroir.index.registry.RegistryLoader;
import miroir.index.registry.ShippedSearch;
import miroir.index.store.Readiness;
import miroir.index.structure.ServedTypes;
import miroir.index.structure.Structures;
import miroir.index.yaml.ConfigurationRefused;
import miroir.storage.MongoResourceStore;
import miroir.storage.MongoStoreSettings;

/**
 * The store that the server has, from the same environment: {@code MONGODB_URI}, {@code MIROIR_DATABASE}, {@code MIROIR_TYPES},
 * {@code MIROIR_PUBLIC_BASE}; and {@code MIROIR_ZONE}, the server's {@code fhir.zone}, and {@code MIROIR_SEARCH_CONF}, the
 * folder of the search configuration: both must be the server's, or the next start makes all search fields anew.
 */
record OpenedStore(MongoResourceStore store, MongoStoreSettings settings, Set<String> types) implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    static OpenedStore open(Map<String, String> environment) throws IOException {
        MongoStoreSettings settings = settings(environment);
        Set<String> types = settings.types();
        SearchParameterRegistry registry = RegistryLoader.load(types, searchConfiguration(environment));
        MongoResourceStore store = MongoResourceStore.open(
                settings,
                registry,
                new FieldExtractor(registry, new ExtractionSettings(settings.zone(), ownBases(environment))));
        return new OpenedStore(store, settings, types);
    }

    /** Where the store is, without opening it. */
    static MongoStoreSettings settings(Map<String, String> environment) {
        Set<String> types = read(environment, "MIROIR_TYPES", ServedTypes.DIRECTORY, ServedTypes::of);
        String uri = environment.getOrDefault("MONGODB_URI", "mongodb://127.0.0.1:27017");
        MongoStoreSettings plain = MongoStoreSettings.of(
                        uri, environment.getOrDefault("MIROIR_DATABASE", "miroir"), types)
                .withZone(read(environment, "MIROIR_ZONE", "Europe/Paris", ZoneId::of));
        read(environment, "MONGODB_URI", uri, text -> plain.clientSettings());
        return types.equals(Structures.r4().resourceTypes()) ? plain.withIndexesOnFirstUse() : plain;
    }

    private static <T> T read(
            Map<String, String> environment, String name, String otherwise, Function<String, T> reader) {
        try {
            return reader.apply(environment.getOrDefault(name, otherwise));
        } catch (IllegalArgumentException | DateTimeException e) {
            throw new ConfigurationRefused(name, String.valueOf(e.getMessage()));
        }
    }

    private static Set<String> ownBases(Map<String, String> environment) {
        String base = environment.getOrDefault("MIROIR_PUBLIC_BASE", "");
        return base.isEmpty() ? Set.of() : Set.of(base);
    }

    /** What the server reads: the folder's files, or what is shipped where there is no folder. */
    private static List<ConfigurationText> searchConfiguration(Map<String, String> environment) throws IOException {
        Path folder = Path.of(environment.getOrDefault("MIROIR_SEARCH_CONF", "conf/search"));
        if (!Files.isDirectory(folder)) {
            return ShippedSearch.files();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file ->
                            file.toString().endsWith(".yaml") || file.toString().endsWith(".json"))
                    .sorted()
                    .map(OpenedStore::configuration)
                    .toList();
        }
    }

    private static ConfigurationText configuration(Path file) {
        try {
            return new ConfigurationText(file.toString(), Files.readString(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Until the collections are there: what is written before would have to wait for each of them. */
    OpenedStore awaitReady() throws InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        for (Readiness now = store.readiness(); !now.ready(); now = store.readiness()) {
            if (System.nanoTime() > end) {
                throw new Refusal(Refusal.Reason.NOT_READY, "the store is not ready: " + now);
            }
            Thread.sleep(50);
        }
        return this;
    }

    @Override
    public void close() {
        store.close();
    }
}
