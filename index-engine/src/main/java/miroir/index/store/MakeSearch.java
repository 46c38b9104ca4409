package miroir.index.store;

import java.util.List;
import org.bson.BsonDocument;
import org.bson.RawBsonDocument;

/**
 * Makes what is searched out of its description. Processes that share a database hand each other the description through it, so that
 * all of them search and write by the same parameters. Thread-safe.
 */
public interface MakeSearch {

    /**
     * What this process would have searched: its files and whatever else decides about fields. The store compares it as a whole and
     * does not look into it. It may be another at every call, since files change.
     *
     * @throws miroir.index.yaml.ConfigurationRefused where the files are not understood at present
     */
    BsonDocument ours();

    /**
     * What a description means together with stored SearchParameter resources, in the order in which they take precedence.
     *
     * @throws miroir.index.yaml.ConfigurationRefused where this process does not understand it, which another one may have written
     */
    SearchMade make(BsonDocument description, List<RawBsonDocument> parameters);
}
