package miroir.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyStore;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import miroir.server.tls.TestCertificate;
import miroir.storage.testing.LocalMongod;
import miroir.storage.testing.TestDatabase;
import miroir.storage.testing.TestMongod;
import org.bson.Document;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** A database that lets in who knows a password, and speaks TLS, as docs/operations/data-protection.md says. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class SecuredDatabaseIT {
    private static final String PASSWORD = "p%40ss-of-the-database";
    private static final String STORE_PASSWORD = "changeit";

    private LocalMongod mongod;
    private Path trust;

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        TestCertificate certificate = TestCertificate.make("RSA", 30);
        Path authority = Files.writeString(folder.resolve("ca.pem"), certificate.chainPem());
        Path both = Files.writeString(
                folder.resolve("mongod.pem"),
                certificate.chainPem()
                        + TestCertificate.pem("PRIVATE KEY", certificate.key().getEncoded()));
        Path key = Files.writeString(folder.resolve("key"), "c2VjcmV0IG9mIHRoZSByZXBsaWNhIHNldA==");
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
        mongod = LocalMongod.startWith(
                TestMongod.binary(),
                List.of(
                        "--auth",
                        "--keyFile",
                        key.toString(),
                        "--tlsMode",
                        "preferTLS",
                        "--tlsCertificateKeyFile",
                        both.toString(),
                        "--tlsCAFile",
                        authority.toString(),
                        "--tlsAllowConnectionsWithoutCertificates"));
        create(mongod.uri(), "{createUser: 'root', pwd: 'root', roles: ['root']}");
        create(mongod.uri().replace("//", "//root:root@"), """
                {createUser: 'miroir', pwd: 'p@ss-of-the-database', roles: [{role: 'readWrite', db: 'hospital'},
                  {role: 'dbAdmin', db: 'hospital'}, {role: 'clusterMonitor', db: 'admin'}]}""");
        trust = folder.resolve("trust.p12");
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setCertificateEntry("authority", certificate.chain().get(0));
        try (OutputStream out = Files.newOutputStream(trust)) {
            store.store(out, STORE_PASSWORD.toCharArray());
        }
    }

    private static void create(String uri, String user) {
        try (MongoClient client = MongoClients.create(uri)) {
            client.getDatabase("admin").runCommand(Document.parse(user));
        }
    }

    @AfterAll
    void stop() {
        mongod.close();
    }

    private ServerProcess server(Path log, String password, boolean trusting) throws Exception {
        String uri =
                mongod.uri().replace("mongodb://", "mongodb://miroir:" + password + "@") + "&authSource=admin&tls=true";
        List<String> options = trusting
                ? List.of("-Djavax.net.ssl.trustStore=" + trust, "-Djavax.net.ssl.trustStorePassword=" + STORE_PASSWORD)
                : List.of();
        return new ServerProcess(
                new TestDatabase(uri, "hospital"),
                log,
                () -> options,
                Map.of("MIROIR_TYPES", "Practitioner", "MIROIR_WRITABLE", "true"));
    }

    @Test
    void server_withPasswordAndTrust_readsAndWrites(@TempDir Path folder) throws Exception {
        Path log = folder.resolve("log");
        try (ServerProcess server = server(log, PASSWORD, true)) {
            await().atMost(Duration.ofMinutes(2)).until(server::isReady);

            byte[] body = "{\"resourceType\":\"Practitioner\",\"id\":\"p1\"}".getBytes(StandardCharsets.UTF_8);
            assertThat(Http.send(
                                    "PUT",
                                    server.uri("/fhir/Practitioner/p1"),
                                    body,
                                    "Content-Type",
                                    "application/fhir+json")
                            .statusCode())
                    .isEqualTo(201);
            assertThat(Http.send("GET", server.uri("/fhir/Practitioner?_id=p1")).body())
                    .contains("\"p1\"");
        }
        assertThat(log).content().doesNotContain("p%40ss", "p@ss", "not authorized");
    }

    @Test
    void server_thatDoesNotTrustTheDatabase_orIsNotTrusted_waitsAndSaysWhy(@TempDir Path folder) throws Exception {
        Path strange = folder.resolve("strange");
        Path wrong = folder.resolve("wrong");
        try (ServerProcess suspicious = server(strange, PASSWORD, false);
                ServerProcess unknown = server(wrong, "wrong-password", true)) {
            await().atMost(Duration.ofMinutes(2))
                    .untilAsserted(() -> assertThat(strange).content().contains("PKIX path building failed"));
            await().atMost(Duration.ofMinutes(2))
                    .untilAsserted(() -> assertThat(wrong).content().contains("Authentication failed"));
            assertThat(suspicious.isReady()).isFalse();
            assertThat(unknown.isReady()).isFalse();
        }
        assertThat(strange).content().doesNotContain("p%40ss", "p@ss");
        assertThat(wrong).content().doesNotContain("wrong-password");
    }
}
