package miroir.server.access;

import org.bson.BsonDocument;
import org.bson.BsonString;

/**
 * Somebody who looks after the server.
 *
 * @param password its hash, see {@link PasswordHash}
 */
public record Administrator(String name, AdministratorRole role, String password) {

    /** Without the hash of the password. */
    @Override
    public String toString() {
        return role.word() + " " + name;
    }

    /** What tells the password from the one before and the one after. */
    String credential() {
        return TokenText.hash(password);
    }

    /** As it is kept. */
    public BsonDocument toBson() {
        return new BsonDocument("role", new BsonString(role.word())).append("password", new BsonString(password));
    }

    /** Reads it as it is kept. */
    public static Administrator of(String name, BsonDocument document) {
        return new Administrator(
                name,
                AdministratorRole.named(document.getString("role").getValue()),
                document.getString("password").getValue());
    }
}
