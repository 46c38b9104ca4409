package miroir.index.store;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.bson.BsonDocument;
import org.jspecify.annotations.Nullable;

/** Where the register of access is kept, for all servers. */
public interface KeptAccess extends AutoCloseable {

    /**
     * One of the register.
     *
     * @param version goes up with every change
     * @param changed when, by the clock of where it is kept
     * @param content null: it was removed
     */
    record Kept(
            String id,
            long version,
            Instant changed,
            @Nullable BsonDocument content) {}

    /** The content of what is there. */
    static BsonDocument content(Kept kept) {
        return Objects.requireNonNull(kept.content(), kept.id());
    }

    /** All that was changed or removed at that instant or later. */
    List<Kept> changedSince(Instant instant);

    /** One as it is now; empty where it is not there. */
    Optional<Kept> find(String id);

    /** Makes what is not there; empty where it is. */
    Optional<Kept> create(String id, BsonDocument content);

    /** Replaces that version; empty where it is not the present one. */
    Optional<Kept> replace(String id, long version, BsonDocument content);

    /** Removes that version; false where it is not the present one. */
    boolean remove(String id, long version);

    /** Opens a session for that long. */
    void openSession(String id, BsonDocument content, Duration length);

    /** What an open session has. */
    Optional<BsonDocument> findSession(String id);

    /** Closes a session. */
    void closeSession(String id);

    /** Closes all sessions whose content has that value. */
    void closeSessions(String field, String value);

    /** Notes that tokens were used, by how many calls. */
    void noteUses(Map<String, Long> calls);

    /** By token, when it was used last. */
    Map<String, Instant> lastUses(List<String> tokens);

    @Override
    void close();
}
