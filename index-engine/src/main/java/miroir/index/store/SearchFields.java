package miroir.index.store;

import java.time.Instant;
import miroir.index.SearchParameter;
import org.bson.BsonDocument;
import org.bson.RawBsonDocument;

/** Makes the flat {@code t_*} fields by which a resource is found. */
public interface SearchFields {

    /** The fields of a version with this content, committed at this instant, in a stable order. */
    BsonDocument extract(ResourceKey key, Instant from, RawBsonDocument fhir);

    /** Tells everything that decides which fields a parameter has: with another digest it has others. */
    String digest(SearchParameter parameter);
}
