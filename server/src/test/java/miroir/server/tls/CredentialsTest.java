package miroir.server.tls;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.RSAPrivateKey;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import javax.crypto.Cipher;
import javax.crypto.EncryptedPrivateKeyInfo;
import javax.crypto.SecretKey;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.PBEParameterSpec;
import miroir.index.yaml.ConfigurationRefused;
import miroir.server.configuration.TlsConfiguration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class CredentialsTest {
    private static final byte[] P256 = {(byte) 0xA0, 0x0A, 6, 8, 0x2A, (byte) 0x86, 0x48, (byte) 0xCE, 0x3D, 3, 1, 7};
    /** PBES2 with PBKDF2, 2,048 rounds of HMAC-SHA-256, and AES-256-CBC; salt and first block are zeros. */
    private static final String PBES2 = "3057 06092a864886f70d01050d 304a 3029 06092a864886f70d01050c"
            + " 301c 04080000000000000000 02020800 300c06082a864886f70d02090500"
            + " 301d 060960864801650304012a 041000000000000000000000000000000000";
    /** What PKCS#8 has before an RSA key of 2,048 bits. */
    private static final int BEFORE_RSA = 26;

    @TempDir
    private static Path folder;

    private TestCertificate ec;
    private TestCertificate other;
    private TestCertificate rsa;
    private Path certificate;
    private Path key;

    @BeforeAll
    void makeKeys() throws Exception {
        ec = TestCertificate.make("EC", 30);
        other = TestCertificate.make("EC", 30);
        rsa = TestCertificate.make("RSA", 30);
    }

    @BeforeEach
    void write() throws Exception {
        certificate = folder.resolve("certificate.pem");
        key = folder.resolve("key.pem");
        ec.write(certificate, key);
    }

    @Test
    void pkcs8_ofEachAlgorithm_isRead() throws Exception {
        for (TestCertificate made : List.of(ec, rsa, TestCertificate.make("Ed25519", 30))) {
            made.write(certificate, key);

            assertThat(read().key()).isEqualTo(made.key());
            assertThat(read().chain()).isEqualTo(made.chain());
        }
    }

    @Test
    void bothInOneFile_areTold() throws Exception {
        Files.writeString(key, Files.readString(certificate), StandardOpenOption.APPEND);

        assertThat(Credentials.of(PemFiles.look(tls(key, key, null)), tls(key, key, null))
                        .key())
                .isEqualTo(ec.key());
    }

    @Test
    void pkcs1_isRead() throws Exception {
        rsa.write(certificate, key);
        byte[] pkcs8 = rsa.key().getEncoded();
        Files.writeString(
                key, TestCertificate.pem("RSA PRIVATE KEY", Arrays.copyOfRange(pkcs8, BEFORE_RSA, pkcs8.length)));

        assertThat(((RSAPrivateKey) read().key()).getPrivateExponent())
                .isEqualTo(((RSAPrivateKey) rsa.key()).getPrivateExponent());
    }

    /** OpenSSL writes the curve before the key, once more. */
    @Test
    void sec1_isRead() throws Exception {
        Files.writeString(
                key,
                TestCertificate.pem("EC PARAMETERS", Arrays.copyOfRange(P256, 2, P256.length))
                        + TestCertificate.pem("EC PRIVATE KEY", sec1(true)));

        assertThat(((ECPrivateKey) read().key()).getS()).isEqualTo(secret());
    }

    @Test
    void sec1_withoutItsCurve_isRefused() throws Exception {
        Files.writeString(key, TestCertificate.pem("EC PRIVATE KEY", sec1(false)));

        assertRefused(key, "curve");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void encryptedKey_isOpenedByItsPassphraseAndByNothingElse(boolean ofToday) throws Exception {
        byte[] encrypted = ofToday ? encrypted("open sesame") : encryptedBefore("open sesame");
        Files.writeString(key, TestCertificate.pem("ENCRYPTED PRIVATE KEY", encrypted));

        assertThat(read(tls(certificate, key, "open sesame")).key()).isEqualTo(ec.key());
        assertThatThrownBy(() -> read(tls(certificate, key, "wrong")))
                .isInstanceOf(ConfigurationRefused.class)
                .hasMessageStartingWith(key.toString())
                .hasMessageContaining("passphrase does not open")
                .hasMessageNotContaining("wrong");
        assertRefused(key, "listen.tls.passphrase");
    }

    @Test
    void keyOfAnotherCertificate_isRefused() throws Exception {
        other.write(folder.resolve("other.pem"), key);

        assertRefused(key, "not the key of the first certificate in " + certificate);
    }

    @Test
    void keyOfAnotherAlgorithm_isRefused() throws Exception {
        rsa.write(folder.resolve("other.pem"), key);

        assertRefused(key, "no EC key");
    }

    @Test
    void chain_inItsOrder_isRead_andInAnotherIsRefused() throws Exception {
        TestCertificate signed = TestCertificate.signed("CN=authority");
        signed.write(certificate, key);
        assertThat(read().chain()).hasSize(2);

        Files.writeString(
                certificate,
                new TestCertificate(
                                signed.key(),
                                List.of(signed.chain().get(1), signed.chain().get(0)))
                        .chainPem());
        assertRefused(certificate, "wrong order");

        Files.writeString(certificate, signed.chainPem() + ec.chainPem());
        assertRefused(certificate, "CN=authority");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            RSA PRIVATE KEY     | Proc-Type: 4,ENCRYPTED\\nDEK-Info: AES-256-CBC,00\\n\\nAAAA | openssl pkcs8 -topk8
            OPENSSH PRIVATE KEY | AAAA                                                       | openssl pkcs8 -topk8
            DSA PRIVATE KEY     | AAAA                                                       | DSA PRIVATE KEY
            PRIVATE KEY         | A!!A                                                       | no EC key that can be read
            PRIVATE KEY         | AAAA                                                       | no EC key that can be read
            EC PRIVATE KEY      | MIIB                                                       | no EC key that can be read
            ENCRYPTED PRIVATE KEY | AAAA                                                     | listen.tls.passphrase
            PUBLIC KEY          | AAAA                                                       | no private keys
            """)
    void key_thatCannotBeRead_isRefused(String label, String content, String why) throws Exception {
        Files.writeString(
                key,
                "-----BEGIN " + label + "-----\n" + content.replace("\\n", "\n") + "\n-----END " + label + "-----\n");

        assertRefused(key, why);
    }

    @Test
    void files_thatAreMissingEmptyOrHalf_areRefused() throws Exception {
        String whole = Files.readString(certificate);
        Files.writeString(certificate, whole.substring(0, whole.length() / 2));
        assertRefused(certificate, "no certificate");
        Files.writeString(certificate, TestCertificate.pem("CERTIFICATE", "nonsense".getBytes(UTF_8)));
        assertRefused(certificate, "certificate that cannot be read");
        Files.writeString(certificate, "");
        assertRefused(certificate, "no certificate");
        Files.delete(certificate);
        assertRefused(certificate, "cannot be read: there is no such file");
        Files.writeString(certificate, whole);
        Files.delete(key);
        assertRefused(key, "cannot be read: there is no such file");
        Files.createDirectory(key);
        assertRefused(key, "cannot be read: it is a folder");
        Files.delete(key);
        Files.writeString(key, "x".repeat((1 << 20) + 1));
        assertRefused(key, "cannot be read: it has more than 1 MB");
        assertThat(PemFile.look(Path.of("/dev/null")).fault()).isEqualTo("it is no regular file");
    }

    @Test
    void key_ofAnAlgorithmThatTlsHasNoUseFor_isRefusedByName() throws Exception {
        Files.writeString(certificate, TestCertificate.make("RSASSA-PSS", 30).chainPem());

        assertRefused(certificate, "algorithm RSASSA-PSS; allowed are RSA, EC");
    }

    /** Key stores refuse such a chain, and would not say whose it is. */
    @Test
    void chain_whoseNamesDoNotFit_isRefused() throws Exception {
        TestCertificate.signed("CN=somebody else").write(certificate, key);
        assertRefused(certificate, "CN=authority");

        Files.writeString(certificate, ec.chainPem() + ec.chainPem());
        assertRefused(certificate, "CN=localhost");
    }

    @ParameterizedTest
    @CsvSource({
        "localhost, true",
        "LOCALHOST, true",
        "127.0.0.1, true",
        "[::ffff:127.0.0.1], true",
        "a.localhost, false",
        "fhir.example.org, false",
        "127.0.0.2, false",
        "[::1], false"
    })
    void names_areThoseOfTheFirstCertificate(String host, boolean covered) {
        assertThat(read().isFor(host)).isEqualTo(covered);
    }

    private void assertRefused(Path guilty, String why) {
        assertThatThrownBy(this::read)
                .isInstanceOf(ConfigurationRefused.class)
                .hasMessageStartingWith(guilty + ": ")
                .hasMessageContaining(why);
    }

    private Credentials read() {
        return read(tls(certificate, key, null));
    }

    private static Credentials read(TlsConfiguration tls) {
        return Credentials.of(PemFiles.look(tls), tls);
    }

    private static TlsConfiguration tls(Path certificate, Path key, @Nullable String passphrase) {
        return new TlsConfiguration(certificate, key, passphrase, Duration.ofSeconds(5), Duration.ZERO);
    }

    private BigInteger secret() {
        return ((ECPrivateKey) ec.key()).getS();
    }

    private byte[] sec1(boolean withCurve) {
        byte[] number = secret().toByteArray();
        byte[] secret = new byte[32];
        int sign = Math.max(0, number.length - secret.length);
        System.arraycopy(number, sign, secret, secret.length - (number.length - sign), number.length - sign);
        int length = 3 + 2 + secret.length + (withCurve ? P256.length : 0);
        ByteBuffer der = ByteBuffer.allocate(length + 2);
        der.put((byte) 0x30).put((byte) length);
        der.put(new byte[] {2, 1, 1, 4, 32}).put(secret);
        if (withCurve) {
            der.put(P256);
        }
        return der.array();
    }

    /** As OpenSSL has done it for long. */
    private byte[] encryptedBefore(String passphrase) throws Exception {
        String means = "PBEWithSHA1AndDESede";
        Cipher cipher = Cipher.getInstance(means);
        cipher.init(Cipher.ENCRYPT_MODE, opener(means, passphrase));
        return new EncryptedPrivateKeyInfo(
                        cipher.getParameters(), cipher.doFinal(ec.key().getEncoded()))
                .getEncoded();
    }

    /** As OpenSSL does it now; the JDK reads that, and writes it only within key stores. */
    private byte[] encrypted(String passphrase) throws Exception {
        String means = "PBEWithHmacSHA256AndAES_256";
        Cipher cipher = Cipher.getInstance(means);
        cipher.init(
                Cipher.ENCRYPT_MODE,
                opener(means, passphrase),
                new PBEParameterSpec(new byte[8], 2048, new IvParameterSpec(new byte[16])));
        byte[] content = cipher.doFinal(ec.key().getEncoded());
        byte[] how = HexFormat.of().parseHex(PBES2.replace(" ", ""));
        ByteBuffer der = ByteBuffer.allocate(3 + how.length + 2 + content.length);
        der.put((byte) 0x30).put((byte) 0x81).put((byte) (how.length + 2 + content.length));
        der.put(how).put((byte) 4).put((byte) content.length).put(content);
        return der.array();
    }

    private static SecretKey opener(String means, String passphrase) throws Exception {
        return SecretKeyFactory.getInstance(means).generateSecret(new PBEKeySpec(passphrase.toCharArray()));
    }
}
