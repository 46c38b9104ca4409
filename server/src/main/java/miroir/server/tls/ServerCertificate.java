package miroir.server.tls;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import miroir.index.yaml.ConfigurationRefused;
import miroir.server.configuration.TlsConfiguration;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The certificate that the server shows, and the look-out for the next one. Whoever renews it replaces two files, one after the other,
 * perhaps in place, and here nobody can know when both are done. So what is found counts once it was the same at two looks, one after
 * the other. If it cannot be used then, the certificate in force stays: that is better than none. It is tried again at each look,
 * since time may make it valid. Connections that are open go on with the one that they began with.
 */
public final class ServerCertificate {
    private static final Logger LOG = LoggerFactory.getLogger(ServerCertificate.class);

    private final TlsConfiguration tls;
    private final List<String> hosts;
    private final InstantSource clock;
    private final SslContextFactory.Server contexts;
    private String seen;
    private String judged;
    private String complaint = "";
    private volatile Credentials inForce;
    private volatile boolean refused;

    private ServerCertificate(
            TlsConfiguration tls, List<String> hosts, InstantSource clock, String files, Credentials inForce) {
        this.tls = tls;
        this.hosts = List.copyOf(hosts);
        this.clock = clock;
        this.seen = files;
        this.judged = files;
        this.inForce = inForce;
        this.contexts = contexts(inForce);
    }

    /**
     * Reads the files; throws where they cannot be used, with the name of the one that is wrong.
     *
     * @param hosts names that the certificate should be for
     */
    public static ServerCertificate read(TlsConfiguration tls, List<String> hosts, InstantSource clock) {
        PemFiles files = PemFiles.look(tls);
        ServerCertificate certificate =
                new ServerCertificate(tls, hosts, clock, files.fingerprint(), Credentials.of(files, tls));
        certificate.announce();
        return certificate;
    }

    /** What Jetty makes connections with. */
    public SslContextFactory.Server contexts() {
        return contexts;
    }

    /** Looks at the files, and takes what is there if it is another one, has settled, and can be used. */
    synchronized void look() {
        PemFiles files = PemFiles.look(tls);
        String found = files.fingerprint();
        boolean settled = found.equals(seen);
        seen = found;
        if (settled && (refused || !found.equals(judged))) {
            judged = found;
            take(files);
        }
    }

    /** How often to look. */
    Duration interval() {
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
        remarks.addAll(inForce.untimely(clock.instant()));
        return remarks;
    }

    private void take(PemFiles files) {
        try {
            Credentials next = Credentials.of(files, tls);
            refuseUntimely(next);
            show(next);
            refused = false;
            complaint = "";
            announce();
        } catch (Exception e) {
            refused = true;
            complain(String.valueOf(e.getMessage()));
        }
    }

    private void complain(String why) {
        if (!why.equals(complaint)) {
            complaint = why;
            LOG.error("the TLS certificate stays as it was, until {}: {}", expiry(), why);
        }
    }

    private void refuseUntimely(Credentials next) {
        Instant now = clock.instant();
        List<String> untimely = next.untimely(now);
        if (!untimely.isEmpty() && inForce.untimely(now).isEmpty()) {
            throw new ConfigurationRefused(tls.certificate().toString(), untimely.get(0));
        }
    }

    /**
     * Puts these in force. Jetty drops what it has before it loads what is next, and would stand without any if that failed: so it is
     * tried with another one first.
     */
    void show(Credentials next) throws Exception {
        SslContextFactory.Server trial = contexts(next);
        trial.start();
        trial.stop();
        try {
            contexts.reload(factory -> give(next, factory));
        } catch (Exception e) {
            contexts.reload(factory -> give(inForce, factory));
            throw e;
        }
        inForce = next;
    }

    private void announce() {
        LOG.info("the TLS certificate is the one of {}, until {}", inForce.subject(), expiry());
        inForce.untimely(clock.instant()).forEach(remark -> LOG.warn("{}: {}", tls.certificate(), remark));
        hosts.stream()
                .filter(host -> !inForce.isFor(host))
                .forEach(host -> LOG.warn(
                        "{}: is not for {}, which is in listen.hosts or listen.publicBase; it is for {}",
                        tls.certificate(),
                        host,
                        inForce.names()));
        if (PemFile.isOpenToAll(tls.key())) {
            LOG.warn("{}: everybody on this machine can read this key; chmod o-r changes that", tls.key());
        }
    }

    private static SslContextFactory.Server contexts(Credentials credentials) {
        SslContextFactory.Server contexts = new SslContextFactory.Server();
        contexts.setIncludeProtocols("TLSv1.3", "TLSv1.2");
        contexts.addExcludeCipherSuites("^TLS_DHE_.*$");
        contexts.setRenegotiationAllowed(false);
        give(credentials, contexts);
        return contexts;
    }

    private static void give(Credentials credentials, SslContextFactory factory) {
        factory.setKeyStore(credentials.keyStore());
        factory.setKeyStorePassword(Credentials.STORE_PASSWORD);
    }
}
