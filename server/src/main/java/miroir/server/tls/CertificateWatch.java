package miroir.server.tls;

import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.util.component.AbstractLifeCycle;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks after the certificate for as long as the server runs, in a thread of its own: a file can be on a disk that is away. */
public final class CertificateWatch extends AbstractLifeCycle {
    private static final Logger LOG = LoggerFactory.getLogger(CertificateWatch.class);

    private final ServerCertificate certificate;
    private @Nullable ScheduledExecutorService thread;
    private @Nullable Future<?> looks;

    public CertificateWatch(ServerCertificate certificate) {
        this.certificate = certificate;
    }

    @Override
    protected void doStart() {
        long pause = certificate.interval().toMillis();
        thread = Executors.newSingleThreadScheduledExecutor(CertificateWatch::named);
        looks = thread.scheduleWithFixedDelay(this::look, pause, pause, TimeUnit.MILLISECONDS);
    }

    @Override
    protected void doStop() {
        if (looks != null && thread != null) {
            looks.cancel(true);
            thread.shutdown();
        }
    }

    /** Whatever goes wrong once, the next look may find better; what got out of here would end all looks. */
    private void look() {
        try {
            certificate.look();
        } catch (Throwable e) {
            LOG.error("the files of the TLS certificate could not be looked at", e);
        }
    }

    private static Thread named(Runnable task) {
        Thread thread = new Thread(task, "certificate");
        thread.setDaemon(true);
        return thread;
    }
}
