package miroir.storage;

import com.mongodb.client.FindIterable;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.Projections;
import com.mongodb.client.model.Sorts;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.bson.BsonDocument;
import org.bson.BsonString;
import org.bson.RawBsonDocument;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The stored SearchParameter resources that are active, in the order in which they were created. Which there are in which version is
 * little to ask; what they say is read only where that is new.
 */
final class SelectParameters {
    private static final Logger LOG = LoggerFactory.getLogger(SelectParameters.class);
    private static final String TYPE = "SearchParameter";
    private static final BsonString ACTIVE = new BsonString("active");

    /** They are to fit into one document with everything else. */
    private static final int MOST_BYTES = 8 * 1024 * 1024;

    private final StoreDatabase database;
    private List<BsonDocument> seen = List.of(new BsonDocument());

    SelectParameters(StoreDatabase database) {
        this.database = database;
    }

    /** Empty where they are the same as at the last time. */
    Optional<List<RawBsonDocument>> changed() {
        List<BsonDocument> heads = heads();
        if (heads.equals(seen)) {
            return Optional.empty();
        }
        List<RawBsonDocument> all = all();
        seen = heads;
        return Optional.of(all);
    }

    private List<BsonDocument> heads() {
        List<BsonDocument> heads = new ArrayList<>();
        live().projection(Projections.include(StoredFields.ID, StoredFields.VERSION))
                .forEach(head -> heads.add(new BsonDocument(StoredFields.ID, head.get(StoredFields.ID))
                        .append(StoredFields.VERSION, head.get(StoredFields.VERSION))));
        return heads;
    }

    private FindIterable<RawBsonDocument> live() {
        return database.current(TYPE)
                .find(Filters.exists(StoredFields.POSITION))
                .sort(Sorts.ascending(StoredFields.POSITION))
                .maxTime(database.operationTimeout().toMillis(), TimeUnit.MILLISECONDS);
    }

    List<RawBsonDocument> all() {
        List<RawBsonDocument> active = new ArrayList<>();
        int bytes = 0;
        for (RawBsonDocument document : live().projection(Projections.include(StoredFields.FHIR))) {
            RawBsonDocument fhir = (RawBsonDocument) document.get(StoredFields.FHIR);
            if (fhir != null && ACTIVE.equals(fhir.get("status"))) {
                bytes += fhir.getByteBuffer().remaining();
                if (bytes > MOST_BYTES) {
                    LOG.warn(
                            "stored search parameters need more than {} bytes; the later ones have no effect",
                            MOST_BYTES);
                    break;
                }
                active.add(fhir);
            }
        }
        return active;
    }
}
