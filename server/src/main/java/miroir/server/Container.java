package miroir.server;

import miroir.server.configuration.ServerConfiguration;
import miroir.server.load.Load;

/** What requests come to: our own Jetty, or the container of servlets that somebody has put us in. */
interface Container extends AutoCloseable {
    /** What is asked of a tenant; an empty name: of the server's own. */
    Load load(String tenant);

    /** Where it listens; 0 where nobody here knows. */
    int port();

    /** What is {@code /} of a tenant, as its administrator may reach it; only a path where nobody here knows more. */
    String root(ServerConfiguration configuration);

    @Override
    void close();
}
