package miroir.server;

import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import miroir.index.Refusal;
import miroir.server.access.Administrators;
import miroir.server.admin.SetUpLink;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells whoever started the server how its first administrator is made, while there is none. That has to wait for the database, and the
 * server does not wait for it.
 */
final class OfferSetUp implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(OfferSetUp.class);
    private static final int SECONDS_BETWEEN = 2;

    private final Administrators administrators;
    private final String root;
    private final Consumer<String> terminal;

    private OfferSetUp(Administrators administrators, String root, Consumer<String> terminal) {
        this.administrators = administrators;
        this.root = root;
        this.terminal = terminal;
    }

    static void begin(Administrators administrators, String root, Consumer<String> terminal) {
        Thread thread = new Thread(new OfferSetUp(administrators, root, terminal), "offer-set-up");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void run() {
        while (!isOffered()) {
            try {
                TimeUnit.SECONDS.sleep(SECONDS_BETWEEN);
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    /** Whether that is done, or need not be. */
    private boolean isOffered() {
        try {
            if (!administrators.areThere()) {
                terminal.accept(
                        "Nobody administers this server yet. Make the first administrator, once and within 24 hours: "
                                + SetUpLink.of(root, administrators.newSetUpCode()));
            }
            return true;
        } catch (Refusal refused) {
            // Another server that starts at the same moment offers its own, or the database is not there yet.
            return refused.reason() == Refusal.Reason.CONFLICT;
        } catch (RuntimeException e) {
            LOG.debug("no set-up link is offered: the server stops", e);
            return true;
        }
    }
}
