package miroir.storage;

import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZoneId;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import miroir.index.Refusal;
import miroir.index.extract.ExtractionSettings;
import miroir.index.registry.ConfiguredSearch;
import miroir.index.store.MakeSearch;
import miroir.index.store.Readiness;
import miroir.index.structure.ServedTypes;
import miroir.index.structure.Structures;
import miroir.index.yaml.ConfigurationRefused;

/**
 * The store that the server has, for another process of the same installation, from the same environment: {@code MONGODB_URI}, {@code MIROIR_DATABASE}, {@code MIROIR_TYPES},
 * {@code MIROIR_PUBLIC_BASE}; and {@code MIROIR_ZONE}, the server's {@code fhir.zone}, and {@code MIROIR_SEARCH_CONF}, the
 * folder of the search configuration. What is searched is what the server says; these count only where no server was there before.
 */
public record OpenedStore(MongoResourceStore store, MongoStoreSettings settings, Set<String> types)
        implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    /** The server says what is searched, unless there was none yet. */
    private static final SearchChanges AS_THE_SERVER = new SearchChanges(false, 0);

    /** Opens it; its types are prepared in the background. */
    public static OpenedStore open(Map<String, String> environment) {
        MongoStoreSettings settings = settings(environment);
        MakeSearch search = search(environment, settings);
        return new OpenedStore(
                MongoResourceStore.open(settings.withSearch(AS_THE_SERVER), search), settings, settings.types());
    }

    /** To fill it with what another database had. */
    public static FillDatabase fill(Map<String, String> environment, String with, FillDatabase.Watch watch) {
        MongoStoreSettings settings = settings(environment);
        return FillDatabase.open(settings.withSearch(AS_THE_SERVER), search(environment, settings), with, watch);
    }

    /**
     * Removes what an import that was broken off has put in.
     *
     * @param marks forgets how far synchronisations are
     * @return false where none was begun
     */
    public static boolean giveUp(Map<String, String> environment, Runnable marks, FillDatabase.Watch watch) {
        return FillDatabase.giveUp(settings(environment), marks, watch);
    }

    private static MakeSearch search(Map<String, String> environment, MongoStoreSettings settings) {
        return new ConfiguredSearch(
                settings.types(),
                new SearchFiles(Path.of(environment.getOrDefault("MIROIR_SEARCH_CONF", "conf/search"))),
                new ExtractionSettings(settings.zone(), ownBases(environment)),
                true);
    }

    /** Where the store is, without opening it. */
    public static MongoStoreSettings settings(Map<String, String> environment) {
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

    /** Until the collections are there: what is written before would have to wait for each of them. */
    public OpenedStore awaitReady() throws InterruptedException {
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
