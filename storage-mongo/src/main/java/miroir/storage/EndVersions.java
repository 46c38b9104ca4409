package miroir.storage;

import com.mongodb.MongoException;
import com.mongodb.client.model.BulkWriteOptions;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.UpdateOneModel;
import com.mongodb.client.model.Updates;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import org.bson.RawBsonDocument;
import org.bson.conversions.Bson;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes into history until when versions held, and those before them where a crash left that out. The versions after them
 * stand whether this succeeds or not, so a failure is not one of the write: the next write or {@link RepairHistory} does it.
 */
final class EndVersions {
    private static final Logger LOG = LoggerFactory.getLogger(EndVersions.class);
    private static final BulkWriteOptions IN_ANY_ORDER = new BulkWriteOptions().ordered(false);

    private final StoreDatabase database;

    EndVersions(StoreDatabase database) {
        this.database = database;
    }

    /** Versions of a type whose successors began then. */
    void run(String type, List<StoredVersion> replaced, Instant from) {
        try {
            runWithin(type, replaced, from);
        } catch (MongoException e) {
            LOG.warn("the ends of versions of {} are left to the next write: {}", type, named(replaced), e);
        }
    }

    /** The same within a transaction, which fails as a whole. */
    void runWithin(String type, List<StoredVersion> replaced, Instant from) {
        List<UpdateOneModel<RawBsonDocument>> ends = new ArrayList<>();
        for (StoredVersion before : replaced) {
            String id = before.version().key().id();
            long version = before.version().version();
            ends.add(end(HistoryIds.of(id, version), from));
            if (version > 1) {
                ends.add(end(HistoryIds.of(id, version - 1), before.version().from()));
            }
        }
        if (!ends.isEmpty()) {
            database.history(type).bulkWrite(ends, IN_ANY_ORDER);
        }
    }

    private static UpdateOneModel<RawBsonDocument> end(Bson id, Instant to) {
        return new UpdateOneModel<>(
                Filters.and(Filters.eq(StoredFields.ID, id), Filters.exists(StoredFields.TO, false)),
                Updates.set(StoredFields.TO, Date.from(to)));
    }

    private static String named(List<StoredVersion> replaced) {
        String first = replaced.get(0).version().key() + "/"
                + replaced.get(0).version().version();
        return replaced.size() == 1 ? first : first + " and " + (replaced.size() - 1) + " more";
    }
}
