package miroir.server.tls;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.time.ZoneOffset.UTC;

import java.io.ByteArrayInputStream;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import javax.security.auth.x500.X500Principal;

/**
 * A key and a certificate that nobody in the world signed, for the names of this machine, made anew for each run. The JDK makes
 * certificates in none of its public API, and its tool is a process for each.
 *
 * @param chain the certificate, then those of who signed it
 */
public record TestCertificate(PrivateKey key, List<X509Certificate> chain) {
    private static final int BITS = 0x03;
    private static final int TIME = 0x17;
    private static final int VERSION = 0xA0;
    private static final int EXTENSIONS = 0xA3;
    private static final DateTimeFormatter UTC_TIME =
            DateTimeFormatter.ofPattern("yyMMddHHmmss'Z'").withZone(UTC);
    private static final byte[] VERSION_3 = hex("020102");
    /** subjectAltName: the DNS name localhost, and 127.0.0.1. */
    private static final byte[] NAMES = hex("301a 0603551d11 0413 3011 8209 6c6f63616c686f7374 8704 7f000001");
    /** basicConstraints, critical: an authority. */
    private static final byte[] AUTHORITY = hex("300f 0603551d13 0101ff 0405 3003 0101ff");

    /** Signed by itself; valid for that many days from now, or until so many days ago. */
    public static TestCertificate make(String algorithm, int days) throws Exception {
        Instant end = Instant.now().plus(Duration.ofDays(days));
        return make(algorithm, days < 0 ? end.minus(Duration.ofDays(1)) : Instant.now(), end);
    }

    /** What trusts whom nobody else does. */
    public SSLContext trusted() throws Exception {
        KeyStore anchors = KeyStore.getInstance("PKCS12");
        anchors.load(null, null);
        anchors.setCertificateEntry("server", chain.get(0));
        TrustManagerFactory managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        managers.init(anchors);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, managers.getTrustManagers(), null);
        return context;
    }

    /** Signed by itself, or by nobody where its key is for what no signature here is made with; valid in that time. */
    static TestCertificate make(String algorithm, Instant begin, Instant end) throws Exception {
        KeyPair keys = keys(algorithm);
        KeyPair signer = algorithm.equals("RSASSA-PSS") ? keys("EC") : keys;
        byte[] signed = certificate(keys.getPublic(), "CN=localhost", "CN=localhost", NAMES, begin, end, signer);
        return new TestCertificate(keys.getPrivate(), List.of(read(signed)));
    }

    /** Signed by an authority, which is its issuer if that is the name that it has for it. */
    static TestCertificate signed(String issuer) throws Exception {
        Instant begin = Instant.now();
        Instant end = begin.plus(Duration.ofDays(30));
        KeyPair authority = keys("EC");
        KeyPair keys = keys("EC");
        byte[] own = certificate(keys.getPublic(), "CN=localhost", issuer, NAMES, begin, end, authority);
        byte[] above =
                certificate(authority.getPublic(), "CN=authority", "CN=authority", AUTHORITY, begin, end, authority);
        return new TestCertificate(keys.getPrivate(), List.of(read(own), read(above)));
    }

    /** As an operator has them: the chain in one file, the key in another that nobody else may read. */
    public void write(Path certificate, Path keyFile) throws Exception {
        Files.writeString(certificate, chainPem());
        Files.writeString(keyFile, pem("PRIVATE KEY", key.getEncoded()));
        Files.setPosixFilePermissions(keyFile, PosixFilePermissions.fromString("rw-------"));
    }

    public String chainPem() throws Exception {
        StringBuilder pem = new StringBuilder("Something for people.\n");
        for (X509Certificate certificate : chain) {
            pem.append(pem("CERTIFICATE", certificate.getEncoded()));
        }
        return pem.toString();
    }

    public static String pem(String label, byte[] bytes) {
        return "-----BEGIN " + label + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes) + "\n-----END " + label
                + "-----\n";
    }

    private static KeyPair keys(String algorithm) throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
        switch (algorithm) {
            case "EC" -> generator.initialize(256);
            case "Ed25519" -> {}
            default -> generator.initialize(2048);
        }
        return generator.generateKeyPair();
    }

    /** RFC 5280, section 4.1. */
    private static byte[] certificate(
            PublicKey key, String subject, String issuer, byte[] extension, Instant begin, Instant end, KeyPair signer)
            throws Exception {
        byte[] algorithm = algorithm(signer.getPrivate());
        byte[] content = sequence(
                Der.value(VERSION, VERSION_3),
                Der.value(Der.INTEGER, new BigInteger(63, new SecureRandom()).toByteArray()),
                algorithm,
                new X500Principal(issuer).getEncoded(),
                sequence(time(begin), time(end)),
                new X500Principal(subject).getEncoded(),
                key.getEncoded(),
                Der.value(EXTENSIONS, sequence(extension)));
        Signature signature = Signature.getInstance(
                switch (signer.getPrivate().getAlgorithm()) {
                    case "EC" -> "SHA256withECDSA";
                    case "RSA" -> "SHA256withRSA";
                    default -> "Ed25519";
                });
        signature.initSign(signer.getPrivate());
        signature.update(content);
        return sequence(content, algorithm, Der.value(BITS, new byte[1], signature.sign()));
    }

    private static byte[] algorithm(PrivateKey key) {
        return sequence(hex(
                switch (key.getAlgorithm()) {
                    case "EC" -> "0608 2a8648ce3d040302";
                    case "RSA" -> "0609 2a864886f70d01010b 0500";
                    default -> "0603 2b6570";
                }));
    }

    private static byte[] time(Instant instant) {
        return Der.value(TIME, UTC_TIME.format(instant).getBytes(US_ASCII));
    }

    private static byte[] sequence(byte[]... parts) {
        return Der.value(Der.SEQUENCE, parts);
    }

    private static X509Certificate read(byte[] certificate) throws Exception {
        return (X509Certificate)
                CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(certificate));
    }

    private static byte[] hex(String digits) {
        return HexFormat.of().parseHex(digits.replace(" ", ""));
    }
}
