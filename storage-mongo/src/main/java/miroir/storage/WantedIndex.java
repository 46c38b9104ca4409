package miroir.storage;

import java.util.stream.Collectors;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.jspecify.annotations.Nullable;

/**
 * An index that has to be there.
 *
 * @param among only documents that match this are in it; null: all
 */
record WantedIndex(BsonDocument keys, @Nullable BsonDocument among) {

    static WantedIndex on(String... fields) {
        BsonDocument keys = new BsonDocument();
        for (String field : fields) {
            keys.append(field, new BsonInt32(1));
        }
        return new WantedIndex(keys, null);
    }

    WantedIndex thenDescending(String field) {
        return new WantedIndex(keys.clone().append(field, new BsonInt32(-1)), among);
    }

    WantedIndex onlyAmong(BsonDocument documents) {
        return new WantedIndex(keys, documents);
    }

    /** The field that a condition must be on for this index to be of use. */
    String leadingField() {
        return keys.getFirstKey();
    }

    /** As MongoDB itself would name it. */
    String name() {
        return keys.entrySet().stream()
                .map(key -> key.getKey() + "_" + key.getValue().asInt32().getValue())
                .collect(Collectors.joining("_"));
    }
}
