package miroir.server.tls;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import miroir.index.yaml.ConfigurationRefused;
import miroir.server.configuration.TlsConfiguration;

/**
 * A private key and the certificates that say whose it is, which belong together.
 *
 * @param chain the server's own certificate, then each time the one of who signed it
 */
record Credentials(PrivateKey key, List<X509Certificate> chain) {
    /** The store never leaves the memory, but has to have one. */
    static final String STORE_PASSWORD = "in memory";

    Credentials {
        chain = List.copyOf(chain);
    }

    /** Reads and checks both files; throws with the name of the one that is wrong. */
    static Credentials of(PemFiles files, TlsConfiguration tls) {
        String certificateFile = tls.certificate().toString();
        List<X509Certificate> chain = chain(certificateFile, PemFiles.required(tls.certificate(), files.certificate()));
        PublicKey publicKey = chain.get(0).getPublicKey();
        PrivateKey key =
                new ReadPrivateKey(tls).of(PemFiles.required(tls.key(), files.key()), publicKey.getAlgorithm());
        if (!belong(key, publicKey)) {
            throw new ConfigurationRefused(
                    tls.key().toString(), "is not the key of the first certificate in " + certificateFile);
        }
        return new Credentials(key, chain);
    }

    /** When the first of the certificates ends. */
    Instant expiry() {
        return chain.stream()
                .map(certificate -> certificate.getNotAfter().toInstant())
                .min(Comparator.naturalOrder())
                .orElseThrow();
    }

    /** When all of them have begun. */
    Instant begin() {
        return chain.stream()
                .map(certificate -> certificate.getNotBefore().toInstant())
                .max(Comparator.naturalOrder())
                .orElseThrow();
    }

    /** Whose it is. */
    String subject() {
        return chain.get(0).getSubjectX500Principal().getName();
    }

    KeyStore keyStore() {
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setKeyEntry("server", key, STORE_PASSWORD.toCharArray(), chain.toArray(X509Certificate[]::new));
            return store;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("every Java has key stores", e);
        }
    }

    private static List<X509Certificate> chain(String file, String text) {
        List<X509Certificate> chain = PemBlock.allOf(text).stream()
                .filter(block -> block.label().equals("CERTIFICATE"))
                .map(block -> certificate(file, block))
                .toList();
        if (chain.isEmpty()) {
            throw new ConfigurationRefused(file, "has no certificate in PEM (-----BEGIN CERTIFICATE-----)");
        }
        for (int i = 1; i < chain.size(); i++) {
            checkSigned(file, chain.get(i - 1), chain.get(i));
        }
        return chain;
    }

    private static X509Certificate certificate(String file, PemBlock block) {
        try {
            return (X509Certificate) CertificateFactory.getInstance("X.509")
                    .generateCertificate(new ByteArrayInputStream(block.bytes()));
        } catch (CertificateException | IllegalArgumentException e) {
            throw new ConfigurationRefused(file, "has a certificate that cannot be read: " + e.getMessage());
        }
    }

    private static void checkSigned(String file, X509Certificate certificate, X509Certificate by) {
        try {
            certificate.verify(by.getPublicKey());
        } catch (GeneralSecurityException e) {
            throw new ConfigurationRefused(
                    file,
                    "has certificates in the wrong order: the one of \"" + by.getSubjectX500Principal()
                            + "\" did not sign the one before it, of \"" + certificate.getSubjectX500Principal()
                            + "\"; the server's own comes first, then each time the one that signed it");
        }
    }

    /** Whether what the one signs is known by the other. */
    private static boolean belong(PrivateKey key, PublicKey publicKey) {
        byte[] anything = {1, 2, 3};
        try {
            Signature signature = Signature.getInstance(signature(key.getAlgorithm()));
            signature.initSign(key);
            signature.update(anything);
            byte[] signed = signature.sign();
            signature.initVerify(publicKey);
            signature.update(anything);
            return signature.verify(signed);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    private static String signature(String algorithm) {
        return switch (algorithm) {
            case "RSA" -> "SHA256withRSA";
            case "EC" -> "SHA256withECDSA";
            default -> algorithm;
        };
    }
}
