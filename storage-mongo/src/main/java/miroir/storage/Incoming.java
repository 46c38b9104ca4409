package miroir.storage;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import miroir.index.store.ResourceKey;
import org.bson.BsonBinary;

/** One resource that an owner sends. */
record Incoming(Mirrored mirrored, Content content, BsonBinary hash) {

    /** The newest of each id, by it. */
    static Map<String, Incoming> newest(List<Mirrored> batch) {
        Map<String, Mirrored> newest = new LinkedHashMap<>();
        batch.forEach(each ->
                newest.merge(each.key().id(), each, (one, other) -> other.up().isBefore(one.up()) ? one : other));
        Map<String, Incoming> incoming = new LinkedHashMap<>();
        newest.forEach((id, each) -> {
            Content content = new Content(each.fhir());
            incoming.put(id, new Incoming(each, content, content.hash()));
        });
        return incoming;
    }

    ResourceKey key() {
        return mirrored.key();
    }

    /** About what its document takes: with search fields twice the content. */
    int bytes() {
        return 2 * mirrored.fhir().getByteBuffer().remaining();
    }
}
