package miroir.index.store;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.bson.BsonDocument;

/** Reports on all that is stored, which some server makes now and then and all servers show. */
public interface KeptReports {
    /**
     * So many rows of a list are kept.
     *
     * @see Draft#row
     */
    int MOST_ROWS = 500_000;

    /** A report that is kept. */
    record Kept(String id, BsonDocument content) {}

    /** A report while it is made. */
    interface Draft {
        /** Adds a row to one of its lists; those beyond {@link KeptReports#MOST_ROWS} are passed over. */
        void row(String list, List<String> cells);

        /** Says that it is still being made, which has to be said every few seconds; refused once another server has taken over. */
        void goesOn();
    }

    /** Those of a kind, the newest first. */
    List<Kept> newest(String kind, int most);

    /**
     * Some rows of a list of a report, in the order in which they were added. They are kept as long as the report is one of the two newest.
     *
     * @param after how many come before
     */
    List<List<String>> rows(String id, String list, long after, int most);

    /**
     * Makes one and keeps it, unless another server is making one: false then. Only the newest hundred are kept.
     *
     * @param work makes it; nothing is kept where it makes nothing
     */
    boolean make(String kind, Function<Draft, Optional<BsonDocument>> work);
}
