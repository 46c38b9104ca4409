package miroir.sync.testing;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** An empty directory behind TLS, with a certificate that no authority in the world signed. */
public final class TlsUpstream implements AutoCloseable {
    private static final char[] PASSWORD = "changeit".toCharArray();
    private static final byte[] EMPTY =
            "{\"resourceType\":\"Bundle\",\"type\":\"searchset\",\"total\":0,\"link\":[{\"relation\":\"self\",\"url\":\"x\"}]}"
                    .getBytes(StandardCharsets.UTF_8);

    private final HttpsServer server;
    private final Path anchor;

    private TlsUpstream(HttpsServer server, Path anchor) {
        this.server = server;
        this.anchor = anchor;
    }

    /** Makes a certificate in the folder, and serves with it. */
    public static TlsUpstream start(Path folder) throws Exception {
        Path store = folder.resolve("keys.p12");
        makeKeys(store);
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, PASSWORD);
        }
        KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(keys, PASSWORD);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        HttpsServer server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(context));
        server.createContext("/", exchange -> {
            try (exchange) {
                exchange.getResponseHeaders().set("Content-Type", "application/fhir+json");
                exchange.sendResponseHeaders(200, EMPTY.length);
                exchange.getResponseBody().write(EMPTY);
            }
        });
        server.start();
        String pem = Base64.getMimeEncoder()
                .encodeToString(keys.getCertificate("upstream").getEncoded());
        Path anchor = Files.writeString(
                folder.resolve("anchor.pem"), "-----BEGIN CERTIFICATE-----\n" + pem + "\n-----END CERTIFICATE-----\n");
        return new TlsUpstream(server, anchor);
    }

    /** The JDK's own tool, for there is no public API that makes certificates. */
    private static void makeKeys(Path store) throws Exception {
        String options = "-genkeypair -alias upstream -keyalg EC -dname CN=upstream -ext san=ip:127.0.0.1 -ext bc:c"
                + " -storetype PKCS12 -validity 3650 -storepass changeit -keystore";
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        command.addAll(List.of(options.split(" ", -1)));
        command.add(store.toString());
        if (new ProcessBuilder(command).inheritIO().start().waitFor() != 0) {
            throw new IllegalStateException("keytool made no keys");
        }
    }

    public URI base() {
        return URI.create("https://127.0.0.1:" + server.getAddress().getPort() + "/fhir");
    }

    /** The certificate of who signed it. */
    public Path anchor() {
        return anchor;
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
