package miroir.server.subscriptions;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import miroir.index.json.ResourceWriter;
import miroir.index.json.Utf8Buffer;
import miroir.index.store.ResourceKey;
import org.bson.RawBsonDocument;
import org.jspecify.annotations.Nullable;

/**
 * What is sent of a change. Without a payload it is an empty {@code POST} to the endpoint. With one, the receiver is told as a FHIR server would be: {@code PUT
 * [endpoint]/[type]/[id]} with the resource, and {@code DELETE} of the same where it is deleted or meets the criteria no more. Headers say the rest.
 */
final class WriteNotification {
    static final String SUBSCRIPTION = "X-Miroir-Subscription";
    static final String CHANGE = "X-Miroir-Change";
    static final String RESOURCE = "X-Miroir-Resource";
    static final String VERSION = "X-Miroir-Version";
    static final String TIMESTAMP = "X-Miroir-Timestamp";
    static final String SIGNATURE = "X-Miroir-Signature";

    private static final int USUAL_SIZE = 4_096;

    private final SealedSecrets secrets;

    WriteNotification(SealedSecrets secrets) {
        this.secrets = secrets;
    }

    /** Of a change, with the content where that is sent; fails where what is sealed cannot be opened. */
    Notification of(Subscribed subscribed, Told told, @Nullable RawBsonDocument content, Instant now)
            throws IOException {
        byte[] body = content == null ? new byte[0] : json(content);
        ResourceKey key = told.committed().key();
        String timestamp = Long.toString(now.getEpochSecond());
        List<Map.Entry<String, String>> headers = new ArrayList<>();
        for (Subscribed.Header header : subscribed.headers()) {
            headers.add(Map.entry(
                    header.name(),
                    opened(subscribed, header.value(), header.name().toLowerCase(Locale.ROOT))));
        }
        if (content != null) {
            headers.add(Map.entry("Content-Type", ReadSubscription.PAYLOAD + ";charset=UTF-8"));
        }
        headers.add(Map.entry(SUBSCRIPTION, subscribed.id()));
        headers.add(Map.entry(CHANGE, told.kind().code()));
        headers.add(Map.entry(RESOURCE, key.toString()));
        headers.add(Map.entry(VERSION, Long.toString(told.committed().version())));
        headers.add(Map.entry(TIMESTAMP, timestamp));
        String sealed = subscribed.secret();
        if (sealed != null) {
            String head = String.join(
                    "\n",
                    timestamp,
                    subscribed.id(),
                    told.kind().code(),
                    key.toString(),
                    Long.toString(told.committed().version()),
                    "");
            String secret = opened(subscribed, sealed, ReadSubscription.SECRET);
            headers.add(Map.entry(SIGNATURE, "sha256=" + signature(secret, head, body)));
        }
        return new Notification(method(subscribed, told), url(subscribed, key), headers, body);
    }

    private static String method(Subscribed subscribed, Told told) {
        if (!subscribed.hasPayload()) {
            return "POST";
        }
        return told.kind().hasContent() ? "PUT" : "DELETE";
    }

    private static URI url(Subscribed subscribed, ResourceKey key) {
        URI endpoint = subscribed.endpoint();
        if (!subscribed.hasPayload()) {
            return endpoint;
        }
        String path = endpoint.getRawPath() == null ? "" : endpoint.getRawPath();
        String query = endpoint.getRawQuery() == null ? "" : "?" + endpoint.getRawQuery();
        String below = path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
        return URI.create(endpoint.getScheme() + "://" + endpoint.getRawAuthority() + below + "/" + key + query);
    }

    private static byte[] json(RawBsonDocument content) {
        Utf8Buffer out = new Utf8Buffer(USUAL_SIZE);
        ResourceWriter.write(content, out, false);
        return out.toByteArray();
    }

    private String opened(Subscribed subscribed, String sealed, String name) throws IOException {
        String opened = secrets.open(sealed, SealedSecrets.purpose(subscribed, name));
        if (opened == null) {
            throw new IOException("what is sealed in the subscription cannot be opened here: it has to be given again");
        }
        return opened;
    }

    /** Of the lines that say what it is, and of what is sent. */
    static String signature(String secret, String head, byte[] body) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            mac.update(head.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(mac.doFinal(body));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has HmacSHA256", e);
        }
    }
}
