package miroir.server.alerts;

import jakarta.mail.Session;
import jakarta.mail.internet.MimeMessage;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Takes one letter by SMTP. */
record MailServer(ServerSocket socket, CompletableFuture<String> letter) implements AutoCloseable {

    static MailServer start() throws IOException {
        ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        CompletableFuture<String> letter = new CompletableFuture<>();
        Thread thread = new Thread(() -> take(socket, letter), "mail");
        thread.setDaemon(true);
        thread.start();
        return new MailServer(socket, letter);
    }

    int port() {
        return socket.getLocalPort();
    }

    /** All that the client said. */
    String taken() throws Exception {
        return letter.get(30, TimeUnit.SECONDS);
    }

    /** What a person reads. */
    static String text(String conversation) throws Exception {
        String letter = conversation.substring(conversation.indexOf("\r\nDATA\r\n") + 8);
        MimeMessage message = new MimeMessage(
                Session.getInstance(new Properties()),
                new ByteArrayInputStream(letter.getBytes(StandardCharsets.ISO_8859_1)));
        return message.getSubject() + "\n" + message.getContent();
    }

    private static void take(ServerSocket socket, CompletableFuture<String> letter) {
        try (Socket client = socket.accept();
                BufferedReader in = new BufferedReader(
                        new InputStreamReader(client.getInputStream(), StandardCharsets.ISO_8859_1))) {
            StringBuilder said = new StringBuilder("\r\n");
            boolean isData = false;
            answer(client, "220 test");
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                said.append(line).append("\r\n");
                if (isData && line.equals(".")) {
                    isData = false;
                    answer(client, "250 taken");
                } else if (line.equals("DATA")) {
                    isData = true;
                    answer(client, "354 go on");
                } else if (line.equals("QUIT")) {
                    answer(client, "221 bye");
                } else if (!isData) {
                    answer(client, "250 good");
                }
            }
            letter.complete(said.toString());
        } catch (IOException e) {
            letter.completeExceptionally(e);
        }
    }

    private static void answer(Socket client, String line) throws IOException {
        client.getOutputStream().write((line + "\r\n").getBytes(StandardCharsets.US_ASCII));
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
