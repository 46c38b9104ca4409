package miroir.server.fhir;

import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import miroir.index.Refusal;
import miroir.server.format.SentParameters;
import org.bson.BsonArray;
import org.bson.BsonDocument;
import org.bson.BsonString;
import org.bson.BsonValue;
import org.bson.RawBsonDocument;
import org.bson.codecs.BsonDocumentCodec;

/** Parameters resources: what operations are sent, and what they return where that is no resource. */
final class OperationParameters {
    private static final DateTimeFormatter INSTANT = DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSxxx");

    private OperationParameters() {}

    /** As it is written in FHIR. */
    static BsonString instant(Instant instant, ZoneId zone) {
        return new BsonString(INSTANT.format(instant.atZone(zone)));
    }

    /** Refuses parameters of an operation that has none. */
    static void checkNone(RawBsonDocument sent, String operation) {
        SentParameters.requireParameters(sent);
        if (sent.containsKey("parameter")) {
            throw new Refusal(Refusal.Reason.INVALID, operation + " has no parameters", "Parameters.parameter");
        }
    }

    /** The only output of an operation. */
    static RawBsonDocument returned(String choice, BsonValue value) {
        return of(List.of(one("return", choice, value)));
    }

    /** One of several. */
    static BsonDocument one(String name, String choice, BsonValue value) {
        return new BsonDocument("name", new BsonString(name)).append(choice, value);
    }

    /** The output of an operation; at least one. */
    static RawBsonDocument of(List<BsonDocument> parameters) {
        BsonDocument resource = new BsonDocument("resourceType", new BsonString("Parameters"))
                .append("parameter", new BsonArray(parameters));
        return new RawBsonDocument(resource, new BsonDocumentCodec());
    }
}
