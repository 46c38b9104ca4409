package miroir.server.access;

import java.time.Duration;
import java.util.Optional;
import miroir.index.store.KeptAccess;
import org.bson.BsonDocument;
import org.bson.BsonString;

/** Sessions of administrators, which all servers share. Each request asks the database, so the end of one is the end of it everywhere. */
public final class Sessions {
    private static final Duration LENGTH = Duration.ofHours(12);
    private static final String ADMINISTRATOR = "administrator";
    private static final String CREDENTIAL = "credential";

    private final KeptAccess kept;

    Sessions(KeptAccess kept) {
        this.kept = kept;
    }

    /** Whether a token is that of a session, by its looks. */
    public static boolean isToken(String token) {
        return token.startsWith(TokenText.SESSION);
    }

    /** Opens one for who has shown his password; returns its token. */
    String open(Administrator administrator) {
        String token = TokenText.make(TokenText.SESSION);
        BsonDocument content = new BsonDocument(ADMINISTRATOR, new BsonString(administrator.name()))
                .append(CREDENTIAL, new BsonString(administrator.credential()));
        kept.openSession(TokenText.hash(token), content, LENGTH);
        return token;
    }

    /** Whose it is, with the role that he has now; none where he has another password since. */
    Optional<Administrator> find(String token) {
        return kept.findSession(TokenText.hash(token)).flatMap(session -> {
            String name = session.getString(ADMINISTRATOR).getValue();
            return kept.find(Named.ADMINISTRATOR.id(name))
                    .map(found -> Administrator.of(name, found.content()))
                    .filter(found -> found.credential()
                            .equals(session.getString(CREDENTIAL).getValue()));
        });
    }

    /** Ends one. */
    void close(String token) {
        kept.closeSession(TokenText.hash(token));
    }

    /** Ends all of somebody. */
    void closeAll(String name) {
        kept.closeSessions(ADMINISTRATOR, name);
    }
}
