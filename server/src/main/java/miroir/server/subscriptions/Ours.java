package miroir.server.subscriptions;

import java.util.ArrayList;
import java.util.List;
import org.bson.BsonArray;
import org.bson.BsonDocument;
import org.bson.BsonString;
import org.bson.BsonValue;
import org.jspecify.annotations.Nullable;

/** What of a Subscription the server says itself. */
final class Ours {
    private Ours() {}

    /** Sets an extension in place of whatever is there under its name, or removes it. */
    static void set(BsonDocument resource, String url, @Nullable String value) {
        List<BsonValue> kept = new ArrayList<>();
        if (resource.containsKey("extension")) {
            resource.getArray("extension").stream()
                    .filter(each -> !each.isDocument()
                            || !new BsonString(url).equals(each.asDocument().get("url")))
                    .forEach(kept::add);
        }
        if (value != null && !value.isEmpty()) {
            kept.add(new BsonDocument("url", new BsonString(url)).append("valueString", new BsonString(value)));
        }
        if (kept.isEmpty()) {
            resource.remove("extension");
        } else {
            resource.put("extension", new BsonArray(kept));
        }
    }

    /** The same of somebody else. */
    static Subscribed withOwner(Subscribed sent, String owner) {
        return new Subscribed(
                sent.id(),
                sent.version(),
                sent.from(),
                sent.status(),
                sent.type(),
                sent.query(),
                sent.endpoint(),
                sent.hasPayload(),
                sent.headers(),
                sent.secret(),
                sent.leaving(),
                sent.end(),
                owner,
                sent.error(),
                sent.approved());
    }
}
