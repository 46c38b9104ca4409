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
import java.util.stream.Stream;
import miroir.index.Refusal;
import miroir.index.SearchParameterRegistry;
import miroir.index.extract.ExtractionSettings;
import miroir.index.extract.FieldExtractor;
import miroir.index.json.ReadLimits;
import miroir.index.json.ResourceReader;
import miroir.index.registry.ConfigurationText;
import miroir.index.registry.RegistryLoader;
import miroir.index.registry.ShippedSearch;
import miroir.index.store.Readiness;
import miroir.index.store.ResourceStore;
import miroir.index.structure.ServedTypes;
import miroir.index.structure.Structures;
import miroir.index.yaml.ConfigurationRefused;
import miroir.storage.MongoResourceStore;
import miroir.storage.MongoStoreSettings;

/**
 * {@code LoadMain PATH}: stores the resources of files. It reads the environment that the server reads:
 * {@code MONGODB_URI}, {@code MIROIR_DATABASE}, {@code MIROIR_TYPES}, {@code MIROIR_PUBLIC_BASE}; and
 * {@code MIROIR_ZONE}, the server's {@code fhir.zone}, and {@code MIROIR_SEARCH_CONF}, the folder of the search
 * configuration: both must be the server's, or the next start makes all search fields anew. It ends with 0, with 1 where something was rejected, with 2 where nothing could be done.
 */
final class LoadMain {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final Map<String, String> environment;

    LoadMain(Map<String, String> environment) {
        this.environment = environment;
    }

    public static void main(String[] arguments) throws InterruptedException {
        if (arguments.length != 1) {
            System.err.println("expected one file or folder, got " + arguments.length + " arguments");
            System.exit(2);
        }
        System.exit(new LoadMain(System.getenv()).run(Path.of(arguments[0])));
    }

    int run(Path path) throws InterruptedException {
        try (ResourceStore store = open()) {
            awaitReady(store);
            ResourceReader reader = new ResourceReader(Structures.r4(), ReadLimits.standard());
            LoadResources load = new LoadResources(reader, store, types(), System.err::println);
            ResourceFiles.read(path, load::load);
            System.out.println(load.report());
            return load.isComplete() ? 0 : 1;
        } catch (ConfigurationRefused | Refusal | IllegalArgumentException | DateTimeException e) {
            System.err.println(e.getMessage());
        } catch (IOException | UncheckedIOException e) {
            System.err.println("cannot read: " + e.getMessage());
        }
        return 2;
    }

    private ResourceStore open() throws IOException {
        Set<String> types = types();
        SearchParameterRegistry registry = RegistryLoader.load(types, searchConfiguration());
        MongoStoreSettings settings = MongoStoreSettings.of(
                        environment.getOrDefault("MONGODB_URI", "mongodb://127.0.0.1:27017"),
                        environment.getOrDefault("MIROIR_DATABASE", "miroir"),
                        types)
                .withZone(ZoneId.of(environment.getOrDefault("MIROIR_ZONE", "Europe/Paris")));
        return MongoResourceStore.open(
                types.equals(Structures.r4().resourceTypes()) ? settings.withIndexesOnFirstUse() : settings,
                registry,
                new FieldExtractor(registry, new ExtractionSettings(settings.zone(), ownBases())));
    }

    private Set<String> ownBases() {
        String base = environment.getOrDefault("MIROIR_PUBLIC_BASE", "");
        return base.isEmpty() ? Set.of() : Set.of(base);
    }

    private Set<String> types() {
        return ServedTypes.of(environment.getOrDefault("MIROIR_TYPES", ServedTypes.DIRECTORY));
    }

    /** What the server reads: the folder's files, or what is shipped where there is no folder. */
    private List<ConfigurationText> searchConfiguration() throws IOException {
        Path folder = Path.of(environment.getOrDefault("MIROIR_SEARCH_CONF", "conf/search"));
        if (!Files.isDirectory(folder)) {
            return ShippedSearch.files();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file ->
                            file.toString().endsWith(".yaml") || file.toString().endsWith(".json"))
                    .sorted()
                    .map(LoadMain::configuration)
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
    private static void awaitReady(ResourceStore store) throws InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        for (Readiness now = store.readiness(); !now.ready(); now = store.readiness()) {
            if (System.nanoTime() > end) {
                throw new Refusal(Refusal.Reason.NOT_READY, "the store is not ready: " + now);
            }
            Thread.sleep(50);
        }
    }
}
