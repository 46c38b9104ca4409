package miroir.sync.upstream;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import miroir.index.yaml.ConfigurationRefused;
import org.jspecify.annotations.Nullable;

/** Trust in the usual authorities and in those of a file besides, such as the one of a proxy that looks into TLS. */
final class TrustAnchors {
    private TrustAnchors() {}

    static SSLContext and(Path file) {
        try {
            KeyStore all = KeyStore.getInstance(KeyStore.getDefaultType());
            all.load(null, null);
            int number = 0;
            for (X509Certificate usual : usual()) {
                all.setCertificateEntry("usual-" + number++, usual);
            }
            try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
                for (Certificate added : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                    all.setCertificateEntry("added-" + number++, added);
                }
            }
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, managers(all), null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new ConfigurationRefused(
                    file.toString(), "holds no PEM certificates that can be read: " + e.getMessage());
        }
    }

    /**
     * What is wrong with the certificate of the other side; empty where a call failed for something else. A handshake may also
     * fail because a connection broke, which passes.
     */
    static Optional<String> refusal(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof CertificateException) {
                return Optional.of(String.valueOf(cause.getMessage()));
            }
        }
        return Optional.empty();
    }

    private static X509Certificate[] usual() throws GeneralSecurityException {
        for (TrustManager manager : managers(null)) {
            if (manager instanceof X509TrustManager trust) {
                return trust.getAcceptedIssuers();
            }
        }
        return new X509Certificate[0];
    }

    private static TrustManager[] managers(@Nullable KeyStore anchors) throws GeneralSecurityException {
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(anchors);
        return factory.getTrustManagers();
    }
}
