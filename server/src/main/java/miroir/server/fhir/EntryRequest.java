package miroir.server.fhir;

import java.util.Map;
import org.bson.RawBsonDocument;
import org.jspecify.annotations.Nullable;

/**
 * What an entry of a bundle has in the place of headers and of a body.
 *
 * @param conditions {@code If-Match} and its like, by the names of the headers
 * @param resource what is sent; null: nothing
 * @param newId the id of what it creates
 */
record EntryRequest(
        Map<String, String> conditions, @Nullable RawBsonDocument resource, String newId) {
    EntryRequest {
        conditions = Map.copyOf(conditions);
    }
}
