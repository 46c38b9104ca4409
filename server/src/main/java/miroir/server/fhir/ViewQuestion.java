package miroir.server.fhir;

import java.util.List;
import miroir.index.search.QueryParameter;
import miroir.index.view.View;
import miroir.server.format.RowFormat;
import org.bson.RawBsonDocument;
import org.jspecify.annotations.Nullable;

/**
 * What is asked of a view.
 *
 * @param name of the file that comes of it
 * @param hasHeader whether CSV begins with the names of the columns
 * @param limit at most so many rows
 * @param resources of which rows are made; null: of those that are stored
 * @param filter what the stored ones have to meet, as a search says it
 */
record ViewQuestion(
        View view,
        String name,
        RowFormat format,
        boolean hasHeader,
        long limit,
        @Nullable List<RawBsonDocument> resources,
        List<QueryParameter> filter) {
    ViewQuestion {
        resources = resources == null ? null : List.copyOf(resources);
        filter = List.copyOf(filter);
    }
}
