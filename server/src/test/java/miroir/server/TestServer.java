package miroir.server;

import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import miroir.index.SearchParameterRegistry;
import miroir.index.store.ContractFields;
import miroir.index.store.InMemoryResourceStore;
import miroir.index.store.ResourceStore;
import miroir.server.configuration.ServerConfiguration;
import miroir.server.fhir.FhirParts;
import miroir.server.paging.PageTokens;

/** A server on a free port, in front of a store in memory unless given another. */
public final class TestServer implements AutoCloseable {
    /** The token that may write. */
    public static final String TOKEN = "miroir_test-token";

    private final MiroirServer server;
    private final ResourceStore store;

    private TestServer(MiroirServer server, ResourceStore store) {
        this.server = server;
        this.store = store;
    }

    /** With the defaults. */
    public static TestServer start() throws Exception {
        return start("");
    }

    /** With this configuration; the port is a free one whatever it says. */
    public static TestServer start(String yaml) throws Exception {
        ResourceStore store =
                new InMemoryResourceStore(new ContractFields(), ZoneId.of("Europe/Paris"), InstantSource.system());
        return start(yaml, store, ContractFields.registry(), false);
    }

    public static TestServer start(
            String yaml, ResourceStore store, SearchParameterRegistry registry, boolean ordinaryPath) throws Exception {
        Map<String, String> environment = new HashMap<>();
        String withPort = yaml.contains("listen:") ? yaml : yaml + "\nlisten: {port: 0}\n";
        ServerConfiguration configuration = ServerConfiguration.read("test.yaml", withPort, environment::get);
        PageTokens tokens = new PageTokens(() -> new byte[32], Duration.ofHours(1), InstantSource.system());
        FhirParts parts = new FhirParts(store, registry, 1, tokens);
        return new TestServer(MiroirServer.start(configuration, parts, Optional.of(TOKEN), ordinaryPath), store);
    }

    public int port() {
        return server.port();
    }

    /** The FHIR base. */
    public String base() {
        return "http://127.0.0.1:" + port() + "/fhir";
    }

    /** A path below the root, which stands as it is in the URL. */
    public URI uri(String path) {
        return URI.create("http://127.0.0.1:" + port() + path);
    }

    @Override
    public void close() {
        server.close();
        store.close();
    }
}
