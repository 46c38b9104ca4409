package miroir.server.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Date;
import java.util.List;
import miroir.server.configuration.TlsConfiguration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ServerCertificateTest {
    private final Logger logger = (Logger) LoggerFactory.getLogger(ServerCertificate.class);
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();

    @TempDir
    private static Path folder;

    private TestCertificate first;
    private TestCertificate second;
    private Path certificate;
    private Path key;
    private TlsConfiguration tls;

    @BeforeAll
    void makeKeys() throws Exception {
        first = TestCertificate.make("EC", 30);
        second = TestCertificate.make("EC", 60);
    }

    @BeforeEach
    void write() throws Exception {
        certificate = folder.resolve("certificate.pem");
        key = folder.resolve("key.pem");
        first.write(certificate, key);
        tls = new TlsConfiguration(certificate, key, null, Duration.ofSeconds(5), Duration.ZERO);
        log.list.clear();
        log.start();
        logger.addAppender(log);
    }

    @AfterEach
    void stopListening() {
        logger.detachAppender(log);
    }

    @Test
    void certificate_thatIsReplaced_isTakenOnceItStayedTheSame() throws Exception {
        ServerCertificate shown = started(Instant::now);
        second.write(certificate, key);

        shown.look();
        assertThat(shown.expiry()).isEqualTo(expiry(first));
        shown.look();
        assertThat(shown.expiry()).isEqualTo(expiry(second));
        assertThat(shown.contexts().getX509("server").getCertificate())
                .isEqualTo(second.chain().get(0));
        assertThat(shown.remarks()).isEmpty();
        assertThat(complaints()).isEmpty();
    }

    @Test
    void pair_thatIsHalfWritten_isNotComplainedAboutAtOnce() throws Exception {
        ServerCertificate shown = started(Instant::now);
        Path aside = folder.resolve("aside.pem");
        second.write(certificate, aside);
        shown.look();
        Files.copy(aside, key, StandardCopyOption.REPLACE_EXISTING);
        shown.look();
        shown.look();

        assertThat(shown.expiry()).isEqualTo(expiry(second));
        assertThat(complaints()).isEmpty();
    }

    @Test
    void pair_thatStaysBroken_leavesTheOldOneInForce_andIsSaidOnce() throws Exception {
        ServerCertificate shown = started(Instant::now);
        second.write(certificate, folder.resolve("aside.pem"));
        for (int i = 0; i < 5; i++) {
            shown.look();
        }

        assertThat(shown.expiry()).isEqualTo(expiry(first));
        assertThat(shown.contexts().getX509("server").getCertificate())
                .isEqualTo(first.chain().get(0));
        assertThat(shown.isRefused()).isTrue();
        assertThat(shown.remarks())
                .singleElement()
                .asString()
                .contains("cannot be used", expiry(first).toString())
                .doesNotContain(folder.toString());
        assertThat(complaints()).singleElement().asString().contains(key.toString(), "not the key");
    }

    @Test
    void pair_thatIsMendedOrPutBack_isNoMoreRemarked() throws Exception {
        ServerCertificate shown = started(Instant::now);
        for (TestCertificate next : List.of(second, first)) {
            Files.delete(key);
            shown.look();
            shown.look();
            assertThat(shown.isRefused()).isTrue();
            next.write(certificate, key);
            shown.look();
            shown.look();

            assertThat(shown.isRefused()).isFalse();
            assertThat(shown.expiry()).isEqualTo(expiry(next));
        }
    }

    @Test
    void certificate_thatExpired_isShownAndRemarked() throws Exception {
        TestCertificate.make("EC", -3).write(certificate, key);

        ServerCertificate shown = started(Instant::now);

        assertThat(shown.remarks()).singleElement().asString().contains("CN=localhost expired");
        assertThat(complaints()).singleElement().asString().contains("expired");
    }

    @Test
    void certificate_thatIsNotValidYet_isShownAndRemarked() throws Exception {
        notValidYet().write(certificate, key);

        ServerCertificate shown = started(Instant::now);

        assertThat(shown.remarks()).singleElement().asString().contains("not valid before");
        assertThat(complaints()).singleElement().asString().contains("not valid before");
    }

    /** Better an old one that is valid than a new one that is not. */
    @Test
    void certificate_thatIsNotValid_doesNotReplaceOneThatIs_andIsSaidOnce() throws Exception {
        ServerCertificate shown = started(Instant::now);
        for (TestCertificate next : List.of(TestCertificate.make("EC", -3), notValidYet())) {
            log.list.clear();
            next.write(certificate, key);
            for (int i = 0; i < 5; i++) {
                shown.look();
            }

            assertThat(shown.contexts().getX509("server").getCertificate())
                    .isEqualTo(first.chain().get(0));
            assertThat(shown.isRefused()).isTrue();
            assertThat(complaints()).singleElement().asString().contains(certificate.toString());
        }
    }

    @Test
    void certificate_thatBecomesValid_isTakenThen() throws Exception {
        Instant[] now = {Instant.now()};
        ServerCertificate shown = started(() -> now[0]);
        TestCertificate next = notValidYet();
        next.write(certificate, key);
        shown.look();
        shown.look();
        assertThat(shown.isRefused()).isTrue();
        now[0] = now[0].plus(Duration.ofDays(2));
        shown.look();

        assertThat(shown.isRefused()).isFalse();
        assertThat(shown.expiry()).isEqualTo(expiry(next));
    }

    /** Whoever has only that one left shows it. */
    @Test
    void certificate_thatExpired_replacesOneThatExpiredToo() throws Exception {
        ServerCertificate shown = started(() -> expiry(second));
        second.write(certificate, key);
        shown.look();
        shown.look();

        assertThat(shown.expiry()).isEqualTo(expiry(second));
    }

    /** What Jetty finds out only when it has dropped what it had. */
    @Test
    void key_thatTheKeyManagerRefuses_leavesTheOldOneInForce() throws Exception {
        ServerCertificate shown = started(Instant::now);
        Credentials broken = new Credentials(new KeyOfNonsense(), second.chain());

        assertThatThrownBy(() -> shown.show(broken)).isInstanceOf(Exception.class);

        assertThat(shown.contexts().newSSLEngine()).isNotNull();
        assertThat(shown.contexts().getX509("server").getCertificate())
                .isEqualTo(first.chain().get(0));
        assertThat(shown.expiry()).isEqualTo(expiry(first));
    }

    @Test
    void names_thatTheCertificateIsNotFor_areWarnedOf() {
        ServerCertificate.read(tls, List.of("localhost", "fhir.example.org"), Instant::now);

        assertThat(complaints())
                .singleElement()
                .asString()
                .contains("not for fhir.example.org", "[127.0.0.1, localhost]");
    }

    @Test
    void key_thatEverybodyCanRead_isWarnedOf() throws Exception {
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r--r--"));
        ServerCertificate.read(tls, List.of(), Instant::now);

        assertThat(complaints()).singleElement().asString().contains(key.toString(), "everybody");
    }

    @Test
    void certificate_thatExpiresWhileItIsShown_isRemarked() throws Exception {
        Instant[] now = {Instant.now()};
        ServerCertificate shown = started(() -> now[0]);
        assertThat(shown.remarks()).isEmpty();
        now[0] = expiry(first);

        assertThat(shown.remarks()).singleElement().asString().contains("expired");
    }

    @Test
    void connections_areOfTls12And13Only() throws Exception {
        assertThat(started(Instant::now).contexts().newSSLEngine().getEnabledProtocols())
                .containsExactlyInAnyOrder("TLSv1.3", "TLSv1.2");
    }

    private static TestCertificate notValidYet() throws Exception {
        Instant tomorrow = Instant.now().plus(Duration.ofDays(1));
        return TestCertificate.make("EC", tomorrow, tomorrow.plus(Duration.ofDays(30)));
    }

    private ServerCertificate started(InstantSource clock) throws Exception {
        ServerCertificate shown = ServerCertificate.read(tls, List.of("localhost", "127.0.0.1"), clock);
        shown.contexts().start();
        return shown;
    }

    private List<String> complaints() {
        return log.list.stream()
                .filter(event -> event.getLevel().isGreaterOrEqual(Level.WARN))
                .map(ILoggingEvent::getFormattedMessage)
                .toList();
    }

    private static Instant expiry(TestCertificate made) {
        return made.chain().stream()
                .map(X509Certificate::getNotAfter)
                .map(Date::toInstant)
                .min(Instant::compareTo)
                .orElseThrow();
    }

    /** A key store takes it, and cannot give it back. */
    private static final class KeyOfNonsense implements PrivateKey {
        private static final long serialVersionUID = 1L;

        @Override
        public String getAlgorithm() {
            return "EC";
        }

        @Override
        public String getFormat() {
            return "PKCS#8";
        }

        @Override
        public byte[] getEncoded() {
            return new byte[] {0x30, 0};
        }
    }
}
