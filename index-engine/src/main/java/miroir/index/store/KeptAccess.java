package miroir.index.store;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bson.BsonDocument;

/** Where the register of access is kept, for all servers. */
public interface KeptAccess extends AutoCloseable {

    /**
     * One of the register.
     *
     * @param version goes up with every change
     * @param stamp another one after every change, whatever the version is
     * @param content empty where it cannot be read, because somebody changed it by hand
     */
    record Kept(String id, long version, String stamp, BsonDocument content) {

        /** What it is called among those of its kind. */
        public String name() {
            return id.substring(id.indexOf('/') + 1);
        }

        /** Without the content, which has secrets. */
        @Override
        public String toString() {
            return id + " in version " + version;
        }
    }

    /**
     * How a token was used.
     *
     * @param last when
     * @param calls how often in this hour and the 23 before it
     */
    record Use(Instant last, long calls) {}

    /** By id, the stamps of all that is there. */
    Map<String, String> stamps();

    /** Those of these that are there. */
    List<Kept> read(Collection<String> ids);

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

    /** Notes that tokens were used, by how many calls; false where nothing was noted, because the database is away. */
    boolean noteUses(Map<String, Long> calls);

    /** Has what was noted of tokens vanish soon: they are not there any more, though some server may have a use to note yet. */
    void forgetUses(Collection<String> tokens);

    /** By token, how it was used, through whatever server; nothing of one that never was. */
    Map<String, Use> uses(List<String> tokens);

    @Override
    void close();
}
