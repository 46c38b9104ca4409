package miroir.storage;

import com.mongodb.client.FindIterable;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.Projections;
import com.mongodb.client.model.Sorts;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.bson.BsonDocument;
import org.bson.BsonString;
import org.bson.RawBsonDocument;

/**
 * The stored SearchParameter resources that are active, in the order in which they were created. Which there are in which version is
 * little to ask; what they say is read only where that is new.
 */
final class SelectParameters {
    private static final String TYPE = "SearchParameter";
    private static final BsonString ACTIVE = new BsonString("active");

    /** They are to fit into one document with everything else. */
    private static final int MOST_BYTES = 4 * 1024 * 1024;

    private final StoreDatabase database;

    /** Those that are active, and what is to be said of those that are left out; empty where none is. */
    record Active(List<RawBsonDocument> parameters, String remark) {}

    SelectParameters(StoreDatabase database) {
        this.database = database;
    }

    /** Of each when it became what it is: where that is the same, so is all else. The index on just these answers it, and no document is read. */
    List<BsonDocument> heads() {
        List<BsonDocument> heads = new ArrayList<>();
        database.current(TYPE)
                .find()
                .sort(TypeIndexes.VERSIONS.keys())
                .projection(Projections.include(StoredFields.ID, StoredFields.FROM))
                .maxTime(database.operationTimeout().toMillis(), TimeUnit.MILLISECONDS)
                .forEach(head -> heads.add(new BsonDocument(StoredFields.ID, head.get(StoredFields.ID))
                        .append(StoredFields.FROM, head.get(StoredFields.FROM))));
        return heads;
    }

    Active active() {
        List<RawBsonDocument> active = new ArrayList<>();
        int bytes = 0;
        for (RawBsonDocument document : live().projection(Projections.include(StoredFields.FHIR))) {
            RawBsonDocument fhir = (RawBsonDocument) document.get(StoredFields.FHIR);
            if (fhir != null && ACTIVE.equals(fhir.get("status"))) {
                bytes += fhir.getByteBuffer().remaining();
                if (bytes > MOST_BYTES) {
                    return new Active(
                            active,
                            "stored search parameters take more than " + MOST_BYTES
                                    + " bytes: of the active ones only the" + " first " + active.size()
                                    + " have an effect");
                }
                active.add(fhir);
            }
        }
        return new Active(active, "");
    }

    private FindIterable<RawBsonDocument> live() {
        return database.current(TYPE)
                .find(Filters.exists(StoredFields.POSITION))
                .sort(Sorts.ascending(StoredFields.POSITION))
                .maxTime(database.operationTimeout().toMillis(), TimeUnit.MILLISECONDS);
    }
}
