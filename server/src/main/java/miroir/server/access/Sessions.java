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

    private final KeptAccess kept;

    Sessions(KeptAccess kept) {
        this.kept = kept;
    }

    /** Whether a token is that of a session, by its looks. */
    static boolean isToken(String token) {
        return token.startsWith(TokenText.SESSION);
    }

    /** Opens one; returns its token. */
    String open(String name) {
        String token = TokenText.make(TokenText.SESSION);
        kept.openSession(TokenText.hash(token), new BsonDocument(ADMINISTRATOR, new BsonString(name)), LENGTH);
        return token;
    }

    /** Whose it is, with the role that he has now. */
    Optional<Administrator> find(String token) {
        return kept.findSession(TokenText.hash(token))
                .map(session -> session.getString(ADMINISTRATOR).getValue())
                .flatMap(name -> kept.find(Named.ADMINISTRATOR.id(name))
                        .map(found -> Administrator.of(name, KeptAccess.content(found))));
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
