package miroir.storage;

import com.mongodb.client.MongoDatabase;
import org.bson.BsonDocument;
import org.bson.BsonInt32;

/**
 * Which MongoDB answers. Batches are inserted by pipelines that begin with documents ({@code $documents}), which came with 5.1;
 * the first release with them that is maintained on its own servers is 6.0, and none older is tested.
 */
record MongoVersion(String text) {
    private static final int OLDEST = 6;

    static MongoVersion of(MongoDatabase admin) {
        BsonDocument build = admin.runCommand(new BsonDocument("buildInfo", new BsonInt32(1)), BsonDocument.class);
        return new MongoVersion(build.getString("version").getValue());
    }

    /** Refuses one that is too old. */
    void check() {
        if (Integer.parseInt(text.replaceAll("\\D.*", "")) < OLDEST) {
            throw new IllegalStateException("this is MongoDB " + text + "; 6.0 or newer is needed");
        }
    }
}
