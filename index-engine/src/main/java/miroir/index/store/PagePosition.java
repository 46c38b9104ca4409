package miroir.index.store;

import java.util.List;
import org.bson.BsonValue;

/**
 * Where in an order a resource stands.
 *
 * @param keys its values of the order's keys; {@link org.bson.BsonNull} where it lacks one
 * @param position its place in the order of creation, which tells those with the same keys apart
 */
public record PagePosition(List<BsonValue> keys, long position) {
    public PagePosition {
        keys = List.copyOf(keys);
    }
}
