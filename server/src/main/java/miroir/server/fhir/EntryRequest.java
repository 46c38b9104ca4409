package miroir.server.fhir;

import java.util.Map;
import miroir.index.store.Deadline;
import org.bson.RawBsonDocument;
import org.jspecify.annotations.Nullable;

/**
 * What an entry of a bundle has in the place of headers and of a body.
 *
 * @param conditions {@code If-Match} and its like, by the names of the headers
 * @param resource what is sent; null: nothing
 * @param newId the id of what it creates
 * @param deadline of the whole bundle
 */
record EntryRequest(
        Map<String, String> conditions, @Nullable RawBsonDocument resource, String newId, Deadline deadline) {
    EntryRequest {
        conditions = Map.copyOf(conditions);
    }
}
