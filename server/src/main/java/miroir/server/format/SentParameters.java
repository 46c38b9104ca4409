package miroir.server.format;

import java.util.List;
import java.util.Map;
import miroir.index.Refusal;
import org.bson.BsonDocument;
import org.bson.BsonValue;

/** What an operation is sent in a Parameters resource, for who reads its values as if they stood in the URL. */
public final class SentParameters {
    private static final String PATH = "Parameters.parameter";

    private SentParameters() {}

    /** Refuses what is another resource. */
    public static void requireParameters(BsonDocument body) {
        String type = body.getString("resourceType").getValue();
        if (!type.equals("Parameters")) {
            throw new Refusal(
                    Refusal.Reason.INVALID,
                    "the body is a " + type + "; allowed is a Parameters resource",
                    type + ".resourceType");
        }
    }

    /** Those of a body. */
    public static List<BsonDocument> of(BsonDocument body) {
        requireParameters(body);
        BsonValue parameters = body.get("parameter");
        if (parameters == null) {
            return List.of();
        }
        if (!parameters.isArray() || !parameters.asArray().stream().allMatch(BsonValue::isDocument)) {
            throw new Refusal(Refusal.Reason.INVALID, "it is no list of parameters", PATH);
        }
        return parameters.asArray().stream().map(BsonValue::asDocument).toList();
    }

    /** What it is called; an empty text where it is called nothing. */
    public static String name(BsonDocument parameter) {
        BsonValue name = parameter.get("name");
        return name != null && name.isString() ? name.asString().getValue() : "";
    }

    /** Its value as it would stand in a URL, of whichever of FHIR's types that can. */
    public static String text(BsonDocument parameter) {
        BsonValue value = parameter.entrySet().stream()
                .filter(element -> element.getKey().startsWith("value"))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElseThrow(() -> invalid(parameter, "has no value"));
        if (value.isDocument()) {
            value = value.asDocument().get("reference", value);
        }
        if (value.isBoolean()) {
            return String.valueOf(value.asBoolean().getValue());
        }
        if (value.isInt32()) {
            return String.valueOf(value.asInt32().getValue());
        }
        if (!value.isString()) {
            throw invalid(parameter, "has a value that is not understood");
        }
        return value.asString().getValue();
    }

    private static Refusal invalid(BsonDocument parameter, String what) {
        return new Refusal(
                Refusal.Reason.INVALID, "the parameter \"" + Refusal.shown(name(parameter)) + "\" " + what, PATH);
    }
}
