package miroir.server.tls;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

/**
 * A key and a certificate that nobody in the world signed, for the names of this machine, made anew for each run.
 *
 * @param chain the certificate, then those of who signed it
 */
public record TestCertificate(PrivateKey key, List<X509Certificate> chain) {
    private static final char[] PASSWORD = "changeit".toCharArray();

    /** Of an algorithm as keytool knows it, such as {@code EC}; valid for that many days from now. */
    public static TestCertificate make(Path folder, String algorithm, int days) throws Exception {
        Path store = Files.createTempFile(folder, "keys", ".p12");
        Files.delete(store);
        keytool(
                store,
                "-genkeypair -alias server -dname CN=localhost -ext san=dns:localhost,ip:127.0.0.1 -keyalg " + algorithm
                        + (days < 0 ? " -startdate " + (days - 1) + "d -validity 1" : " -validity " + days));
        return read(store);
    }

    /** Signed by an authority, which is its issuer. */
    static TestCertificate signed(Path folder) throws Exception {
        Path store = folder.resolve("signed.p12");
        keytool(store, "-genkeypair -alias authority -dname CN=authority -ext bc:c -keyalg EC");
        keytool(store, "-genkeypair -alias server -signer authority -dname CN=localhost -keyalg EC");
        return read(store);
    }

    /** As an operator has them: the chain in one file, the key in another. */
    public void write(Path certificate, Path keyFile) throws Exception {
        Files.writeString(certificate, chainPem());
        Files.writeString(keyFile, pem("PRIVATE KEY", key.getEncoded()));
    }

    String chainPem() throws Exception {
        StringBuilder pem = new StringBuilder("Something for people.\n");
        for (X509Certificate certificate : chain) {
            pem.append(pem("CERTIFICATE", certificate.getEncoded()));
        }
        return pem.toString();
    }

    static String pem(String label, byte[] bytes) {
        return "-----BEGIN " + label + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes) + "\n-----END " + label
                + "-----\n";
    }

    /** The JDK's own tool, for there is no public API that makes certificates. */
    private static void keytool(Path store, String options) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        command.addAll(List.of(options.split(" ", -1)));
        command.addAll(List.of("-storetype", "PKCS12", "-storepass", "changeit", "-keystore", store.toString()));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IllegalStateException("keytool made no keys: " + said);
        }
    }

    private static TestCertificate read(Path store) throws Exception {
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, PASSWORD);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        Certificate[] chain = keys.getCertificateChain("server");
        return new TestCertificate(
                (PrivateKey) keys.getKey("server", PASSWORD),
                Arrays.stream(chain).map(X509Certificate.class::cast).toList());
    }
}
