package miroir.index.xml;

import java.util.Map;
import miroir.index.Refusal;
import org.bson.RawBsonDocument;

/**
 * A bundle, some of whose entries have resources that could not be read; in their place is an empty one.
 *
 * @param faults what is wrong with them, by the number of the entry
 */
public record ReadBundle(RawBsonDocument bundle, Map<Integer, Refusal> faults) {
    public ReadBundle {
        faults = Map.copyOf(faults);
    }
}
