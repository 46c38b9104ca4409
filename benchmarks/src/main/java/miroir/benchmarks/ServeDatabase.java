package miroir.benchmarks;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Set;
import miroir.index.store.SearchMade;
import miroir.server.MiroirServer;
import miroir.server.configuration.ServerConfiguration;
import miroir.server.fhir.FhirParts;
import miroir.server.paging.PageTokens;

/** A server in this process, on a free port. */
public final class ServeDatabase {
    private ServeDatabase() {}

    /**
     * Starts it.
     *
     * @param yaml what of its configuration is not as shipped
     * @param ordinary whether HAPI renders the answers
     */
    public static MiroirServer start(Database database, String yaml, boolean ordinary) throws Exception {
        ServerConfiguration configuration =
                ServerConfiguration.read("benchmark", "listen:\n  port: 0\n" + yaml, key -> null);
        PageTokens tokens = new PageTokens(
                () -> database.store().sharedSecret("page-links"), Duration.ofHours(1), InstantSource.system());
        SearchMade made = SearchMade.of(
                database.registry(), database.fields(), configuration.fhir().zone(), Set.of());
        return MiroirServer.start(configuration, new FhirParts(database.store(), made, tokens), null, ordinary);
    }
}
