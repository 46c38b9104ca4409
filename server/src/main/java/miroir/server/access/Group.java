package miroir.server.access;

import java.util.List;
import org.bson.BsonDocument;

/** Consumers that may do the same. */
public record Group(String name, List<String> roles) {
    public Group {
        roles = List.copyOf(roles);
    }

    /** As it is kept. */
    public BsonDocument toBson() {
        return new BsonDocument("roles", Named.texts(roles));
    }

    /** Reads it as it is kept. */
    public static Group of(String name, BsonDocument document) {
        return new Group(name, Named.texts(document, "roles"));
    }
}
