package miroir.index.store;

import java.util.List;
import java.util.function.Function;
import org.bson.BsonDocument;

/** Reports on all that is stored, which some server makes now and then and all servers show. */
public interface KeptReports {
    /** Those of a kind, the newest first. */
    List<BsonDocument> newest(String kind, int most);

    /**
     * Makes one and keeps it, unless another server is making one: false then. Only the newest hundred are kept.
     *
     * @param work makes it; it calls what it is given at least every few seconds, which refuses once another has taken over
     */
    boolean make(String kind, Function<Runnable, BsonDocument> work);
}
