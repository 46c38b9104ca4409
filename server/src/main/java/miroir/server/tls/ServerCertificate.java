package miroir.server.tls;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import miroir.server.configuration.TlsConfiguration;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The certificate that the server shows, and the look-out for the next one. Whoever renews it replaces two files, one after the other,
 * perhaps in place, and here nobody can know when both are done. So what is found counts once it was the same at two looks, one after
 * the other. If it cannot be used then, the certificate in force stays: that is better than none. Connections that are open
 * go on with the one that they began with.
 */
public final class ServerCertificate {
    private static final Logger LOG = LoggerFactory.getLogger(ServerCertificate.class);

    private final TlsConfiguration tls;
    private final InstantSource clock;
    private final SslContextFactory.Server contexts;
    private PemFiles seen;
    private PemFiles judged;
    private volatile Credentials inForce;
    private volatile boolean refused;

    private ServerCertificate(TlsConfiguration tls, InstantSource clock, PemFiles files, Credentials inForce) {
        this.tls = tls;
        this.clock = clock;
        this.seen = files;
        this.judged = files;
        this.inForce = inForce;
        this.contexts = contexts(inForce);
    }

    /** Reads the files; throws where they cannot be used, with the name of the one that is wrong. */
    public static ServerCertificate read(TlsConfiguration tls, InstantSource clock) {
        PemFiles files = PemFiles.look(tls);
        ServerCertificate certificate = new ServerCertificate(tls, clock, files, Credentials.of(files, tls));
        certificate.announce();
        return certificate;
    }

    /** What Jetty makes connections with. */
    public SslContextFactory.Server contexts() {
        return contexts;
    }

    /** Looks at the files, and takes what is there if it is another one, has settled, and can be used. */
    public synchronized void look() {
        PemFiles found = PemFiles.look(tls);
        boolean settled = found.equals(seen);
        seen = found;
        if (settled && !found.equals(judged)) {
            judged = found;
            take(found);
        }
    }

    /** How often to look. */
    public Duration interval() {
        return tls.reload();
    }

    /** When the certificate in force ends. */
    public Instant expiry() {
        return inForce.expiry();
    }

    /** Whether what stands in the files is not the certificate in force, since it cannot be used. */
    public boolean isRefused() {
        return refused;
    }

    /** What somebody should look after; files are not named, since everybody may read it. */
    public List<String> remarks() {
        List<String> remarks = new ArrayList<>();
        if (refused) {
            remarks.add(
                    "the files of the TLS certificate cannot be used as they are now (the log says why); the one that was"
                            + " there before stays in force until " + expiry());
        }
        if (!clock.instant().isBefore(expiry())) {
            remarks.add("the TLS certificate expired at " + expiry());
        }
        return remarks;
    }

    private void take(PemFiles files) {
        try {
            Credentials next = Credentials.of(files, tls);
            contexts.reload(factory -> show(next, factory));
            inForce = next;
            refused = false;
            announce();
        } catch (Exception e) {
            refused = true;
            LOG.error("the TLS certificate stays as it was, until {}: {}", expiry(), e.getMessage());
        }
    }

    private void announce() {
        LOG.info("the TLS certificate is the one of {}, until {}", inForce.subject(), expiry());
        Instant now = clock.instant();
        if (!now.isBefore(expiry())) {
            LOG.warn("{}: expired at {}", tls.certificate(), expiry());
        } else if (now.isBefore(inForce.begin())) {
            LOG.warn("{}: is not valid before {}", tls.certificate(), inForce.begin());
        }
    }

    private static SslContextFactory.Server contexts(Credentials credentials) {
        SslContextFactory.Server contexts = new SslContextFactory.Server();
        contexts.setIncludeProtocols("TLSv1.3", "TLSv1.2");
        contexts.setRenegotiationAllowed(false);
        show(credentials, contexts);
        return contexts;
    }

    private static void show(Credentials credentials, SslContextFactory factory) {
        factory.setKeyStore(credentials.keyStore());
        factory.setKeyStorePassword(Credentials.STORE_PASSWORD);
    }
}
