package miroir.sync;

import java.time.Instant;
import miroir.index.SearchParameter;
import miroir.index.store.ResourceKey;
import miroir.index.store.SearchFields;
import org.bson.BsonDocument;
import org.bson.RawBsonDocument;

/** For stores that are not searched. */
final class NoSearchFields implements SearchFields {
    @Override
    public BsonDocument extract(ResourceKey key, Instant from, RawBsonDocument fhir) {
        return new BsonDocument();
    }

    @Override
    public String digest(SearchParameter parameter) {
        return parameter.code();
    }
}
