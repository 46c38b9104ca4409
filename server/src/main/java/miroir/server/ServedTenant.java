package miroir.server;

import java.util.ArrayList;
import java.util.List;
import miroir.server.access.KnownTokens;
import miroir.server.audit.Audit;
import miroir.server.load.Load;
import miroir.server.pages.HealthPage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A tenant, ready to answer: its pages, with what has to be told and closed at the end.
 *
 * @param bases paths below which tokens are shown
 * @param load what is asked of it
 * @param listening what goes on for as long as somebody listens
 */
record ServedTenant(
        String name,
        List<String> bases,
        KnownTokens tokens,
        HealthPage health,
        Audit audit,
        Load load,
        List<AutoCloseable> listening) {
    private static final Logger LOG = LoggerFactory.getLogger(ServedTenant.class);

    ServedTenant {
        bases = List.copyOf(bases);
        listening = List.copyOf(listening);
    }

    void announceStop() {
        health.announceStop();
        listening.forEach(this::close);
    }

    private void close(AutoCloseable each) {
        try {
            each.close();
        } catch (Exception e) {
            LOG.warn("what somebody listened to was not ended cleanly", e);
        }
    }

    /** Closes all at once, whatever goes wrong with others: each may take some seconds where its database is away. */
    static void closeAll(List<ServedTenant> tenants) {
        List<Thread> closing = new ArrayList<>();
        for (ServedTenant each : tenants) {
            Thread thread = new Thread(each::close, "close-" + each.name());
            thread.start();
            closing.add(thread);
        }
        closing.forEach(ServedTenant::join);
    }

    private void close() {
        try {
            audit.close();
        } catch (RuntimeException e) {
            LOG.warn("the notes of {} were not closed cleanly", name.isEmpty() ? "the server" : name, e);
        }
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
