package miroir.server.tls;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.ProviderException;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import miroir.index.yaml.ConfigurationRefused;
import miroir.server.configuration.TlsConfiguration;
import miroir.server.proxy.Addresses;

/**
 * A private key and the certificates that say whose it is, which belong together.
 *
 * @param chain the server's own certificate, then each time the one of who signed it
 */
record Credentials(PrivateKey key, List<X509Certificate> chain) {
    /** The store never leaves the memory, but has to have one. */
    static final String STORE_PASSWORD = "in memory";

    private static final Map<String, String> SIGNATURES =
            Map.of("RSA", "SHA256withRSA", "EC", "SHA256withECDSA", "EdDSA", "EdDSA");

    /** Kinds of names in certificates (RFC 5280). */
    private static final int DNS = 2;

    private static final int IP = 7;

    Credentials {
        chain = List.copyOf(chain);
    }

    /** Reads and checks both files; throws with the name of the one that is wrong. */
    static Credentials of(PemFiles files, TlsConfiguration tls) {
        String certificateFile = tls.certificate().toString();
        List<X509Certificate> chain = chain(certificateFile, files.certificate().required());
        PublicKey publicKey = chain.get(0).getPublicKey();
        if (!SIGNATURES.containsKey(publicKey.getAlgorithm())) {
            throw new ConfigurationRefused(
                    certificateFile,
                    "has a key of the algorithm " + publicKey.getAlgorithm() + "; allowed are RSA, EC and Ed25519");
        }
        PrivateKey key = new ReadPrivateKey(tls).of(files.key().required(), publicKey.getAlgorithm());
        if (!belong(key, publicKey)) {
            throw new ConfigurationRefused(
                    tls.key().toString(), "is not the key of the first certificate in " + certificateFile);
        }
        return new Credentials(key, chain);
    }

    /** When the first of the certificates ends. */
    Instant expiry() {
        return chain.stream()
                .map(Credentials::end)
                .min(Comparator.naturalOrder())
                .orElseThrow();
    }

    /** Of each certificate that is too old or too young at this time, what to say of it. */
    List<String> untimely(Instant now) {
        return chain.stream().flatMap(one -> untimely(one, now).stream()).toList();
    }

    private static Optional<String> untimely(X509Certificate one, Instant now) {
        String whose = "the TLS certificate of " + one.getSubjectX500Principal().getName();
        if (!now.isBefore(end(one))) {
            return Optional.of(whose + " expired at " + end(one));
        }
        Instant begin = one.getNotBefore().toInstant();
        return now.isBefore(begin) ? Optional.of(whose + " is not valid before " + begin) : Optional.empty();
    }

    private static Instant end(X509Certificate one) {
        return one.getNotAfter().toInstant();
    }

    /** Whether clients that ask for this name or address, in brackets or not, accept the certificate for it. */
    boolean isFor(String host) {
        String name = Addresses.spelled(host.toLowerCase(Locale.ROOT));
        int dot = name.indexOf('.');
        return names().contains(name) || (dot > 0 && names().contains("*" + name.substring(dot)));
    }

    /** The names and addresses that the certificate is for, in small letters. */
    Set<String> names() {
        try {
            Collection<List<?>> names = chain.get(0).getSubjectAlternativeNames();
            return (names == null ? List.<List<?>>of() : names)
                    .stream()
                            .filter(name -> List.of(DNS, IP).contains(name.get(0)))
                            .map(name -> Addresses.spelled(
                                    String.valueOf(name.get(1)).toLowerCase(Locale.ROOT)))
                            .collect(Collectors.toCollection(TreeSet::new));
        } catch (CertificateParsingException e) {
            return Set.of();
        }
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
            if (!certificate.getIssuerX500Principal().equals(by.getSubjectX500Principal()) || by.equals(certificate)) {
                throw new CertificateException("another issuer is named");
            }
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
            Signature signature = Signature.getInstance(SIGNATURES.get(publicKey.getAlgorithm()));
            signature.initSign(key);
            signature.update(anything);
            byte[] signed = signature.sign();
            signature.initVerify(publicKey);
            signature.update(anything);
            return signature.verify(signed);
        } catch (GeneralSecurityException | ProviderException e) {
            return false;
        }
    }
}
