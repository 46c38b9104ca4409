package miroir.storage;

import com.mongodb.client.MongoCollection;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.bson.BsonBoolean;
import org.bson.BsonDocument;
import org.bson.BsonDouble;
import org.bson.BsonValue;
import org.bson.RawBsonDocument;

/** An index that a collection has, or that is being built. */
record FoundIndex(BsonDocument definition) {
    private static final String AMONG = "partialFilterExpression";

    /** What changes nothing about which documents are in an index and in which order. */
    private static final Set<String> HARMLESS = Set.of("v", "key", "name", "ns", "background", "storageEngine", AMONG);

    static List<FoundIndex> of(MongoCollection<RawBsonDocument> collection) {
        List<FoundIndex> found = new ArrayList<>();
        for (BsonDocument index : collection.listIndexes(BsonDocument.class)) {
            found.add(new FoundIndex(index));
        }
        return found;
    }

    String name() {
        return definition.getString("name").getValue();
    }

    boolean hasKeysOf(WantedIndex wanted) {
        return inOrder(definition.getDocument("key")).equals(inOrder(wanted.keys()));
    }

    /** Whether it is the wanted one, whatever its name: not sparse, hidden, of a collation or of other documents. */
    boolean is(WantedIndex wanted) {
        return hasKeysOf(wanted)
                && Objects.equals(definition.get(AMONG), wanted.among())
                && definition.entrySet().stream()
                        .allMatch(option ->
                                HARMLESS.contains(option.getKey()) || BsonBoolean.FALSE.equals(option.getValue()));
    }

    /** Other clients write 1 as a floating number. */
    private static List<Map.Entry<String, BsonValue>> inOrder(BsonDocument keys) {
        List<Map.Entry<String, BsonValue>> fields = new ArrayList<>();
        keys.forEach((field, order) -> fields.add(Map.entry(
                field, order.isNumber() ? new BsonDouble(order.asNumber().doubleValue()) : order)));
        return fields;
    }
}
