package miroir.server.access;

import java.util.List;
import java.util.regex.Pattern;
import miroir.index.Refusal;
import org.bson.BsonArray;
import org.bson.BsonDocument;
import org.bson.BsonString;

/** The kinds of things that the register keeps, and how they are called in it: {@code consumer/pharmacy}. */
public enum Named {
    ROLE("role"),
    GROUP("group"),
    CONSUMER("consumer"),
    ADMINISTRATOR("administrator"),
    REQUEST("request"),
    SETTING("setting");

    /** So begin the names of consumers that stand for applications and people of issuers of tokens. */
    public static final String OF_ISSUERS = "oidc.";

    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9._-]{0,63}");

    private final String word;

    Named(String word) {
        this.word = word;
    }

    /** For people. */
    public String word() {
        return word;
    }

    /** The id of what has that name. */
    public String id(String name) {
        return word + "/" + name;
    }

    /** Refuses what cannot be a name. */
    public String requireName(String name) {
        if (!NAME.matcher(name).matches()) {
            throw new Refusal(
                    Refusal.Reason.INVALID,
                    "\"" + Refusal.shown(name) + "\" cannot be the name of a " + word
                            + ": 1 to 64 of a-z, 0-9, '.', '_' and '-' can, and a letter or a figure is first");
        }
        return name;
    }

    static BsonArray texts(List<String> texts) {
        return new BsonArray(texts.stream().map(BsonString::new).toList());
    }

    static List<String> texts(BsonDocument document, String field) {
        return document.getArray(field).stream()
                .map(text -> text.asString().getValue())
                .toList();
    }
}
