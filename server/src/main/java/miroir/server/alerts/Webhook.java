package miroir.server.alerts;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.bson.BsonArray;
import org.bson.BsonDocument;
import org.bson.BsonString;
import org.bson.json.JsonMode;
import org.bson.json.JsonWriterSettings;
import org.jspecify.annotations.Nullable;

/**
 * Posts JSON. Its {@code text} is what chats show; the rest is for programs. Whoever has the secret can tell by the signature that it came from here, as it is.
 */
final class Webhook implements Channel {
    static final String SIGNATURE = "Miroir-Signature";

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final JsonWriterSettings JSON =
            JsonWriterSettings.builder().outputMode(JsonMode.RELAXED).build();

    private final URI url;
    private final @Nullable String secret;
    private final HttpClient client = HttpClient.newBuilder()
            .connectTimeout(PATIENCE)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();

    Webhook(URI url, @Nullable String secret) {
        this.url = url;
        this.secret = secret;
    }

    @Override
    public String name() {
        return "webhook";
    }

    @Override
    public void send(Announcement announcement) throws IOException, InterruptedException {
        byte[] body = body(announcement).getBytes(StandardCharsets.UTF_8);
        HttpRequest.Builder request = HttpRequest.newBuilder(url)
                .timeout(PATIENCE)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofByteArray(body));
        if (secret != null) {
            request.header(SIGNATURE, "sha256=" + signature(secret, body));
        }
        HttpResponse<Void> answer = client.send(request.build(), BodyHandlers.discarding());
        if (answer.statusCode() / 100 != 2) {
            throw new IOException("the webhook answers with " + answer.statusCode());
        }
    }

    static String signature(String secret, byte[] body) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            return HexFormat.of().formatHex(mac.doFinal(body));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String body(Announcement announcement) {
        return new BsonDocument("server", new BsonString(announcement.server()))
                .append("at", instant(announcement.at()))
                .append("text", new BsonString(text(announcement)))
                .append("begun", all(announcement.begun()))
                .append("lasting", all(announcement.lasting()))
                .append("over", all(announcement.over()))
                .toJson(JSON);
    }

    private static String text(Announcement announcement) {
        return Stream.of(
                        lines("⚠ ", announcement.begun()),
                        lines("⚠ … ", announcement.lasting()),
                        lines("✓ ", announcement.over()))
                .flatMap(lines -> lines)
                .collect(Collectors.joining("\n", "", "\n" + announcement.server()));
    }

    private static Stream<String> lines(String mark, List<Standing> all) {
        return all.stream()
                .map(each ->
                        mark + each.problem().french() + " / " + each.problem().english());
    }

    private static BsonArray all(List<Standing> all) {
        return new BsonArray(all.stream().map(Webhook::one).toList());
    }

    private static BsonDocument one(Standing each) {
        Problem problem = each.problem();
        return new BsonDocument("kind", new BsonString(problem.kind().code()))
                .append("subject", new BsonString(problem.subject()))
                .append("since", instant(each.since()))
                .append("detail", new BsonString(problem.detail()))
                .append("fr", new BsonString(problem.french()))
                .append("en", new BsonString(problem.english()));
    }

    private static BsonString instant(Instant instant) {
        return new BsonString(instant.toString());
    }
}
