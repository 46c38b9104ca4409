package miroir.storage;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import miroir.index.store.ResourceKey;
import org.bson.BsonValue;
import org.bson.RawBsonDocument;
import org.jspecify.annotations.Nullable;

/** References as search fields have them: {@code Type/id} where they are to this server, and whatever else stands there. */
final class References {
    private References() {}

    /** Those in a field. */
    static List<String> in(RawBsonDocument document, String field) {
        return of(document.get(field));
    }

    /** Those that the value of a field has, which may be a list. */
    static List<String> of(@Nullable BsonValue value) {
        if (value == null) {
            return List.of();
        }
        Stream<BsonValue> values = value.isArray() ? value.asArray().stream() : Stream.of(value);
        return values.filter(BsonValue::isString)
                .map(each -> each.asString().getValue())
                .toList();
    }

    /** The resource of this server that one refers to; empty where it is to something else. */
    static Optional<ResourceKey> key(String reference) {
        int slash = reference.indexOf('/');
        return slash > 0 && reference.indexOf('/', slash + 1) < 0 && slash < reference.length() - 1
                ? Optional.of(new ResourceKey(reference.substring(0, slash), reference.substring(slash + 1)))
                : Optional.empty();
    }
}
