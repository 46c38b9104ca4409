package miroir.server.export;

import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import miroir.index.Refusal;
import miroir.index.json.ReadLimits;
import miroir.index.json.ResourceReader;
import miroir.index.search.QueryParameter;
import miroir.index.structure.Structures;
import miroir.index.xml.ResourceXmlReader;
import miroir.server.format.Format;
import org.bson.BsonArray;
import org.bson.BsonDocument;
import org.bson.BsonString;
import org.bson.BsonValue;
import org.bson.RawBsonDocument;

/** The Parameters resource that an export may be asked for with, as if its values stood in the URL. */
final class ReadParameters {
    private final ResourceReader json;
    private final ResourceXmlReader xml;

    ReadParameters(int mostBytes, int depth) {
        ReadLimits limits = new ReadLimits(mostBytes, depth);
        this.json = new ResourceReader(Structures.r4(), limits);
        this.xml = new ResourceXmlReader(Structures.r4(), limits);
    }

    /** Those of a body, if there is one. */
    List<QueryParameter> of(HttpServletRequest request) throws IOException {
        byte[] body = request.getInputStream().readAllBytes();
        return body.length == 0 ? List.of() : of(read(request.getHeader("Content-Type"), body));
    }

    private RawBsonDocument read(String contentType, byte[] body) {
        return Format.ofBody(contentType) == Format.XML ? xml.read(body) : json.read(body);
    }

    private static List<QueryParameter> of(RawBsonDocument sent) {
        String type = sent.getString("resourceType").getValue();
        if (!type.equals("Parameters")) {
            throw new Refusal(
                    Refusal.Reason.INVALID,
                    "the body is a " + type + "; allowed is a Parameters resource",
                    type + ".resourceType");
        }
        List<QueryParameter> parameters = new ArrayList<>();
        for (BsonValue each : sent.getArray("parameter", new BsonArray())) {
            QueryParameter parameter = one(each.asDocument());
            parameter.check();
            parameters.add(parameter);
        }
        return parameters;
    }

    private static QueryParameter one(BsonDocument parameter) {
        String name = parameter.getString("name", new BsonString("")).getValue();
        return parameter.entrySet().stream()
                .filter(element -> element.getKey().startsWith("value"))
                .map(Map.Entry::getValue)
                .filter(BsonValue::isString)
                .map(value -> new QueryParameter(name, value.asString().getValue()))
                .findFirst()
                .orElseThrow(() -> new Refusal(
                        Refusal.Reason.INVALID,
                        "the parameter \"" + Refusal.shown(name) + "\" has no text as its value",
                        "Parameters.parameter"));
    }
}
