package miroir.server;

import org.eclipse.jetty.server.Handler;

/** A tenant, and what Jetty answers for it. */
record MountedTenant(ServedTenant tenant, Handler handler) {
    String name() {
        return tenant.name();
    }
}
