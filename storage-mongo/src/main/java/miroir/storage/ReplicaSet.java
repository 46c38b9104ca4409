package miroir.storage;

import com.mongodb.ConnectionString;
import com.mongodb.MongoClientSettings;
import com.mongodb.MongoCommandException;
import com.mongodb.MongoException;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoDatabase;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.bson.Document;

/**
 * A mongod of our own on the loopback as a replica set of one, which transactions need.
 *
 * <p>The set's configuration, kept in the mongod's files, names the member by host and port. A mongod that comes back
 * on another port does not find itself in there and serves nobody; so the member is put right by force, which is safe
 * with a single member: there is nobody else to disagree.
 */
public final class ReplicaSet {
    private static final int NOT_YET_INITIALIZED = 94;
    private static final Duration PAUSE = Duration.ofMillis(50);

    private final String name;
    private final int port;

    public ReplicaSet(String name, int port) {
        this.name = name;
        this.port = port;
    }

    public String uri() {
        return "mongodb://" + member() + "/?replicaSet=" + name;
    }

    /** Initiates the set where that was not done yet; returns when it takes writes. */
    public void awaitWritable(Duration limit) throws InterruptedException {
        long end = System.nanoTime() + limit.toNanos();
        try (MongoClient client = direct()) {
            MongoDatabase admin = client.getDatabase("admin");
            while (true) {
                try {
                    if (isWritable(admin)) {
                        return;
                    }
                    configure(admin);
                } catch (MongoException e) {
                    if (System.nanoTime() > end) {
                        throw new IllegalStateException("mongod at " + member() + ": " + e.getMessage(), e);
                    }
                }
                if (System.nanoTime() > end) {
                    throw new IllegalStateException(
                            "mongod at " + member() + " took no writes after " + limit.toSeconds() + " s");
                }
                TimeUnit.MILLISECONDS.sleep(PAUSE.toMillis());
            }
        }
    }

    private static boolean isWritable(MongoDatabase admin) {
        return admin.runCommand(new Document("hello", 1)).getBoolean("isWritablePrimary", false);
    }

    private void configure(MongoDatabase admin) {
        try {
            Document found =
                    admin.runCommand(new Document("replSetGetConfig", 1)).get("config", Document.class);
            if (!found.getList("members", Document.class)
                    .get(0)
                    .getString("host")
                    .equals(member())) {
                admin.runCommand(new Document("replSetReconfig", withThisMember(found)).append("force", true));
            }
        } catch (MongoCommandException e) {
            if (e.getErrorCode() != NOT_YET_INITIALIZED) {
                throw e;
            }
            admin.runCommand(new Document("replSetInitiate", withThisMember(new Document("_id", name))));
        }
    }

    private Document withThisMember(Document configuration) {
        return configuration.append("members", List.of(new Document("_id", 0).append("host", member())));
    }

    private String member() {
        return "127.0.0.1:" + port;
    }

    /** To this mongod alone, whatever it believes of its set. */
    private MongoClient direct() {
        return MongoClients.create(MongoClientSettings.builder()
                .applyConnectionString(new ConnectionString("mongodb://" + member() + "/?directConnection=true"))
                .applyToClusterSettings(cluster -> cluster.serverSelectionTimeout(1, TimeUnit.SECONDS))
                .build());
    }
}
