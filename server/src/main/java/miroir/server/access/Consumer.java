package miroir.server.access;

import java.util.List;
import org.bson.BsonArray;
import org.bson.BsonBoolean;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonString;

/**
 * An application that asks.
 *
 * @param contact whom to call about it
 * @param roles of its own, beside those of its groups
 * @param blocked while it is, its tokens are refused
 * @param quota how often it may ask in a second, on each server; 0: as the configuration says
 */
public record Consumer(
        String name,
        String contact,
        List<String> groups,
        List<String> roles,
        boolean blocked,
        int quota,
        List<IssuedToken> tokens) {
    /** The highest quota, which is as good as none. */
    public static final int MOST_PER_SECOND = 100_000;

    private static final String QUOTA = "quota";

    public Consumer {
        groups = List.copyOf(groups);
        roles = List.copyOf(roles);
        tokens = List.copyOf(tokens);
    }

    /** One that may ask as often as the configuration says. */
    public Consumer(
            String name,
            String contact,
            List<String> groups,
            List<String> roles,
            boolean blocked,
            List<IssuedToken> tokens) {
        this(name, contact, groups, roles, blocked, 0, tokens);
    }

    /** The same with other tokens. */
    public Consumer with(List<IssuedToken> others) {
        return new Consumer(name, contact, groups, roles, blocked, quota, others);
    }

    /** As it is kept. */
    public BsonDocument toBson() {
        BsonDocument document = new BsonDocument("contact", new BsonString(contact))
                .append("groups", Named.texts(groups))
                .append("roles", Named.texts(roles))
                .append("blocked", BsonBoolean.valueOf(blocked));
        if (quota > 0) {
            document.append(QUOTA, new BsonInt32(quota));
        }
        return document.append(
                "tokens", new BsonArray(tokens.stream().map(IssuedToken::toBson).toList()));
    }

    /** Reads it as it is kept. */
    public static Consumer of(String name, BsonDocument document) {
        return new Consumer(
                name,
                document.getString("contact").getValue(),
                Named.texts(document, "groups"),
                Named.texts(document, "roles"),
                document.getBoolean("blocked").getValue(),
                document.getInt32(QUOTA, new BsonInt32(0)).getValue(),
                document.getArray("tokens").stream()
                        .map(token -> IssuedToken.of(token.asDocument()))
                        .toList());
    }
}
