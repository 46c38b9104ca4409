package miroir.server.access;

import java.time.Instant;
import java.util.List;
import org.bson.BsonBoolean;
import org.bson.BsonDocument;
import org.bson.BsonString;

/**
 * What an application asked for, as it is kept.
 *
 * @param name what its consumer is to be called
 * @param secretHash of what it fetches the token with
 * @param byRule whether it was accepted without an administrator
 * @param answer of who decided, for the application
 * @param roles of the consumer, once it is accepted
 * @param groups likewise
 */
record TokenRequest(
        String name,
        String contact,
        String reason,
        String address,
        Instant created,
        String secretHash,
        State state,
        boolean byRule,
        String answer,
        List<String> roles,
        List<String> groups) {

    /** What became of it. */
    enum State {
        WAITING("waiting"),
        ACCEPTED("accepted"),
        REFUSED("refused");

        private final String word;

        State(String word) {
            this.word = word;
        }

        String word() {
            return word;
        }

        static State of(String word) {
            for (State state : values()) {
                if (state.word.equals(word)) {
                    return state;
                }
            }
            throw new IllegalArgumentException("no state is called " + word);
        }
    }

    TokenRequest {
        roles = List.copyOf(roles);
        groups = List.copyOf(groups);
    }

    TokenRequest accepted(boolean rule, List<String> withRoles, List<String> inGroups) {
        return new TokenRequest(
                name, contact, reason, address, created, secretHash, State.ACCEPTED, rule, "", withRoles, inGroups);
    }

    TokenRequest refused(String why) {
        return new TokenRequest(
                name, contact, reason, address, created, secretHash, State.REFUSED, false, why, List.of(), List.of());
    }

    /** Without the hash of its secret. */
    @Override
    public String toString() {
        return "request of a token for " + name + ", " + state.word();
    }

    BsonDocument toBson() {
        return new BsonDocument("name", new BsonString(name))
                .append("contact", new BsonString(contact))
                .append("reason", new BsonString(reason))
                .append("address", new BsonString(address))
                .append("created", new BsonString(created.toString()))
                .append("secretHash", new BsonString(secretHash))
                .append("state", new BsonString(state.word()))
                .append("byRule", new BsonBoolean(byRule))
                .append("answer", new BsonString(answer))
                .append("roles", Named.texts(roles))
                .append("groups", Named.texts(groups));
    }

    static TokenRequest of(BsonDocument document) {
        return new TokenRequest(
                document.getString("name").getValue(),
                document.getString("contact").getValue(),
                document.getString("reason").getValue(),
                document.getString("address").getValue(),
                Instant.parse(document.getString("created").getValue()),
                document.getString("secretHash").getValue(),
                State.of(document.getString("state").getValue()),
                document.getBoolean("byRule", BsonBoolean.FALSE).getValue(),
                document.getString("answer").getValue(),
                Named.texts(document, "roles"),
                Named.texts(document, "groups"));
    }
}
