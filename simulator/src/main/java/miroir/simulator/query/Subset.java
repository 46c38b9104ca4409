package miroir.simulator.query;

import java.util.List;
import java.util.Set;
import org.bson.BsonArray;
import org.bson.BsonDocument;
import org.bson.BsonString;
import org.bson.RawBsonDocument;
import org.bson.codecs.BsonDocumentCodec;

/** Resources of which only some elements were asked for. */
final class Subset {
    private static final Set<String> ALWAYS = Set.of("resourceType", "id", "meta", "identifier", "active");

    private Subset() {}

    static void of(BsonDocument resource, Set<String> elements) {
        resource.keySet().removeIf(name -> !elements.contains(name) && !ALWAYS.contains(name));
        BsonDocument tag = new BsonDocument(
                        "system", new BsonString("http://terminology.hl7.org/CodeSystem/v3-ObservationValue"))
                .append("code", new BsonString("SUBSETTED"));
        resource.getDocument("meta").append("tag", new BsonArray(List.of(tag)));
    }

    static RawBsonDocument raw(BsonDocument resource) {
        return new RawBsonDocument(resource, new BsonDocumentCodec());
    }
}
