package miroir.server;

import ca.uhn.fhir.rest.server.RestfulServer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Function;
import miroir.server.configuration.ServerConfiguration;
import miroir.server.fhir.FhirParts;
import miroir.server.fhir.Plugin;
import miroir.storage.MongoResourceStore;
import org.jspecify.annotations.Nullable;

/**
 * Our types for somebody else's HAPI server: the store of a configuration, and what answers from it. This class is what other programs can rely on; the
 * classes behind it change as we need it.
 */
public final class Miroir implements AutoCloseable {
    private final ServerConfiguration configuration;
    private final MongoResourceStore store;
    private final FhirParts parts;

    private Miroir(ServerConfiguration configuration, MongoResourceStore store, FhirParts parts) {
        this.configuration = configuration;
        this.store = store;
        this.parts = parts;
    }

    /**
     * Opens the store. It need not answer yet, and indexes are made in the background; until then requests are refused with 503.
     *
     * @param folder holds {@code server.yaml} and {@code search/}
     * @param environment what variables in that file come to, such as {@code System::getenv}
     */
    public static Miroir open(Path folder, Function<String, @Nullable String> environment) throws IOException {
        ServerConfiguration configuration = ServerMain.configuration(folder, environment);
        MongoResourceStore store = Application.store(configuration, folder.resolve("search"));
        return new Miroir(
                configuration,
                store,
                new FhirParts(store, new StoredSearch(store), Application.pageTokens(configuration, store)));
    }

    /** Registers our types as models, which interceptors of the host see, change and refuse. Once for each {@code Miroir}. */
    public void register(RestfulServer host) {
        Plugin.register(host, configuration, parts);
    }

    /** Registers them as stored bytes, fifty times as fast, which no interceptor sees; refused beside those that have to. */
    public void registerAsBytes(RestfulServer host) {
        Plugin.registerAsBytes(host, configuration, parts);
    }

    @Override
    public void close() {
        store.close();
    }
}
