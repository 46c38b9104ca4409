package miroir.server;

import java.util.List;
import java.util.ServiceLoader;
import miroir.server.configuration.ServerConfiguration;

/**
 * Somebody else's container of servlets. Where a module has one on its class path, the servers of tests run in it instead of in our own, so that the same tests tell
 * whether they answer the same.
 */
interface TestContainer {
    /** Has that tenant mounted and begins to answer. */
    Container start(Tenant tenant) throws Exception;

    /** Starts in the container that there is, else in our own. */
    static Container started(ServerConfiguration configuration, Tenant own, boolean ordinaryPath) throws Exception {
        TestContainer foreign =
                ServiceLoader.load(TestContainer.class).findFirst().orElse(null);
        if (foreign != null) {
            return foreign.start(own);
        }
        return MiroirServer.start(
                MiroirServer.certificate(configuration, List.of()).orElse(null), own, List.of(), ordinaryPath);
    }
}
