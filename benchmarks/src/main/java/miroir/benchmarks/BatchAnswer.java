package miroir.benchmarks;

import org.bson.BsonArray;
import org.bson.BsonDocument;
import org.bson.BsonString;
import org.bson.BsonValue;

/** What a server answered to a batch. It is 200 where nothing was stored as well, so every entry is looked at. */
public final class BatchAnswer {
    private BatchAnswer() {}

    /**
     * Ends the benchmark with the first that was not stored.
     *
     * @param sent how many there were
     */
    public static void check(String body, long sent) {
        BsonArray entries = BsonDocument.parse(body).getArray("entry", new BsonArray());
        if (entries.size() != sent) {
            throw new IllegalStateException(
                    "%d resources were sent in a batch, and %d answered".formatted(sent, entries.size()));
        }
        for (BsonValue entry : entries) {
            check(entry.asDocument().getDocument("response", new BsonDocument()));
        }
    }

    private static void check(BsonDocument response) {
        String status = response.getString("status", new BsonString("")).getValue();
        if (!status.startsWith("2")) {
            throw new IllegalStateException("a resource of a batch was answered with '%s': %s"
                    .formatted(
                            status,
                            response.getDocument("outcome", new BsonDocument()).toJson()));
        }
    }
}
