package miroir.storage;

import com.mongodb.ClientSessionOptions;
import com.mongodb.MongoClientSettings;
import com.mongodb.ReadPreference;
import com.mongodb.client.ClientSession;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.Filters;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import miroir.index.store.Deadline;
import org.bson.BsonDocument;

/**
 * Reads from secondaries as if they were the primary.
 *
 * <p>The problem: a secondary has what was acknowledged a little later than the primary, and two of them have it at different times. Who writes and then reads would miss his
 * own write, a search would lack what a page before it had, and an instant up to which all is settled, which the primary tells, would not be settled there.
 *
 * <p>The approach: the primary is asked for its time, by a look-up that finds nothing, and what is read must be of no earlier time; MongoDB calls it a causally consistent session. A member that is
 * not so far waits until it is. So every read sees whatever was acknowledged to anybody before it began, from whichever member, as it does from the primary; there is nothing that a client
 * had to ask for or bring back. All the work is the secondary's.
 *
 * <p>The cost: a round trip to the primary for each step of a request (a page, its total, what is included), and, while there are writes, the time that they need to arrive. Without a primary nothing is read, as without secondaries.
 */
final class ReadElsewhere {
    private static final int ASKED_EVERY_SECOND = 1;

    private final MongoClient client;
    private final MongoCollection<BsonDocument> ofPrimary;

    /**
     * @param client made by {@link #settings}
     * @param database the name of the database
     */
    ReadElsewhere(MongoClient client, String database) {
        this.client = client;
        this.ofPrimary = client.getDatabase(database).getCollection("miroir_floors", BsonDocument.class);
    }

    /** Of the members all may be read from; {@link NotFarBehind} chooses, since what a preference leaves out cannot be chosen any more. */
    static MongoClientSettings settings(MongoClientSettings usual) {
        return MongoClientSettings.builder(usual)
                .applyToClusterSettings(cluster -> cluster.serverSelector(new NotFarBehind()))
                .applyToServerSettings(server -> server.heartbeatFrequency(ASKED_EVERY_SECOND, TimeUnit.SECONDS))
                .build();
    }

    /** Does this with the database as it is on one of them. */
    <T> T run(StoreDatabase whole, Deadline deadline, Function<StoreDatabase, T> read) {
        try (ClientSession session = client.startSession(
                ClientSessionOptions.builder().causallyConsistent(true).build())) {
            askForTime(session, deadline);
            return read.apply(whole.elsewhere(
                    client,
                    collection ->
                            SessionCollection.of(session, collection.withReadPreference(ReadPreference.nearest()))));
        }
    }

    private void askForTime(ClientSession session, Deadline deadline) {
        ofPrimary
                .find(session, Filters.eq(StoredFields.ID, ""))
                .maxTime(TimeLeft.millis(deadline), TimeUnit.MILLISECONDS)
                .first();
    }
}
