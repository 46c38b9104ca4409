package miroir.server;

import java.util.List;
import miroir.server.access.KnownTokens;
import miroir.server.audit.Audit;
import miroir.server.pages.HealthPage;
import org.eclipse.jetty.server.Handler;

/** A tenant, ready to answer: its pages, with what has to be told and closed at the end. */
record ServedTenant(String name, Handler handler, KnownTokens tokens, HealthPage health, Audit audit)
        implements AutoCloseable {

    /** A handler for all of them, of which the first is the server's own. */
    static Handler all(List<ServedTenant> tenants) {
        return tenants.size() == 1
                ? tenants.get(0).handler()
                : new ChooseTenant(tenants.get(0), tenants.subList(1, tenants.size()));
    }

    void announceStop() {
        health.announceStop();
    }

    @Override
    public void close() {
        audit.close();
    }
}
