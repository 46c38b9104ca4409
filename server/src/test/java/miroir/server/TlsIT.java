package miroir.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import miroir.index.yaml.ConfigurationRefused;
import miroir.server.tls.TestCertificate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** One server, whose certificate is the first one before and after each test. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class TlsIT {
    private static final Duration IDLE = Duration.ofSeconds(1);
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    private static Path folder;

    private TestCertificate first;
    private TestCertificate second;
    private Path certificate;
    private Path key;
    private TestServer server;

    @BeforeAll
    void start() throws Exception {
        first = TestCertificate.make("EC", 30);
        second = TestCertificate.make("RSA", 60);
        certificate = folder.resolve("certificate.pem");
        key = folder.resolve("key.pem");
        first.write(certificate, key);
        server = start(certificate, key);
    }

    @AfterAll
    void stop() {
        server.close();
    }

    @Test
    void links_sayHttps_andBrowsersAreToldToStayThere() throws Exception {
        String body = "{\"resourceType\":\"Practitioner\",\"id\":\"p1\"}";
        String created = send(
                first,
                "PUT /fhir/Practitioner/p1",
                "Authorization: Bearer " + TestServer.TOKEN + "\r\nContent-Type: application/fhir+json\r\n"
                        + "Content-Length: " + body.length() + "\r\n",
                body);

        assertThat(created).contains("Location: https://localhost/fhir/Practitioner/p1/_history/1\r\n");
        assertThat(get("/fhir/Practitioner")).contains("\"url\":\"https://localhost/fhir/Practitioner");
        for (String path : new String[] {"/", "/health/live", "/fhir/metadata", "/fhir/Nonsense", "/nowhere"}) {
            assertThat(get(path)).contains("\r\nStrict-Transport-Security: max-age=31536000\r\n");
        }
    }

    @Test
    void certificate_thatIsReplaced_isShownWithoutARestart_andABrokenOneIsNot() throws Exception {
        try {
            assertThat(shown(first)).isEqualTo(first.chain().get(0));
            assertThat(get("/metrics"))
                    .contains("miroir_tls_certificate_refused 0")
                    .contains("miroir_tls_certificate_expiry_seconds");
            second.write(certificate, key);
            await().atMost(PATIENCE).until(() -> shows(second));

            Files.writeString(key, "-----BEGIN PRIV");
            await().atMost(PATIENCE).until(() -> get("/health/ready", second).contains("\"remarks\""));
            assertThat(get("/health/ready", second))
                    .startsWith("HTTP/1.1 200")
                    .contains("cannot be used")
                    .doesNotContain(folder.toString());
            assertThat(get("/metrics", second)).contains("miroir_tls_certificate_refused 1");
        } finally {
            first.write(certificate, key);
        }
        await().atMost(PATIENCE)
                .until(() -> shows(first) && !get("/health/ready").contains("remarks"));
    }

    @Test
    void files_thatCannotBeUsed_stopTheStart() throws Exception {
        Path empty = Files.createFile(folder.resolve("empty.pem"));

        assertThatThrownBy(() -> start(certificate, empty).close())
                .isInstanceOf(ConfigurationRefused.class)
                .hasMessageStartingWith(empty.toString())
                .hasMessageContaining("private key");
    }

    /** No byte is the last of its record, and each begins the idle time anew; so it is the deadline that ends it. */
    @Test
    void handshake_thatNeverEnds_endsWithTheConnection() throws Exception {
        long begin = System.nanoTime();
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            socket.setSoTimeout(50);
            byte[] beginOfHello = {0x16, 3, 1, 2, 0, 1};
            socket.getOutputStream().write(beginOfHello);
            int rounds = 0;
            while (isOpenAfterOneMoreByte(socket)) {
                rounds++;
            }

            assertThat(Duration.ofNanos(System.nanoTime() - begin))
                    .isGreaterThan(IDLE.multipliedBy(3).dividedBy(2));
            assertThat(rounds).as("bytes of a record of 512").isBetween(2, 500);
        }
    }

    @Test
    void requestWithoutTls_isNotAnswered_andHarmsNobody() throws Exception {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            socket.getOutputStream()
                    .write("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1))
                    .doesNotContain("HTTP/1.1");
        }
        assertThat(get("/health/live")).startsWith("HTTP/1.1 200");
    }

    private static TestServer start(Path certificate, Path key) throws Exception {
        return TestServer.start("listen: {port: 0, tls: {certificate: '" + certificate + "', key: '" + key
                + "', reload: 10ms}}\nlimits: {idle: " + IDLE.toMillis() + "ms}\n");
    }

    private static boolean isOpenAfterOneMoreByte(Socket socket) {
        try {
            socket.getOutputStream().write(0);
            return socket.getInputStream().read() >= 0;
        } catch (SocketTimeoutException nothingToRead) {
            return true;
        } catch (IOException closed) {
            return false;
        }
    }

    private boolean shows(TestCertificate expected) throws Exception {
        try {
            return shown(expected).equals(expected.chain().get(0));
        } catch (SSLException anotherOne) {
            return false;
        }
    }

    private X509Certificate shown(TestCertificate trusted) throws Exception {
        try (SSLSocket socket = connect(trusted)) {
            return (X509Certificate) socket.getSession().getPeerCertificates()[0];
        }
    }

    private String get(String path) throws Exception {
        return get(path, first);
    }

    private String get(String path, TestCertificate trusted) throws Exception {
        return send(trusted, "GET " + path, "", "");
    }

    /** The whole answer, after which the connection is closed. */
    private String send(TestCertificate trusted, String line, String headers, String body) throws Exception {
        try (SSLSocket socket = connect(trusted)) {
            socket.getOutputStream()
                    .write((line + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n" + headers + "\r\n" + body)
                            .getBytes(StandardCharsets.UTF_8));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private SSLSocket connect(TestCertificate trusted) throws Exception {
        SSLSocket socket = (SSLSocket) trusted.trusted().getSocketFactory().createSocket("localhost", server.port());
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        socket.setSSLParameters(parameters);
        socket.startHandshake();
        return socket;
    }
}
