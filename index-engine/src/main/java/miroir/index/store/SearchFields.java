package miroir.index.store;

import java.time.Instant;
import miroir.index.SearchParameter;
import org.bson.BsonDocument;
import org.bson.BsonValue;
import org.bson.RawBsonDocument;
import org.jspecify.annotations.Nullable;

/** Makes the flat {@code t_*} fields by which a resource is found. */
public interface SearchFields {

    /** The fields of a version with this content, committed at this instant, in a stable order. */
    BsonDocument extract(ResourceKey key, Instant from, RawBsonDocument fhir);

    /** The value that one field would have of a resource with this content, where it is a parameter's; null where it would have none. */
    default @Nullable BsonValue extract(ResourceKey key, String field, RawBsonDocument fhir) {
        return extract(key, Instant.EPOCH, fhir).get(field);
    }

    /** Tells everything that decides which fields a parameter has: with another digest it has others. */
    String digest(SearchParameter parameter);
}
