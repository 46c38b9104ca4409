package miroir.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import miroir.storage.testing.MongoExtension;
import miroir.storage.testing.TestDatabase;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@Tag("smoke")
@ExtendWith(MongoExtension.class)
final class StopProcessIT {
    private static final int SIGTERM = 128 + 15;
    private static final String CONTINUE = "HTTP/1.1 100 Continue\r\n\r\n";
    private static final String BEGIN = "{\"resourceType\":\"Practitioner\",";
    private static final String REST = "\"id\":\"slow\"}";

    @Test
    void terminate_whileABodyComesIn_answersItAndStopsCleanly(TestDatabase database, @TempDir Path folder)
            throws Exception {
        try (ServerProcess server = new ServerProcess(
                database,
                folder.resolve("server.log"),
                () -> List.of("-Xmx256m"),
                Map.of("MIROIR_TYPES", "Practitioner", "MIROIR_WRITABLE", "true"))) {
            await().atMost(Duration.ofMinutes(2)).until(server::isReady);
            assertThat(Http.send("GET", server.uri("/")).body())
                    .contains("<footer><p>Miroir ")
                    .doesNotContain("development");
            try (Socket client = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
                client.setSoTimeout(60_000);
                send(
                        client,
                        "PUT /fhir/Practitioner/slow HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\n"
                                + "Content-Type: application/fhir+json\r\nContent-Length: " + (BEGIN + REST).length()
                                + "\r\n\r\n");
                // The server says this when it reads the body, so it is at work.
                assertThat(read(client.getInputStream(), CONTINUE.length())).isEqualTo(CONTINUE);
                send(client, BEGIN);
                server.terminate();
                await().until(() -> takesNoConnection(server));
                server.terminate();
                send(client, REST);

                assertThat(new String(client.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                        .startsWith("HTTP/1.1 201")
                        .contains("\"id\":\"slow\"");
            }
            assertThat(server.exitStatus()).isEqualTo(SIGTERM);
            assertThat(Files.readString(server.log())).contains("\"stopped\"");
        }
    }

    private static boolean takesNoConnection(ServerProcess server) throws IOException {
        try {
            new Socket(InetAddress.getLoopbackAddress(), server.port()).close();
            return false;
        } catch (ConnectException e) {
            return true;
        }
    }

    private static void send(Socket client, String text) throws IOException {
        client.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
        client.getOutputStream().flush();
    }

    private static String read(InputStream in, int length) throws IOException {
        return new String(in.readNBytes(length), StandardCharsets.ISO_8859_1);
    }
}
