package miroir.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import miroir.index.yaml.ConfigurationRefused;
import miroir.server.tls.TestCertificate;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class TlsIT {
    @TempDir
    private static Path folder;

    private TestCertificate first;
    private TestCertificate second;
    private Path certificate;
    private Path key;

    @BeforeAll
    void makeKeys() throws Exception {
        first = TestCertificate.make(folder, "EC", 30);
        second = TestCertificate.make(folder, "RSA", 60);
    }

    @BeforeEach
    void write() throws Exception {
        certificate = folder.resolve("certificate.pem");
        key = folder.resolve("key.pem");
        first.write(certificate, key);
    }

    @Test
    void links_sayHttps_andBrowsersAreToldToStayThere() throws Exception {
        try (TestServer server = start("")) {
            String base = "https://localhost:" + server.port() + "/fhir";
            HttpResponse<String> created = send(HttpRequest.newBuilder(URI.create(base + "/Practitioner/p1"))
                    .header("Authorization", "Bearer " + TestServer.TOKEN)
                    .header("Content-Type", "application/fhir+json")
                    .PUT(HttpRequest.BodyPublishers.ofString("{\"resourceType\":\"Practitioner\",\"id\":\"p1\"}")));
            HttpResponse<String> found = get(server, "/fhir/Practitioner");

            assertThat(created.headers().firstValue("Location")).hasValue(base + "/Practitioner/p1/_history/1");
            assertThat(found.version()).isEqualTo(HttpClient.Version.HTTP_1_1);
            assertThat(found.body()).contains("\"url\":\"" + base + "/Practitioner");
            for (String path : new String[] {"/", "/health/live", "/fhir/metadata", "/fhir/Nonsense", "/nowhere"}) {
                assertThat(get(server, path).headers().firstValue("Strict-Transport-Security"))
                        .as(path)
                        .hasValue("max-age=31536000");
            }
        }
    }

    @Test
    void hsts_ofZero_isNotSaid() throws Exception {
        try (TestServer server = start(", hsts: 0s")) {
            assertThat(get(server, "/").headers().firstValue("Strict-Transport-Security"))
                    .isEmpty();
        }
    }

    @Test
    void certificate_thatIsReplaced_isShownWithoutARestart_andABrokenOneIsNot() throws Exception {
        try (TestServer server = start(", reload: 10ms")) {
            assertThat(shown(server, first)).isEqualTo(first.chain().get(0));
            assertThat(get(server, "/metrics").body())
                    .contains("miroir_tls_certificate_refused 0")
                    .contains("miroir_tls_certificate_expiry_seconds");
            second.write(certificate, key);
            await().until(() -> shows(server, second));

            Files.writeString(key, "-----BEGIN PRIV");
            await().until(() -> get(server, "/health/ready", second).body().contains("\"remarks\""));
            HttpResponse<String> ready = get(server, "/health/ready", second);
            assertThat(ready.statusCode()).isEqualTo(200);
            assertThat(ready.body()).contains("cannot be used").doesNotContain(folder.toString());
            assertThat(get(server, "/metrics", second).body()).contains("miroir_tls_certificate_refused 1");

            first.write(certificate, key);
            await().until(() -> shows(server, first));
            assertThat(get(server, "/health/ready").body()).doesNotContain("remarks");
        }
    }

    @Test
    void files_thatCannotBeUsed_stopTheStart() throws Exception {
        Files.writeString(key, "");

        assertThatThrownBy(() -> start("").close())
                .isInstanceOf(ConfigurationRefused.class)
                .hasMessageStartingWith(key.toString())
                .hasMessageContaining("private key");
    }

    /** What wraps a connection is one too, and asks for nothing all its life. */
    @Test
    void connection_onWhichRequestsBegin_staysOpen() throws Exception {
        try (TestServer server = start("", "limits: {idle: 1s}");
                SSLSocket socket = connect(server, first)) {
            long end = System.nanoTime() + Duration.ofMillis(2500).toNanos();
            await().pollInterval(Duration.ofMillis(100)).until(() -> {
                socket.getOutputStream()
                        .write("GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n"
                                .getBytes(StandardCharsets.US_ASCII));
                assertThat(readAnswer(socket)).startsWith("HTTP/1.1 200");
                return System.nanoTime() > end;
            });
        }
    }

    /** Up to the end of its JSON. */
    private static String readAnswer(Socket socket) throws IOException {
        StringBuilder read = new StringBuilder();
        for (int next = 0; next >= 0 && next != '}'; ) {
            next = socket.getInputStream().read();
            read.append((char) next);
        }
        return read.append((char) socket.getInputStream().read()).toString();
    }

    @Test
    void handshake_thatNeverEnds_endsWithTheConnection() throws Exception {
        try (TestServer server = start("", "limits: {idle: 300ms}");
                Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            byte[] beginOfHello = {0x16, 3, 1, 2, 0, 1};
            socket.getOutputStream().write(beginOfHello);
            await().pollInterval(Duration.ofMillis(50)).until(() -> isClosedForTrickle(socket));
        }
    }

    @Test
    void requestWithoutTls_isNotAnswered_andHarmsNobody() throws Exception {
        try (TestServer server = start("");
                Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            socket.getOutputStream()
                    .write("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1))
                    .doesNotContain("HTTP/1.1");

            assertThat(get(server, "/health/live").statusCode()).isEqualTo(200);
        }
    }

    private TestServer start(String moreOfTls, String... sections) throws Exception {
        return TestServer.start("listen: {port: 0, tls: {certificate: '" + certificate + "', key: '" + key + "'"
                + moreOfTls + "}}\n" + String.join("\n", sections));
    }

    private static boolean isClosedForTrickle(Socket socket) {
        try {
            socket.getOutputStream().write(0);
            return socket.getInputStream().available() == 0
                    && socket.getInputStream().read() < 0;
        } catch (IOException closed) {
            return true;
        }
    }

    private boolean shows(TestServer server, TestCertificate expected) throws Exception {
        try {
            return shown(server, expected).equals(expected.chain().get(0));
        } catch (SSLException anotherOne) {
            return false;
        }
    }

    private static X509Certificate shown(TestServer server, TestCertificate trusted) throws Exception {
        try (SSLSocket socket = connect(server, trusted)) {
            return (X509Certificate) socket.getSession().getPeerCertificates()[0];
        }
    }

    private static SSLSocket connect(TestServer server, TestCertificate trusted) throws Exception {
        SSLSocket socket = (SSLSocket)
                trusting(trusted).getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), server.port());
        socket.startHandshake();
        return socket;
    }

    private HttpResponse<String> get(TestServer server, String path) throws Exception {
        return get(server, path, first);
    }

    private static HttpResponse<String> get(TestServer server, String path, TestCertificate trusted) throws Exception {
        return send(HttpRequest.newBuilder(URI.create("https://localhost:" + server.port() + path)), trusted);
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return send(request, first);
    }

    private static HttpResponse<String> send(HttpRequest.Builder request, TestCertificate trusted) throws Exception {
        return HttpClient.newBuilder()
                .sslContext(trusting(trusted))
                .build()
                .send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private static SSLContext trusting(TestCertificate certificate) throws Exception {
        KeyStore anchors = KeyStore.getInstance("PKCS12");
        anchors.load(null, null);
        anchors.setCertificateEntry("server", certificate.chain().get(0));
        TrustManagerFactory managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        managers.init(anchors);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, managers.getTrustManagers(), null);
        return context;
    }
}
