package miroir.server.subscriptions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLSocketFactory;
import miroir.server.tls.TestCertificate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Over TLS, to a receiver with a certificate for {@code localhost} and 127.0.0.1 that nobody trusts who was not told to. */
class ReceiverIT {
    private static final AllowedTargets TARGETS = new AllowedTargets(List.of("localhost", "127.0.0.0/8"));

    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
    private final Queue<String> taken = new ConcurrentLinkedQueue<>();
    private final Queue<InetSocketAddress> peers = new ConcurrentLinkedQueue<>();
    private SSLSocketFactory trusting;
    private HttpsServer server;

    /** The same under an address that its certificate does not name. */
    private HttpsServer other;

    @BeforeEach
    void start() throws Exception {
        TestCertificate certificate = TestCertificate.make("EC", 30);
        trusting = certificate.trusted().getSocketFactory();
        server = server(1, 0, served(certificate));
        other = server(2, server.getAddress().getPort(), served(certificate));
    }

    private HttpsServer server(int last, int port, SSLContext context) throws IOException {
        HttpsServer made = HttpsServer.create(
                new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, (byte) last}), port), 10);
        made.setHttpsConfigurator(new HttpsConfigurator(context));
        made.createContext("/", exchange -> {
            taken.add(exchange.getRequestMethod() + " " + exchange.getRequestURI() + " "
                    + new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            peers.add(exchange.getRemoteAddress());
            exchange.sendResponseHeaders(202, -1);
            exchange.close();
        });
        made.start();
        return made;
    }

    private static SSLContext served(TestCertificate certificate) throws Exception {
        KeyStore keys = KeyStore.getInstance("PKCS12");
        keys.load(null, null);
        keys.setKeyEntry(
                "server", certificate.key(), new char[0], certificate.chain().toArray(Certificate[]::new));
        KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(keys, new char[0]);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        return context;
    }

    @AfterEach
    void stop() {
        server.stop(0);
        other.stop(0);
        clock.shutdownNow();
    }

    @Test
    void send_overTls_goesToWhoeverHasTheNameInHisCertificate_onOneConnection() throws Exception {
        for (String host : List.of("localhost", "127.0.0.1")) {
            try (Receiver receiver = receiver(url(host), trusting, 10)) {
                assertThat(receiver.send(notification(url(host), "é"))).isEqualTo(202);
                assertThat(receiver.send(notification(url(host), "b"))).isEqualTo(202);
            }
        }

        assertThat(taken).containsExactly("POST /hook é", "POST /hook b", "POST /hook é", "POST /hook b");
        assertThat(peers.stream().distinct()).hasSize(2);
    }

    @Test
    void send_toACertificateOfAnotherName_orOneThatNobodyTrusts_sendsNothing() {
        try (Receiver another = receiver(url("127.0.0.2"), trusting, 10);
                Receiver strict = receiver(url("localhost"), (SSLSocketFactory) SSLSocketFactory.getDefault(), 10)) {
            assertThatThrownBy(() -> another.send(notification(url("127.0.0.2"), "a")))
                    .isInstanceOf(IOException.class);
            assertThatThrownBy(() -> strict.send(notification(url("localhost"), "a")))
                    .isInstanceOf(SSLHandshakeException.class);
        }
        assertThat(taken).isEmpty();
    }

    @Test
    void send_toWhoeverNeverAnswersTheHandshake_isCutOff() throws Exception {
        try (ServerSocket mute = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            URI url = URI.create("https://127.0.0.1:" + mute.getLocalPort() + "/hook");
            try (Receiver receiver = receiver(url, trusting, 1)) {
                assertThatThrownBy(() -> receiver.send(notification(url, "a"))).isInstanceOf(IOException.class);
            }
        }
    }

    private Receiver receiver(URI url, SSLSocketFactory tls, int seconds) {
        return new Receiver(url, TARGETS, Duration.ofSeconds(seconds), clock, tls);
    }

    private URI url(String host) {
        return URI.create("https://" + host + ":" + server.getAddress().getPort() + "/hook");
    }

    private static Notification notification(URI url, String body) {
        return new Notification("POST", url, List.of(), body.getBytes(StandardCharsets.UTF_8));
    }
}
