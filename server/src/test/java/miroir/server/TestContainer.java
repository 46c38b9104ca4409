package miroir.server;

import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import miroir.server.configuration.ServerConfiguration;

/**
 * Somebody else's container of servlets. Where a module has one on its class path, the servers of tests run in it instead of in our own, so that the same tests tell
 * whether they answer the same.
 */
interface TestContainer {
    /**
     * Has that tenant mounted and begins to answer.
     *
     * @param path below which it answers; empty: at the root
     */
    Container start(Tenant tenant, String path) throws Exception;

    /** Below which path the servers of tests answer; empty at the root, as in our own container. */
    static String path() {
        String path = found().isPresent() ? System.getProperty("miroir.path", "/") : "/";
        return path.equals("/") ? "" : path;
    }

    private static Optional<TestContainer> found() {
        return ServiceLoader.load(TestContainer.class).findFirst();
    }

    /** Starts in the container that there is, else in our own. */
    static Container started(ServerConfiguration configuration, Tenant own, boolean ordinaryPath) throws Exception {
        Optional<TestContainer> foreign = found();
        if (foreign.isPresent()) {
            return foreign.get().start(own, path());
        }
        return MiroirServer.start(
                MiroirServer.certificate(configuration, List.of()).orElse(null), own, List.of(), ordinaryPath);
    }
}
